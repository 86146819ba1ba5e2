"""How the facts of many enterprises become bytes: for each fact or figure, between which bounds of the rules it lies.

Bounds are compared in 64-bit whole numbers; where products of three figures are needed they are held in limbs of 24 bits.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from lingyan.rules.columns import Array, Column, Columns, scale_of, width_of, word_code
from lingyan.rules.facts import Fact
from lingyan.rules.terms import (
    Among,
    Arithmetic,
    Compare,
    Constant,
    Gather,
    Growth,
    HiresCompare,
    HiresCounted,
    Known,
    Node,
    Ratio,
    Truth,
)

NO, OPEN, YES = 0, 1, 2  # in this order And is the least and Or the greatest


class CannotCompile(NotImplementedError):
    """A condition for which there is no column form."""


class Population:
    """Columns with the derived facts worked out, and the bytes made from them so far."""

    def __init__(self, columns: Columns) -> None:
        self.count = columns.count
        self.facts = dict(columns.facts)
        self.bytes: dict[int, Array] = {}
        self.contradicts = np.zeros(columns.count, dtype=bool)
        self._nothing = Column(np.zeros(columns.count, dtype=np.int64), np.zeros(columns.count, dtype=bool))

    def column(self, name: str) -> Column:
        """The fact's column; all not known where there is none."""
        return self.facts.get(name, self._nothing)

    def settle(self, name: str, values: Array, known: Array) -> None:
        """Put in what a derived fact works out to; mark the rows whose given value contradicts it."""
        given = self.column(name)
        self.contradicts |= given.known & known & (given.values != values)
        self.facts[name] = Column(np.where(known, values, given.values), known | given.known)


# ---- bytes ----


def _bits(truths: Array) -> Array:
    """Truths as bytes without a copy: numpy is much slower when it must convert."""
    bits: Array = truths.view(np.uint8)
    return bits


class Byte:
    """One byte for each enterprise. `size` codes; `make` works it out."""

    size: int

    def make(self, population: Population) -> Array:
        raise NotImplementedError

    def codes(self, population: Population) -> Array:
        """The bytes of the population, made once."""
        made = population.bytes.get(id(self))
        if made is None:
            made = population.bytes[id(self)] = self.make(population)
        return made


class Field(Byte):
    """A byte of which atoms of conditions can be asked."""

    def truth(self, atom: Truth, code: int) -> int:
        raise NotImplementedError


class YesNo(Field):
    """A yes/no fact: NO, OPEN, YES."""

    size = 3

    def __init__(self, name: str) -> None:
        self.name = name

    def make(self, population: Population) -> Array:
        column = population.column(self.name)
        known = _bits(column.known)
        codes: Array = column.values.astype(np.uint8)
        codes += codes
        codes *= known
        codes += known ^ np.uint8(OPEN)
        return codes

    def truth(self, atom: Truth, code: int) -> int:
        return code


class Word(Field):
    """An option: not known, each word that a rule names, any other."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.words: list[str] = []

    def add(self, words: Iterable[str]) -> None:
        self.words = sorted({*self.words, *words})
        self.size = len(self.words) + 2

    def make(self, population: Population) -> Array:
        column = population.column(self.fact.name)
        other = len(self.words) + 1
        codes = np.full(population.count, other, dtype=np.uint8)
        for place, word in enumerate(self.words):
            codes += _bits(column.values == word_code(self.fact, word)) * np.uint8((place + 1 - other) % 256)  # bytes wrap round
        codes *= _bits(column.known)
        return codes

    def truth(self, atom: Truth, code: int) -> int:
        assert isinstance(atom, Among)
        if code == 0:
            return OPEN
        return YES if code <= len(self.words) and self.words[code - 1] in atom.words else NO


class Possible(Field):
    """A derived option as the set of words still possible, one bit each; 0 when nothing is known of it."""

    def __init__(self, fact: Fact, key: str) -> None:
        self.words = list(fact.values)
        self.key = key
        self.size = 1 << len(self.words)

    def make(self, population: Population) -> Array:
        return population.column(self.key).values.astype(np.uint8)

    def truth(self, atom: Truth, code: int) -> int:
        assert isinstance(atom, Among)
        found = {word in atom.words for place, word in enumerate(self.words) if code >> place & 1}
        return OPEN if len(found) != 1 else YES if found == {True} else NO


class Figure(Field):
    """Anything that is compared with bounds: not known, undefined (where it can be), then how many bounds it passes."""

    has_undefined = False

    def __init__(self) -> None:
        self.cuts: list[tuple[Fraction, bool]] = []  # (bound, strictly above?)
        self._places: dict[Truth, tuple[str, int, int]] = {}  # what each atom asks, once the cuts are complete

    def add(self, op: str, bound: Fraction) -> None:
        """Register a comparison that will be asked."""
        strict = {">=": [False], "<": [False], ">": [True], "<=": [True], "==": [False, True], "!=": [False, True]}[op]
        self._places.clear()
        self.cuts = sorted({*self.cuts, *((bound, side) for side in strict)})

    @property
    def size(self) -> int:  # type: ignore[override]
        return len(self.cuts) + 2 + self.has_undefined

    def truth(self, atom: Truth, code: int) -> int:
        if code == 0:
            return OPEN
        if self.has_undefined and code == 1:
            return NO
        places = self._places.get(atom)
        if places is None:
            op, bound = self.question(atom)
            where = {cut: place for place, cut in enumerate(self.cuts)}
            places = self._places[atom] = (op, where.get((bound, False), -1), where.get((bound, True), -1))
        op, at_least, above = places
        passed = code - 1 - self.has_undefined
        answer = {
            ">=": passed > at_least,
            ">": passed > above,
            "<": passed <= at_least,
            "<=": passed <= above,
            "==": at_least < passed <= above,
            "!=": not at_least < passed <= above,
        }[op]
        return YES if answer else NO

    @staticmethod
    def question(atom: Truth) -> tuple[str, Fraction]:
        """The sign and bound an atom asks."""
        if isinstance(atom, Among):
            return "==", Fraction(next(iter(atom.words)))
        assert isinstance(atom, Compare)
        return atom.op, Fraction(atom.right.constant) if isinstance(atom.right, Constant) else Fraction(0)

    def make(self, population: Population) -> Array:
        known, undefined, passes = self.prepare(population)
        codes = np.full(population.count, 1 + self.has_undefined, dtype=np.uint8)
        for bound, strict in self.cuts:
            codes += _bits(passes(bound, strict))
        codes *= _bits(known)
        if undefined is not None:
            codes[undefined] = 1
        return codes

    def prepare(self, population: Population) -> tuple[Array, Array | None, Callable[[Fraction, bool], Array]]:
        """(known, undefined, passes a bound?)"""
        raise NotImplementedError


Prepared = tuple[Array, Array | None, Callable[[Fraction, bool], Array]]


class Single(Figure):
    """One numeric fact."""

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self.fact = fact

    def prepare(self, population: Population) -> Prepared:
        column, scale = population.column(self.fact.name), scale_of(self.fact)

        def passes(bound: Fraction, strict: bool) -> Array:
            at = bound * scale
            least = math.floor(at) + 1 if strict else math.ceil(at)
            above: Array = column.values >= least
            return above

        return column.known, None, passes


class Total:
    """The sum of some facts of one scale, as a numerator, denominator or figure of its own."""

    def __init__(self, node: Node) -> None:
        parts = node.of if isinstance(node, Gather) and node.how in ("合计", "平均") else (node,)
        if not all(isinstance(part, Known) and part.fact.type in ("money", "int", "number", "percent", "fraction") for part in parts):
            raise CannotCompile(node.text)
        self.facts = [part.fact for part in parts if isinstance(part, Known)]
        self.scale = scale_of(self.facts[0])
        self.share = len(parts) if isinstance(node, Gather) and node.how == "平均" else 1

    def times(self, values: Array, factor: int) -> Array:
        """The sums so many times, which must fit 64 bits."""
        if factor.bit_length() + width_of(self.facts[0]) + 2 > 63:
            raise CannotCompile(f"{self.facts[0].term} * {factor}")
        return values * factor

    def read(self, population: Population) -> tuple[Array, Array]:
        """(sums, where every part is known)"""
        columns = [population.column(fact.name) for fact in self.facts]
        values, known = columns[0].values, columns[0].known
        for column in columns[1:]:
            values, known = values + column.values, known & column.known
        return values, known


class Sum(Figure):
    """合计 or 平均 against a bound."""

    def __init__(self, node: Gather) -> None:
        super().__init__()
        self.total = Total(node)

    def prepare(self, population: Population) -> Prepared:
        values, known = self.total.read(population)

        def passes(bound: Fraction, strict: bool) -> Array:
            at = bound * self.total.scale * self.total.share
            least = math.floor(at) + 1 if strict else math.ceil(at)
            above: Array = values >= least
            return above

        return known, None, passes


class Share(Figure):
    """A ratio against a bound by cross-multiplication; undefined where what it divides by is not positive."""

    has_undefined = True

    def __init__(self, node: Ratio) -> None:
        super().__init__()
        self.above, self.below = Total(node.above), Total(node.below)

    def prepare(self, population: Population) -> Prepared:
        above, above_known = self.above.read(population)
        below, below_known = self.below.read(population)

        # one denominator for all bounds, so that the numerator is multiplied once
        common = math.lcm(*(bound.denominator for bound, _ in self.cuts))
        rest = math.gcd(common * self.below.scale, self.above.scale)
        a = self.above.times(above, common * self.below.scale // rest)
        unit = self.above.scale // rest

        def passes(bound: Fraction, strict: bool) -> Array:
            b = self.below.times(below, int(bound * common) * unit)
            return a > b if strict else a >= b

        return above_known & below_known, below_known & (below <= 0), passes


class YearlyGrowth(Figure):
    """增长率 (two years) and 两年平均增长率 (three): undefined where a base is not positive."""

    has_undefined = True

    def __init__(self, node: Growth) -> None:
        super().__init__()
        self.years = [Total(part) for part in node.years]

    def prepare(self, population: Population) -> Prepared:
        figures = [year.read(population) for year in self.years]
        known = figures[0][1].copy()
        undefined = np.zeros(population.count, dtype=bool)
        for values, given in figures[1:]:
            known &= given
            undefined |= given & (values <= 0)
        years: list[Array] = [values for values, _ in figures]

        def passes_two(bound: Fraction, strict: bool) -> Array:  # new / old against 1 + bound
            factor = 1 + bound
            a, b = self.years[0].times(years[0], factor.denominator), self.years[1].times(years[1], factor.numerator)
            above: Array = a > b if strict else a >= b
            return above

        if len(years) == 2:
            return known, undefined, passes_two
        a, b, c = years
        above, below = [x + y for x, y in zip(_limbs(a, c), _limbs(b, b), strict=True)], _limbs(b, c)

        def passes_three(bound: Fraction, strict: bool) -> Array:  # (a c + b b) q against p b c, with p / q = 2 (1 + bound)
            factor = 2 * (1 + bound)
            p, q = factor.numerator, factor.denominator
            if max(p, q) >= 1 << 11:
                raise CannotCompile(f"{float(bound)}")
            return _positive([x * q - y * p for x, y in zip(above, below, strict=True)], strict)

        return known, undefined, passes_three


def _limbs(x: Array, y: Array) -> list[Array]:
    """x · y in limbs of 24 bits, least first, not yet carried; x may be negative, both under 2^46."""
    mask = (1 << 24) - 1
    x0, x1, y0, y1 = x & mask, x >> 24, y & mask, y >> 24
    return [x0 * y0, x0 * y1 + x1 * y0, x1 * y1]


def _positive(limbs: Sequence[Array], strict: bool) -> Array:
    """Whether a number in limbs is above zero, or zero too if not `strict`."""
    mask = (1 << 24) - 1
    first = limbs[0]
    second = limbs[1] + (first >> 24)
    third = limbs[2] + (second >> 24)
    rest = (first & mask) | (second & mask)
    if strict:
        above: Array = (third > 0) | ((third == 0) & (rest != 0))
    else:
        above = third >= 0
    return above


class Compound(Figure):
    """两年复合增长率: new / old against (1 + bound) squared."""

    has_undefined = True

    def __init__(self, node: Any) -> None:
        super().__init__()
        self.new, self.old = Total(node.new), Total(node.old)

    def prepare(self, population: Population) -> Prepared:
        new, new_known = self.new.read(population)
        old, old_known = self.old.read(population)

        def passes(bound: Fraction, strict: bool) -> Array:
            factor = (1 + bound) ** 2
            a, b = self.new.times(new, factor.denominator), self.old.times(old, factor.numerator)
            return a > b if strict else a >= b

        return new_known & old_known, old_known & (old <= 0), passes


class Difference(Figure):
    """One fact against another."""

    def __init__(self, left: Node, right: Node) -> None:
        super().__init__()
        self.left, self.right = Total(left), Total(right)
        if self.left.scale != self.right.scale:
            raise CannotCompile(f"{left.text} / {right.text}")

    def prepare(self, population: Population) -> Prepared:
        left, left_known = self.left.read(population)
        right, right_known = self.right.read(population)

        def passes(_: Fraction, strict: bool) -> Array:
            return left > right if strict else left >= right

        return left_known & right_known, None, passes


class Days(Figure):
    """Days from a date to the day in question."""

    def __init__(self, name: str, as_of: dt.date) -> None:
        super().__init__()
        self.name, self.today = name, as_of.toordinal()

    def prepare(self, population: Population) -> Prepared:
        column = population.column(self.name)

        def passes(bound: Fraction, strict: bool) -> Array:
            least = math.floor(bound) + 1 if strict else math.ceil(bound)
            above: Array = self.today - column.values >= least
            return above

        return column.known, None, passes


class Persons(Field):
    """Whether enough persons of a list count; each list is read as `check` reads it."""

    size = 3

    def __init__(self, node: HiresCompare) -> None:
        self.node = node

    def make(self, population: Population) -> Array:
        counted, bound = self.node.left, self.node.right
        assert isinstance(counted, HiresCounted)
        assert isinstance(bound, Constant)
        codes = np.full(population.count, OPEN, dtype=np.uint8)
        column = population.column("hires")
        for row in np.flatnonzero(column.known):
            certain = possible = 0
            for hire in column.values[row]:
                least, most = counted.counts(hire)
                certain, possible = certain + least, possible + most
            low, high = self.node.test(certain, bound.constant), self.node.test(possible, bound.constant)
            if low == high:
                codes[row] = YES if low else NO
        return codes

    def truth(self, atom: Truth, code: int) -> int:
        return code


class PartOf(Figure):
    """One fact against a part of another (残疾人 >= 职工 × 1 %)."""

    def __init__(self, left: Known, right: Arithmetic) -> None:
        super().__init__()
        assert isinstance(right.right, Constant)
        self.left, self.right, self.factor = Total(left), Total(right.left), Fraction(right.right.constant)

    def prepare(self, population: Population) -> Prepared:
        left, left_known = self.left.read(population)
        right, right_known = self.right.read(population)
        a, b = left * (self.factor.denominator * self.right.scale), right * (self.factor.numerator * self.left.scale)

        def passes(_: Fraction, strict: bool) -> Array:
            return a > b if strict else a >= b

        return left_known & right_known, None, passes
