"""Made-up credit codes with both check characters right."""

from collections.abc import Iterator

from lingyan.registry.credit_code import body_check_character, check_character


def code_of(number: int) -> str:
    """The made-up code with this number, in Beilun."""
    body = f"MAX{number:05d}"
    first = f"91330206{body}{body_check_character(body)}"
    return first + check_character(first)


def codes(number: int) -> Iterator[str]:
    return (code_of(place) for place in range(number))
