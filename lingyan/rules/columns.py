"""Many enterprises as columns: for each fact an array of whole numbers in its smallest unit, and an array that says where it is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from lingyan.rules.catalogue import Catalogue
from lingyan.rules.errors import BadInput
from lingyan.rules.exact import MONEY, RATIO
from lingyan.rules.facts import Fact, Value

Array = npt.NDArray[Any]

RATIO_SCALE = 10**8  # a ratio of 3 % is 3,000,000
COUNT_SCALE = 10**4  # 2.5 years are 25,000


DTYPES: dict[str, Any] = {"persons": object, "bool": np.int8, "enum": np.int8, "code": np.int32, "date": np.int32}


def scale_of(fact: Fact) -> int:
    """How many units of the column make one unit of the exact value."""
    if fact.kind == RATIO:
        return RATIO_SCALE
    return COUNT_SCALE if fact.type == "number" else 1


def width_of(fact: Fact) -> int:
    """How many bits a figure may take in its column; a wider one is left to the single path. Money: 2^46 分 are 7000亿元."""
    return 46 if fact.kind in (MONEY, RATIO) else 40 if fact.type == "number" else 31


@dataclass(slots=True)
class Column:
    """`values` where `known`; what stands elsewhere is of no meaning."""

    values: Array
    known: Array


@dataclass(slots=True)
class Columns:
    """A population. `odd` rows hold a figure too fine or too large for a column; `refused` rows a profile that cannot be right."""

    count: int
    facts: dict[str, Column] = field(default_factory=dict)
    odd: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def word_code(fact: Fact, word: str) -> int:
    """How an option stands in a column: its place in the catalogue, a region by its number, any other word as -1."""
    if fact.type == "code":
        return int(word)
    return list(fact.values).index(word) if word in fact.values else -1


def columns_from_profiles(profiles: Iterable[Mapping[str, Any]], catalogue: Catalogue, as_of: dt.date) -> Columns:
    """Columns from profiles in catalogue units. A profile that cannot be right is set down in `refused` with its sentence."""
    rows = list(profiles)
    columns = Columns(len(rows))
    for number, given in enumerate(rows):
        try:
            known = catalogue.facts.read_profile(given, as_of)
        except BadInput as problem:
            columns.refused[number] = str(problem)
            continue
        for name, value in known.items():
            fact = catalogue.facts.by_name[name]
            cell = _cell(fact, value)
            if cell is None:
                columns.odd[number] = given
                continue
            column = columns.facts.get(name)
            if column is None:
                dtype: Any = DTYPES.get(fact.type, np.int64)
                column = columns.facts[name] = Column(np.zeros(len(rows), dtype=dtype), np.zeros(len(rows), dtype=bool))
            column.values[number] = cell
            column.known[number] = True
    return columns


def _cell(fact: Fact, value: Value) -> Any:
    if fact.type == "persons":
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.date):
        return value.toordinal()
    if isinstance(value, str):
        return word_code(fact, value)
    assert isinstance(value, int | Fraction)
    scaled = value * scale_of(fact)
    if scaled.denominator != 1 or abs(int(scaled)) >= 1 << width_of(fact):
        return None
    return int(scaled)
