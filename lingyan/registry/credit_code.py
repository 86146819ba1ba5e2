"""The unified social credit code (统一社会信用代码) and its two check digits. Source: GB 32100-2015 and GB 11714-1997."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from lingyan.kernel.refusals import Refused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: 31 characters, without I O Z S V
WEIGHTS = [pow(3, place, 31) for place in range(17)]
BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]  # GB 11714


HYPHENS = "-‐‑‒–—"


def normalized(text: str) -> str:
    """The code as it is stored: half-width, upper case, without blanks, hyphens and the invisible characters that come along when it is pasted."""
    letters = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in letters if letter not in HYPHENS and unicodedata.category(letter)[0] not in "CZ")


def body_check_character(body: str) -> str:
    """The check character of the eight-character body identifier (positions 9 to 16)."""
    remainder = 11 - sum(BODY_ALPHABET.index(character) * weight for character, weight in zip(body, BODY_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def check_character(first_seventeen: str) -> str:
    """The last character of the code."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def checked(text: str) -> str:
    """The normalized code, or `Refused` with a sentence that says what is wrong with it."""
    code = normalized(text)
    if len(code) != 18:
        raise Refused(
            "credit_code.length", _("统一社会信用代码是 18 位，这里是 %(length)d 位，请对着营业执照再看一遍。") % {"length": len(code)}, field="credit_code"
        )
    strange = sorted({character for character in code if character not in ALPHABET})
    if strange:
        raise Refused(
            "credit_code.character",
            _("统一社会信用代码里没有“%(characters)s”这样的字符（不用字母 I、O、S、V、Z，容易和数字看错）。") % {"characters": "、".join(strange)},
            field="credit_code",
        )
    if not code[2:8].isdigit():
        raise Refused("credit_code.division", _("统一社会信用代码第 3 到 8 位是行政区划，应全是数字。"), field="credit_code")
    if body_check_character(code[8:16]) != code[16]:
        raise Refused("credit_code.body", _("统一社会信用代码第 17 位（主体标识码的校验位）对不上，第 9 到 17 位里可能有一位写错了。"), field="credit_code")
    if check_character(code[:17]) != code[17]:
        raise Refused("credit_code.check", _("统一社会信用代码最后一位校验不对，可能有一位写错或两位写反了，请对着营业执照再看一遍。"), field="credit_code")
    return code
