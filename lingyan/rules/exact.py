"""Exact numbers: money in 分, everything else a whole number or a fraction. There is no float in this package.

A quantity has a *kind*: `money`, `ratio` (per cents and plain shares), `number` (a bare count such as a rank), or the Chinese
unit it is counted in (`人`, `年`, `项`…). Kinds keep 万元 from being compared with 人, and 3 from being taken for 3 %.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from lingyan.rules.errors import BadInput

Number = int | Fraction

MONEY, RATIO, PLAIN, BOOL, ENUM, DATE, PERSONS = "money", "ratio", "number", "bool", "enum", "date", "persons"

COUNT_UNITS = ("人月", "人", "年", "月", "天", "项", "个", "级", "次", "分")

# unit written after a number: (kind, how many of the kind's smallest unit it is)
UNITS: dict[str, tuple[str, Number]] = {
    "元": (MONEY, 100),
    "万元": (MONEY, 1_000_000),
    "亿元": (MONEY, 10_000_000_000),
    "%": (RATIO, Fraction(1, 100)),
    **{unit: (unit, 1) for unit in COUNT_UNITS},
}

LONGEST_NUMBER = 40  # digits; more is an attack or a slip, never a figure of an enterprise

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def whole(value: Number) -> Number:
    """The same value as an int when it has no fraction: ints are several times faster than Fractions."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def from_decimal(value: Decimal, scale: Number = 1) -> Number:
    """An exact number from a decimal in some unit; `scale` says how many smallest units make one."""
    if not value.is_finite():
        raise BadInput("不是一个有限的数")
    _, digits, exponent = value.as_tuple()
    if len(digits) + abs(int(exponent)) > LONGEST_NUMBER:
        raise BadInput("数字太长")
    return whole(Fraction(value) * scale)


def from_text(text: str) -> tuple[Number, str]:
    """A number with its unit as a document writes it (`2000万元`, `3%`, `365天`, `3`): the exact value and its kind."""
    cleaned = text.replace(" ", "").replace(",", "").replace("\uff05", "%")
    match = _NUMBER.match(cleaned)
    if match is None:
        raise BadInput(f"“{text}”不是数字")
    unit = cleaned[match.end() :]
    if not unit:
        return from_decimal(Decimal(match.group())), PLAIN
    if unit not in UNITS:
        raise BadInput(f"不认识的单位“{unit}”")
    kind, scale = UNITS[unit]
    return from_decimal(Decimal(match.group()), scale), kind


def in_unit(value: Number, unit: str, places: int | None = None) -> Decimal | int:
    """A quantity expressed in `unit`, rounded half up to `places` (money: to the 分), as an int where it is whole."""
    scale: Number = 1
    if unit in UNITS:
        kind, scale = UNITS[unit]
        if kind == MONEY and places is None:
            places = {"元": 2, "万元": 6, "亿元": 10}[unit]
    decimals = 6 if places is None else places
    power: int = 10**decimals
    shifted = Fraction(value) / scale * power
    rounded = (abs(shifted.numerator) * 2 + shifted.denominator) // (shifted.denominator * 2)
    rounded = -rounded if shifted < 0 else rounded
    if rounded % power == 0:
        return rounded // power
    return Decimal(rounded).scaleb(-decimals).normalize()


def say(value: Number, kind: str) -> str:
    """A quantity as a person writes it: 38000万元, 2.999%, 310人."""
    if kind == MONEY:
        unit = "万元" if value >= 1_000_000 or value <= -1_000_000 else "元"
        return f"{plain(in_unit(value, unit))}{unit}"
    if kind == RATIO:
        return f"{plain(in_unit(value, '%', 4))}%"
    return f"{plain(in_unit(value, kind, 4))}{'' if kind == PLAIN else kind}"


def plain(value: Decimal | int) -> str:
    """The digits of a number, never with an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
