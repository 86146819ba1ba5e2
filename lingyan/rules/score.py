"""Score tables: bands of points, best-of indicators, points for each unit with a cap, and floors for each part.

With facts missing a score is a range. It passes for certain when its lowest value passes, and fails for certain when even its highest
does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lingyan.rules.exact import PLAIN, Number, in_unit, plain
from lingyan.rules.terms import Among, And, Compare, Constant, Facts, Node, Or, Quantity, Situation, Truth

Points = Number


@dataclass(frozen=True, slots=True)
class Band:
    """So many points when the condition is met."""

    when: Truth
    points: Points
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of a score table. Exactly one of `tables`, `per` and `value` is used."""

    id: str
    part: str
    says: str
    max: Points
    tables: tuple[tuple[Band, ...], ...] = ()  # several: the best counts (择优)
    per: Quantity | None = None  # every `each` of it gives `points`, up to `max`
    each: Number = 1
    points: Points = 0
    value: Quantity | None = None  # points given from outside

    def nodes(self) -> list[Node]:
        """The conditions and quantities it reads."""
        if self.per is not None:
            return [self.per]
        if self.value is not None:
            return [self.value]
        return [band.when for table in self.tables for band in table]

    def possible(self, s: Situation) -> tuple[Points, ...]:
        """The points this indicator may still give, ascending; one value when it is certain."""
        if self.per is not None:
            value = self.per.value(s)
            if value is None:
                return tuple(sorted({min(step * self.points, self.max) for step in range(int(self.max // self.points) + 2)}))
            return (min((value // self.each) * self.points, self.max),)
        if self.value is not None:
            value = self.value.value(s)
            return tuple(range(int(self.max) + 1)) if value is None else (min(value, self.max),)
        open_points = [_open_points(table, s) for table in self.tables]
        if len(open_points) == 1:
            return tuple(sorted(open_points[0]))
        floor = max(min(points) for points in open_points)
        return tuple(sorted({points for table in open_points for points in table if points >= floor}))

    def needs(self, s: Situation) -> Facts:
        """The absent facts that leave it open."""
        if self.per is not None or self.value is not None:
            return self.nodes()[0].needs(s)
        found: Facts = {}
        for table in self.tables:
            for band in table:
                truth = band.when.truth(s)
                if truth is None:
                    found.update(band.when.needs(s))
                elif truth:
                    break
        return found


def _open_points(table: Sequence[Band], s: Situation) -> set[Points]:
    points: set[Points] = set()
    for band in table:
        truth = band.when.truth(s)
        if truth is False:
            continue
        points.add(band.points)
        if truth:
            return points
    points.add(0)
    return points


class Score(Truth):
    """评分合格: the total reaches the pass mark and each part its floor."""

    __slots__ = ("floors", "items", "pass_mark")

    def __init__(self, items: Sequence[Item], pass_mark: Points, floors: dict[str, Points]) -> None:
        self.items, self.pass_mark, self.floors = tuple(items), pass_mark, floors
        parts = "、".join(f"{part}不低于{_points(floor)}分" for part, floor in floors.items())
        self.text = f"评分不低于{_points(pass_mark)}分" + (f"（其中{parts}）" if parts else "")

    def parts(self) -> Sequence[Node]:
        return [node for item in self.items for node in item.nodes()]

    def possible(self, s: Situation) -> tuple[tuple[Points, ...], ...]:
        """For each item, the points it may still give."""
        return tuple(item.possible(s) for item in self.items)

    def truth(self, s: Situation) -> bool | None:
        return self._judge(self.possible(s))

    def _judge(self, possible: Sequence[Sequence[Points]]) -> bool | None:
        low = sum(points[0] for points in possible)
        high = sum(points[-1] for points in possible)
        passes, fails = low >= self.pass_mark, high < self.pass_mark
        for part, floor in self.floors.items():
            at = [points for item, points in zip(self.items, possible, strict=True) if item.part == part]
            passes = passes and sum(points[0] for points in at) >= floor
            fails = fails or sum(points[-1] for points in at) < floor
        return True if passes else False if fails else None

    def total(self, s: Situation) -> Points | None:
        """The score, when nothing is open."""
        possible = self.possible(s)
        return sum(points[0] for points in possible) if all(len(points) == 1 for points in possible) else None

    def needs(self, s: Situation) -> Facts:
        possible = self.possible(s)
        if self._judge(possible) is not None:
            return {}
        parts = tuple(item.part for item in self.items)
        matters = _items_that_matter(possible, parts, self.pass_mark, tuple(self.floors.items()))
        found: Facts = {}
        for position in matters:
            found.update(self.items[position].needs(s))
        return found

    def reasons(self, s: Situation) -> list[str]:
        possible = self.possible(s)
        high = sum(points[-1] for points in possible)
        found: list[str] = []
        if high < self.pass_mark:
            found.append(f"评分{'为' if self.total(s) is not None else '至多'} {_points(high)} 分，应不低于 {_points(self.pass_mark)} 分")
        for part, floor in self.floors.items():
            reach = sum(points[-1] for item, points in zip(self.items, possible, strict=True) if item.part == part)
            if reach < floor:
                found.append(f"{part} {_points(reach)} 分，应不低于 {_points(floor)} 分")
        return found


def _points(points: Points) -> str:
    return plain(in_unit(points, PLAIN, 2))


@lru_cache(maxsize=4096)
def _items_that_matter(
    possible: tuple[tuple[Points, ...], ...], parts: tuple[str, ...], pass_mark: Points, floors: tuple[tuple[str, Points], ...]
) -> tuple[int, ...]:
    """The open items that can still tip the result, whatever the others turn out to be."""
    floor_of = dict(floors)
    names = tuple(floor_of)

    def add(state: tuple[Points, ...], part: str, points: Points) -> tuple[Points, ...]:
        # the total and each floored part, cut off where more makes no difference
        grown = [min(state[0] + points, pass_mark)]
        grown += [min(value + points, floor_of[name]) if name == part else value for name, value in zip(names, state[1:], strict=True)]
        return tuple(grown)

    enough = (pass_mark, *(floor_of[name] for name in names))
    matters: list[int] = []
    for here, points_here in enumerate(possible):
        if len(points_here) == 1:
            continue
        states: set[tuple[Points, ...]] = {tuple([0] * len(enough))}
        for there, points_there in enumerate(possible):
            if there != here:
                states = {add(state, parts[there], points) for state in states for points in points_there}
        low, high = points_here[0], points_here[-1]
        if any(add(state, parts[here], high) == enough != add(state, parts[here], low) for state in states):
            matters.append(here)
    return tuple(matters)


def implies(a: Truth, b: Truth) -> bool:
    """Whether a being met certainly means b is met, as far as comparing with constants shows."""
    if a.key() == b.key():
        return True
    if isinstance(a, Or):
        return all(implies(part, b) for part in a.of)
    if isinstance(b, And):
        return all(implies(a, part) for part in b.of)
    if isinstance(a, And):
        return any(implies(part, b) for part in a.of)
    if isinstance(b, Or):
        return any(implies(a, part) for part in b.of)
    if isinstance(a, Among) and isinstance(b, Among):
        return a.name == b.name and a.words <= b.words
    if isinstance(a, Compare) and isinstance(b, Compare) and isinstance(a.right, Constant) and isinstance(b.right, Constant):
        return a.left.key() == b.left.key() and _tighter(a.op, a.right.constant, b.op, b.right.constant)
    return False


def _tighter(op: str, x: Number, wider: str, y: Number) -> bool:
    if op == "==":
        return {">=": x >= y, ">": x > y, "<=": x <= y, "<": x < y, "==": x == y}.get(wider, False)
    if op[0] != wider[0] or op == "!=" or wider == "!=":
        return False
    if op[0] == ">":
        return x > y or (x == y and not (op == ">=" and wider == ">"))
    return x < y or (x == y and not (op == "<=" and wider == "<"))


def unreachable_bands(table: Sequence[Band]) -> list[tuple[Band, Band]]:
    """Each band that an earlier one always takes first, with that one."""
    found = []
    for position, band in enumerate(table):
        for earlier in table[:position]:
            if implies(band.when, earlier.when):
                found.append((band, earlier))
                break
    return found
