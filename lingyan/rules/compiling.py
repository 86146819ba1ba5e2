"""From conditions to bytes: what a clause makes of the codes of its facts, worked out once by walking all codes.

A condition on few codes becomes a table; a wide And or Or the least or greatest of its parts; a score the least and most its items can give.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from lingyan.rules.coding import (
    NO,
    OPEN,
    YES,
    Byte,
    CannotCompile,
    Compound,
    Days,
    Difference,
    Field,
    Figure,
    PartOf,
    Persons,
    Population,
    Possible,
    Share,
    Single,
    Sum,
    Word,
    YearlyGrowth,
    YesNo,
)
from lingyan.rules.columns import COUNT_SCALE, Array, Column, scale_of
from lingyan.rules.exact import BOOL, ENUM
from lingyan.rules.facts import Fact
from lingyan.rules.policy import Classes
from lingyan.rules.score import Item, Score
from lingyan.rules.terms import (
    Always,
    Among,
    And,
    Arithmetic,
    Choice,
    Compare,
    CompoundCompare,
    Constant,
    DaysSince,
    Gather,
    Growth,
    HiresCompare,
    If,
    Known,
    LargestCompare,
    Node,
    Not,
    Or,
    Quantity,
    Ratio,
    RatioCompare,
    Told,
    Truth,
)

LARGEST_TABLE = 4096  # codes a condition on several facts may have together


class Table(Byte):
    """What a condition on several bytes comes to, looked up; codes NO, OPEN, YES."""

    size = 3

    def __init__(self, of: Sequence[Byte], table: Array) -> None:
        self.of, self.table = of, table

    def make(self, population: Population) -> Array:
        return np.take(self.table, _together(self.of, population))


def meant(byte: Byte, meaning: list[int], population: Population) -> Array:
    """NO, OPEN or YES for each row."""
    codes = byte.codes(population)
    return codes if meaning == [NO, OPEN, YES] else np.take(np.array(meaning, dtype=np.uint8), codes)


def _together(of: Sequence[Byte], population: Population) -> Array:
    width: Any = np.uint8 if math.prod(byte.size for byte in of) <= 256 else np.uint16
    index: Array = of[0].codes(population)
    stride = of[0].size
    for byte in of[1:]:
        index = index + byte.codes(population) * width(stride)
        stride *= byte.size
    return index


class All(Byte):
    """Conditions that the same policies ask, each met by YES or (turned) by NO: met when all are."""

    size = 3

    def __init__(self, of: Sequence[tuple[Byte, bool]]) -> None:
        self.of = of

    def make(self, population: Population) -> Array:
        result = np.full(population.count, YES, dtype=np.uint8)
        for byte, turned in self.of:
            codes = byte.codes(population)
            np.minimum(result, np.uint8(YES) - codes if turned else codes, out=result)
        return result


class Extreme(Byte):
    """And (the least) or Or (the greatest) of conditions too wide for one table."""

    size = 3

    def __init__(self, of: Sequence[tuple[Byte, list[int]]], greatest: bool) -> None:
        self.of, self.pick = of, np.maximum if greatest else np.minimum

    def make(self, population: Population) -> Array:
        result: Array | None = None
        for byte, meaning in self.of:
            truth = meant(byte, meaning, population)
            result = truth if result is None else self.pick(result, truth)
        assert result is not None
        return result


class Marks(Byte):
    """评分合格, from the least and the most each item can still give."""

    size = 3

    HIGH = 32  # the least stands in the lower half of a whole number, the most in the upper: both are added at once

    def __init__(self, score: Score, items: Sequence[tuple[Sequence[Byte], Array | None, Fact | None]]) -> None:
        self.score, self.items = score, items

    def make(self, population: Population) -> Array:
        totals = {part: np.zeros(population.count, dtype=np.int64) for part in ("", *self.score.floors)}
        for item, (of, ends, fact) in zip(self.score.items, self.items, strict=True):
            if fact is not None:
                column, limit = population.column(fact.name), int(item.max * COUNT_SCALE)
                worth = np.minimum(column.values * (COUNT_SCALE // scale_of(fact)), limit)
                both = np.where(column.known, worth + (worth << self.HIGH), limit << self.HIGH)
            else:
                assert ends is not None
                both = np.take(ends, _together(of, population))
            for part in ("", item.part):
                if part in totals:
                    totals[part] += both
        wanted = {"": self.score.pass_mark, **self.score.floors}
        passes = np.ones(population.count, dtype=bool)
        fails = np.zeros(population.count, dtype=bool)
        for part, floor in wanted.items():
            mark = int(floor * COUNT_SCALE)
            passes &= totals[part] & ((1 << self.HIGH) - 1) >= mark
            fails |= totals[part] >> self.HIGH < mark
        return np.where(passes, YES, np.where(fails, NO, OPEN)).astype(np.uint8)


class OneClass(Byte):
    """Whether exactly one class is still possible: a classification is then decided."""

    size = 3

    def __init__(self, key: str) -> None:
        self.key = key

    def make(self, population: Population) -> Array:
        possible = population.column(self.key).values
        single = (possible & (possible - 1)) == 0
        return np.where(single, YES, OPEN).astype(np.uint8)


class Due(Byte):
    """Whether a levy's amount (or its range over open choices) can be worked out."""

    size = 3

    def __init__(self, formula: Quantity, kernel: Compiler) -> None:
        self.formula, self.kernel = formula, kernel

    def make(self, population: Population) -> Array:
        return np.where(self.known(self.formula, population), YES, OPEN).astype(np.uint8)

    def known(self, node: Quantity, population: Population) -> Array:
        """Where the value of the node is known."""
        found = population.bytes.get(id(node))
        if found is None:
            found = population.bytes[id(node)] = self._known(node, population)
        return found

    def _known(self, node: Quantity, population: Population) -> Array:
        if isinstance(node, Constant):
            return np.ones(population.count, dtype=bool)
        if isinstance(node, Known):
            return population.column(node.name).known
        if isinstance(node, Choice):
            byte, meaning = self.kernel.compile(node.condition)
            truth = meant(byte, meaning, population)
            then, otherwise = self.known(node.then, population), self.known(node.otherwise, population)
            chosen = np.ones(population.count, dtype=bool)  # the condition is open by a choice only
            for fact in node.condition.facts().values():
                if fact.kind not in (BOOL, ENUM):
                    chosen &= population.column(fact.name).known
            nothing = self.is_nothing(node.then, population) & self.is_nothing(node.otherwise, population)  # 0 either way
            known: Array = np.where(truth == YES, then, np.where(truth == NO, otherwise, (chosen | nothing) & then & otherwise))
            return known
        if isinstance(node, Arithmetic | Gather):
            parts = (node.left, node.right) if isinstance(node, Arithmetic) else node.of
            known = np.ones(population.count, dtype=bool)
            for part in parts:
                known = known & self.known(part, population)
            if isinstance(node, Arithmetic) and node.sign == "*":
                for part in parts:
                    known = known | (self.known(part, population) & self.is_nothing(part, population))
            return known
        raise CannotCompile(node.text)

    def is_nothing(self, node: Quantity, population: Population) -> Array:
        """Where the (known) value is zero."""
        if isinstance(node, Arithmetic) and node.sign == "*":
            return self.is_nothing(node.left, population) | self.is_nothing(node.right, population)
        values, _ = self.value(node, population)
        nothing: Array = values == 0
        return nothing

    def value(self, node: Quantity, population: Population) -> tuple[Array, int]:
        """Whole numbers and what to divide them by."""
        if isinstance(node, Constant):
            constant = Fraction(node.constant)
            return np.full(population.count, constant.numerator, dtype=np.int64), constant.denominator
        if isinstance(node, Known):
            return population.column(node.name).values, scale_of(node.fact)
        if isinstance(node, Choice):  # never zero by itself
            return np.ones(population.count, dtype=np.int64), 1
        if isinstance(node, Arithmetic | Gather):
            parts = (node.left, node.right) if isinstance(node, Arithmetic) else node.of
            sign = node.sign if isinstance(node, Arithmetic) else node.how
            values, below = self.value(parts[0], population)
            for part in parts[1:]:
                other, other_below = self.value(part, population)
                if sign == "*":
                    values, below = values * other, below * other_below
                    continue
                common = math.lcm(below, other_below)
                values, other, below = values * (common // below), other * (common // other_below), common
                work = {"+": np.add, "合计": np.add, "-": np.subtract, "最大": np.maximum, "最小": np.minimum}.get(sign)
                if work is None:
                    raise CannotCompile(node.text)
                values = work(values, other)
            return values, below
        raise CannotCompile(node.text)


class Compiler:
    """Turns conditions into bytes, each distinct condition once."""

    def __init__(self, as_of: dt.date, possible: Mapping[str, str]) -> None:
        self.as_of, self.possible = as_of, possible
        self.fields: dict[Any, Field] = {}
        self.done: dict[Any, tuple[Byte, list[int]]] = {}

    def register(self, node: Node) -> None:
        """Make the fields and bounds of every comparison below known before anything is compiled."""
        for atom in node.walk():
            if isinstance(atom, LargestCompare):
                self.register(self._one_of(atom))
            elif isinstance(atom, Told | Among | Compare):
                figure = self.field(atom)
                if isinstance(figure, Figure):
                    if isinstance(atom, Among):
                        for word in atom.words:
                            figure.add("==", Fraction(word))
                    else:
                        figure.add(*figure.question(atom))
                elif isinstance(figure, Word) and isinstance(atom, Among):
                    figure.add(map(str, atom.words))

    def _one_of(self, atom: LargestCompare) -> Truth:
        """最大(a, b) >= x is a >= x or b >= x."""
        assert isinstance(atom.left, Gather)
        return Or([Compare(atom.op, part, atom.right) for part in atom.left.of])

    def field(self, atom: Truth) -> Field:
        """The field an atom asks."""
        key, make = self._field(atom)
        found = self.fields.get(key)
        if found is None:
            found = self.fields[key] = make()
        return found

    def _field(self, atom: Truth) -> tuple[Any, Callable[[], Field]]:
        if isinstance(atom, Told):
            return ("yes", atom.name), lambda: YesNo(atom.name)
        if isinstance(atom, Among):
            fact = atom.of.fact
            if atom.of.kind != ENUM:
                return ("single", atom.name), lambda: Single(fact)
            if atom.name in self.possible:
                return ("possible", atom.name), lambda: Possible(fact, self.possible[atom.name])
            return ("word", atom.name), lambda: Word(fact)
        if isinstance(atom, HiresCompare):
            return ("hires", atom.key()), lambda: Persons(atom)
        assert isinstance(atom, Compare)
        left, right = atom.left, atom.right
        if isinstance(left, Known) and isinstance(right, Known):
            return ("difference", left.name, right.name), lambda: Difference(left, right)
        if isinstance(left, Known) and isinstance(right, Arithmetic) and right.sign == "*" and isinstance(right.right, Constant):
            return ("part", left.name, right.key()), lambda: PartOf(left, right)
        if not isinstance(right, Constant):
            raise CannotCompile(atom.text)
        if isinstance(left, Known):
            return ("single", left.name), lambda: Single(left.fact)
        if isinstance(atom, RatioCompare) and isinstance(left, Ratio):
            return ("share", left.key()), lambda: Share(left)
        if isinstance(atom, CompoundCompare):
            return ("compound", left.key()), lambda: Compound(left)
        if isinstance(left, Growth):
            return ("growth", left.key()), lambda: YearlyGrowth(left)
        if isinstance(left, Gather) and left.how in ("合计", "平均"):
            return ("sum", left.key()), lambda: Sum(left)
        if isinstance(left, DaysSince):
            return ("days", left.date.name), lambda: Days(left.date.name, self.as_of)
        raise CannotCompile(atom.text)

    def compile(self, node: Truth) -> tuple[Byte, list[int]]:
        """A byte for the condition, and what each of its codes means (NO, OPEN, YES)."""
        key = node.key() if not isinstance(node, Score) else ("score", id(node))
        found = self.done.get(key)
        if found is None:
            found = self.done[key] = self._compile(node)
        return found

    def _compile(self, node: Truth) -> tuple[Byte, list[int]]:
        if isinstance(node, Score):
            return self._score(node), [NO, OPEN, YES]
        if isinstance(node, Always):
            return Table([YesNo("always")], np.full(3, YES, dtype=np.uint8)), [NO, OPEN, YES]
        of = self._fields_below(node)
        if of is not None and len(of) == 1:
            return of[0], [self.truth(node, {of[0]: code}) for code in range(of[0].size)]
        if of is not None and math.prod(byte.size for byte in of) <= LARGEST_TABLE:
            return Table(of, self._tabulate(of, lambda codes: self.truth(node, codes), np.uint8)), [NO, OPEN, YES]
        if isinstance(node, And | Or):
            return Extreme([self.compile(part) for part in node.of], isinstance(node, Or)), [NO, OPEN, YES]
        if isinstance(node, If):
            # met where it is met on the branch taken, and where both branches agree: (c and t) or (not c and e) or (t and e)
            parts = [And([node.condition, node.then]), And([Not(node.condition), node.otherwise]), And([node.then, node.otherwise])]
            return self.compile(Or(parts))
        raise CannotCompile(node.text)

    def _fields_below(self, node: Node) -> list[Field] | None:
        found: dict[int, Field] = {}
        for part in node.walk():
            if isinstance(part, Score):
                return None
            if isinstance(part, LargestCompare):
                below = self._fields_below(self._one_of(part)) or []
                found.update({id(made): made for made in below})
            elif isinstance(part, Told | Among | Compare):
                made = self.field(part)
                found[id(made)] = made
        return list(found.values())

    def _tabulate(self, of: Sequence[Field], answer: Callable[[dict[Field, int]], Any], dtype: Any) -> Array:
        # the first field runs fastest, as in _together
        return np.array([answer(dict(zip(of, reversed(codes), strict=True))) for codes in product(*(range(byte.size) for byte in reversed(of)))], dtype=dtype)

    def truth(self, node: Truth, codes: Mapping[Field, int]) -> int:
        """NO, OPEN or YES for these codes: the logic of `terms`, on codes."""
        if isinstance(node, Not):
            return YES - self.truth(node.of, codes)
        if isinstance(node, And):
            return min(self.truth(part, codes) for part in node.of)
        if isinstance(node, Or):
            return max(self.truth(part, codes) for part in node.of)
        if isinstance(node, If):
            condition = self.truth(node.condition, codes)
            then, otherwise = self.truth(node.then, codes), self.truth(node.otherwise, codes)
            return then if condition == YES else otherwise if condition == NO else then if then == otherwise else OPEN
        if isinstance(node, Always):
            return YES
        if isinstance(node, LargestCompare):
            return self.truth(self._one_of(node), codes)
        made = self.field(node)
        if isinstance(node, Among) and isinstance(made, Figure):
            return max(made.truth(Compare("==", node.of, Constant(word, node.of.kind)), codes[made]) for word in node.words)
        return made.truth(node, codes[made])

    def _score(self, score: Score) -> Marks:
        items: list[tuple[Sequence[Byte], Array | None, Fact | None]] = []
        for item in score.items:
            if item.value is not None:
                if not isinstance(item.value, Known):
                    raise CannotCompile(item.value.text)
                items.append(([], None, item.value.fact))
                continue
            of, possible = self._item(item)
            if math.prod(byte.size for byte in of) > LARGEST_TABLE * 16:
                raise CannotCompile(item.says)
            items.append((of, self._tabulate(of, _ends(possible), np.int64), None))
        return Marks(score, items)

    def _item(self, item: Item) -> tuple[list[Field], Callable[[dict[Field, int]], tuple[int, int]]]:
        """The fields of an item, and the least and most points for their codes."""
        if item.per is not None:
            if not isinstance(item.per, Known):
                raise CannotCompile(item.per.text)
            per, steps = item.per, int(item.max // item.points) + 1
            conditions = [Compare(">=", per, Constant(item.each * step, per.kind)) for step in range(1, steps + 1)]
            figure = self.field(conditions[0])

            def per_points(codes: dict[Field, int]) -> tuple[int, int]:
                truths = [self.truth(condition, codes) for condition in conditions]
                low, high = truths.count(YES), len(truths) - truths.count(NO)
                return int(min(low * item.points, item.max)), int(min(high * item.points, item.max))

            return [figure], per_points
        of: dict[int, Field] = {}
        for table in item.tables:
            for band in table:
                of.update({id(made): made for made in self._fields_below(band.when) or []})

        def band_points(codes: dict[Field, int]) -> tuple[int, int]:
            ends = []
            for table in item.tables:
                points: list[int] = []
                for band in table:
                    truth = self.truth(band.when, codes)
                    if truth != NO:
                        points.append(int(band.points))
                    if truth == YES:
                        break
                else:
                    points.append(0)
                ends.append((min(points), max(points)))
            return max(low for low, _ in ends), max(high for _, high in ends)

        return list(of.values()), band_points

    def register_score(self, score: Score) -> None:
        """Register the bounds of an indicator that counts units."""
        for item in score.items:
            if isinstance(item.per, Known):
                for step in range(1, int(item.max // item.points) + 2):
                    self.register(Compare(">=", item.per, Constant(item.each * step, item.per.kind)))


def _ends(points: Callable[[dict[Field, int]], tuple[int, int]]) -> Callable[[dict[Field, int]], int]:
    def both(codes: dict[Field, int]) -> int:
        least, most = points(codes)
        return least * COUNT_SCALE + (most * COUNT_SCALE << Marks.HIGH)

    return both


class SizeClasses:
    """The classes still possible for each row, as one bit each, looked up by industry and the codes of the three figures."""

    def __init__(self, classes: Classes, output: Fact, as_of: dt.date) -> None:
        self.industry, self.key = classes.industry.fact, f"possible {classes.output}"
        self.output = output
        compiler = Compiler(as_of, {})
        for row in classes.rows.values():
            for _, bounds in row:
                compiler.register(bounds)
        self.figures = list(compiler.fields.values())
        sizes = [figure.size for figure in self.figures]
        words = list(output.values)
        table = np.zeros((len(self.industry.values) + 1, *sizes), dtype=np.uint8)
        for place, name in enumerate(self.industry.values):
            row = classes.rows[name]
            used = [figure for figure in self.figures if any(figure in (compiler._fields_below(bounds) or []) for _, bounds in row)]
            for codes in product(*(range(figure.size) for figure in used)):
                found = 0
                at = dict(zip(used, codes, strict=True))
                for word, bounds in row:
                    truth = compiler.truth(bounds, at)
                    found |= (truth != NO) << words.index(word)
                    if truth == YES:
                        break
                else:
                    found |= 1 << words.index(classes.last)
                where: tuple[Any, ...] = (place + 1, *(at.get(figure, slice(None)) for figure in self.figures))
                table[where] = found
        table[0] = np.bitwise_or.reduce(table[1:], axis=0)
        self.table = table.reshape(-1)
        self.sizes = sizes

    def settle(self, population: Population) -> None:
        """Work out what is possible, for the policy itself and for the fact other policies ask."""
        industry = population.column(self.industry.name)
        index = np.where(industry.known, industry.values + 1, 0).astype(np.int32)
        for figure, size in zip(self.figures, self.sizes, strict=True):
            index *= size
            index += figure.codes(population)
        possible = self.table[index]
        every = np.ones(population.count, dtype=bool)
        population.facts[self.key] = Column(possible, every)
        given = population.column(self.output.name)
        told = np.where(given.known, np.left_shift(1, np.maximum(given.values, 0)), 0).astype(np.uint8)
        computed = np.where(industry.known, possible, 0).astype(np.uint8)
        population.contradicts |= given.known & industry.known & ((told & computed) == 0)
        population.facts[f"{self.output.name} possible"] = Column(np.where(given.known, told, computed), every)
