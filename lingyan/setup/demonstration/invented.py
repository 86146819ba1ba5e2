"""Numbers that look real and belong to nobody."""

from __future__ import annotations

from lingyan.registry.services import credit_codes

FIRST_MOBILE = 19_900_000_001


def made_up_credit_code(serial: int, division: str) -> str:
    """A unified social credit code valid by both check digits. With a division that does not exist, no real enterprise can have it."""
    digits = ""
    for _place in range(5):
        serial, remainder = divmod(serial * 7919 + 4271, len(credit_codes.ALPHABET))
        digits += credit_codes.ALPHABET[remainder]
    body = f"MAD{digits}"
    first_seventeen = f"91{division}{body}{credit_codes.body_check_character(body)}"
    return first_seventeen + credit_codes.check_character(first_seventeen)


def made_up_mobile(serial: int) -> str:
    """The mobile number of the nth invented person: 19900000001 and on."""
    return str(FIRST_MOBILE + serial)
