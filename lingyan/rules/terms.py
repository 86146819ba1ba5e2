"""What a condition is made of: the nodes of the policy language and how each is evaluated.

Three values: a truth is True, False or None (not known); a number is exact or None. `needs` names the absent facts on which an undecided
node still depends, `failing` the given facts that made a node false. A ratio whose base is zero, and a growth from a base that is
not positive, do not exist: a condition on them is not met (it is not unknown: nothing is left to ask).
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lingyan.rules.exact import BOOL, MONEY, RATIO, Number, say, whole
from lingyan.rules.facts import Fact, Hire, Value


class Undefined(ArithmeticError):
    """A number that does not exist, such as a share of nothing."""


class Situation:
    """What is known when a rule is applied: exact facts, what an absent derived fact can still be, and the date."""

    __slots__ = ("as_of", "hires_counted", "known", "possible")

    def __init__(self, known: Mapping[str, Value], as_of: dt.date, possible: Mapping[str, frozenset[str]] | None = None) -> None:
        self.known = known
        self.as_of = as_of
        self.possible: Mapping[str, frozenset[str]] = possible or {}
        self.hires_counted: int | None = None  # set while the ends of a range are worked out

    def supposing(self, **facts: Value) -> Situation:
        """The same situation if these facts were known too."""
        other = Situation({**self.known, **facts}, self.as_of, self.possible)
        other.hires_counted = self.hires_counted
        return other


Facts = dict[str, Fact]  # an ordered set of facts


class Node:
    """Any part of a condition or formula."""

    __slots__ = ("text",)
    kind: str = BOOL
    text: str

    def parts(self) -> Sequence[Node]:
        """The nodes directly below."""
        return ()

    def walk(self) -> Iterator[Node]:
        """This node and all below, in the order of the text."""
        yield self
        for part in self.parts():
            yield from part.walk()

    def facts(self) -> Facts:
        """Every fact named here, in the order of the text."""
        return {node.fact.name: node.fact for node in self.walk() if isinstance(node, Known | Told)}

    def key(self) -> tuple[Any, ...]:
        """Equal for nodes that say the same, however they are written."""
        return (type(self).__name__, *(part.key() for part in self.parts()))

    def needs(self, s: Situation) -> Facts:
        """The absent facts below that an undecided node still depends on."""
        found: Facts = {}
        for part in self.parts():
            found.update(part.needs(s))
        return found


class Truth(Node):
    """A node that is met, not met, or not known."""

    __slots__ = ()

    def truth(self, s: Situation) -> bool | None:
        raise NotImplementedError

    def failing(self, s: Situation) -> Facts:
        """The given facts that make this false."""
        return {name: fact for name, fact in self.facts().items() if name in s.known}

    def reasons(self, s: Situation) -> list[str]:
        """For an unmet node: what is and what ought to be, a sentence for each failing comparison."""
        return [f"“{self.text}”不成立"]


class Quantity(Node):
    """A node that has a value."""

    __slots__ = ()

    def value(self, s: Situation) -> Any:
        """The exact value, None if it is not known; `Undefined` if there is none."""
        raise NotImplementedError


# ---- quantities ----


class Constant(Quantity):
    __slots__ = ("constant", "kind")

    def __init__(self, constant: Number, kind: str) -> None:
        self.constant, self.kind = whole(constant), kind
        self.text = say(self.constant, kind)

    def value(self, s: Situation) -> Number:
        return self.constant

    def key(self) -> tuple[Any, ...]:
        return ("Constant", self.constant, self.kind)


class Known(Quantity):
    """A fact used as a number, word or date."""

    __slots__ = ("fact", "kind", "name")

    def __init__(self, fact: Fact) -> None:
        self.fact, self.name, self.kind, self.text = fact, fact.name, fact.kind, fact.term

    def value(self, s: Situation) -> Any:
        return s.known.get(self.name)

    def key(self) -> tuple[Any, ...]:
        return ("Known", self.name)

    def needs(self, s: Situation) -> Facts:
        return {} if self.name in s.known else {self.name: self.fact}


class Arithmetic(Quantity):
    __slots__ = ("kind", "left", "right", "sign", "work")
    WORK: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}

    def __init__(self, sign: str, left: Quantity, right: Quantity, kind: str) -> None:
        self.sign, self.left, self.right, self.kind = sign, left, right, kind
        self.work = self.WORK[sign]
        self.text = f"{left.text} {sign} {right.text}"

    def parts(self) -> Sequence[Node]:
        return (self.left, self.right)

    def key(self) -> tuple[Any, ...]:
        return (self.sign, self.left.key(), self.right.key())

    def value(self, s: Situation) -> Number | None:
        left, right = self.left.value(s), self.right.value(s)
        if left is None or right is None:
            if self.sign == "*" and (left == 0 or right == 0):
                return 0  # nothing, however many times
            return None
        return whole(self.work(left, right))


class Ratio(Quantity):
    """A share or a division by a number."""

    __slots__ = ("above", "below", "kind")

    def __init__(self, above: Quantity, below: Quantity, kind: str) -> None:
        self.above, self.below, self.kind = above, below, kind
        self.text = f"{above.text} / {below.text}"

    def parts(self) -> Sequence[Node]:
        return (self.above, self.below)

    def value(self, s: Situation) -> Number | None:
        above, below = self.above.value(s), self.below.value(s)
        if below is not None and below <= 0:
            raise Undefined(f"{self.below.text}不是正数，比例无从计算")
        if above is None or below is None:
            return None
        return whole(Fraction(above) / below)


class Gather(Quantity):
    """合计, 平均, 最大, 最小 over several quantities."""

    __slots__ = ("how", "kind", "of")

    def __init__(self, how: str, of: Sequence[Quantity], kind: str) -> None:
        self.how, self.of, self.kind = how, tuple(of), kind
        self.text = f"{how}({', '.join(part.text for part in of)})"

    def parts(self) -> Sequence[Node]:
        return self.of

    def key(self) -> tuple[Any, ...]:
        return (self.how, *(part.key() for part in self.of))

    def values(self, s: Situation) -> list[Number]:
        return [value for part in self.of if (value := part.value(s)) is not None]

    def value(self, s: Situation) -> Number | None:
        values = self.values(s)
        if len(values) < len(self.of):
            return None
        if self.how == "合计":
            return sum(values)
        if self.how == "平均":
            return whole(Fraction(sum(values)) / len(values))
        return max(values) if self.how == "最大" else min(values)


class Growth(Quantity):
    """增长率(新, 旧), 两年平均增长率(y1, y2, y3): the mean of two yearly rates."""

    __slots__ = ("years",)
    kind = RATIO

    def __init__(self, years: Sequence[Quantity]) -> None:
        self.years = tuple(years)
        self.text = f"{'增长率' if len(years) == 2 else '两年平均增长率'}({', '.join(part.text for part in years)})"

    def parts(self) -> Sequence[Node]:
        return self.years

    def value(self, s: Situation) -> Number | None:
        values = [part.value(s) for part in self.years]
        for part, base in zip(self.years[1:], values[1:], strict=True):
            if base is not None and base <= 0:
                raise Undefined(f"{part.text}不是正数，增长率无从计算")
        if None in values:
            return None
        if len(values) == 2:
            return whole(Fraction(values[0] - values[1]) / values[1])
        return whole((Fraction(values[0]) / values[1] + Fraction(values[1]) / values[2]) / 2 - 1)


class CompoundGrowth(Quantity):
    """两年复合增长率(y1, y3) = (y1/y3)^(1/2) - 1. It has no exact value; only a comparison can be made, by squaring."""

    __slots__ = ("new", "old")
    kind = RATIO

    def __init__(self, new: Quantity, old: Quantity) -> None:
        self.new, self.old = new, old
        self.text = f"两年复合增长率({new.text}, {old.text})"

    def parts(self) -> Sequence[Node]:
        return (self.new, self.old)

    def value(self, s: Situation) -> Number | None:
        """(y1/y3), that is the square of one plus the rate."""
        new, old = self.new.value(s), self.old.value(s)
        if old is not None and old <= 0:
            raise Undefined(f"{self.old.text}不是正数，增长率无从计算")
        if new is None or old is None:
            return None
        return whole(Fraction(new) / old)


class WholePart(Quantity):
    """取整(x): the whole part, downwards."""

    __slots__ = ("kind", "of")

    def __init__(self, of: Quantity) -> None:
        self.of, self.kind, self.text = of, of.kind, f"取整({of.text})"

    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def value(self, s: Situation) -> int | None:
        value = self.of.value(s)
        return None if value is None else value.__floor__()


class DaysSince(Quantity):
    """距今天数(日期): calendar days from the date to `as_of`."""

    __slots__ = ("date",)
    kind = "天"

    def __init__(self, date: Known) -> None:
        self.date, self.text = date, f"距今天数({date.text})"

    def parts(self) -> Sequence[Node]:
        return (self.date,)

    def value(self, s: Situation) -> int | None:
        date = self.date.value(s)
        return None if date is None else (s.as_of - date).days


class HiresCounted(Quantity):
    """签约参保人数([群体…], n月): persons of these groups with a labour contract and at least n months of contributions paid."""

    __slots__ = ("groups", "hires", "months")
    kind = "人"

    def __init__(self, hires: Known, groups: Sequence[str], months: Number, text: str) -> None:
        self.hires, self.groups, self.months, self.text = hires, frozenset(groups), months, text

    def parts(self) -> Sequence[Node]:
        return (self.hires,)

    def key(self) -> tuple[Any, ...]:
        return ("HiresCounted", tuple(sorted(self.groups)), self.months)

    def at_least_and_at_most(self, s: Situation) -> tuple[int, int] | None:
        """How many certainly count, and how many might; None when there is no list."""
        hires: tuple[Hire, ...] | None = self.hires.value(s)
        if hires is None:
            return None
        certain = possible = 0
        for hire in hires:
            least, most = self.counts(hire)
            certain, possible = certain + least, possible + most
        return certain, possible

    def counts(self, hire: Hire) -> tuple[bool, bool]:
        """Whether this person certainly counts, and whether they might."""
        answers = (
            None if hire.group is None else hire.group in self.groups,
            hire.labor_contract,
            None if hire.paid_months is None else hire.paid_months >= self.months,
        )
        return (False not in answers and None not in answers), False not in answers

    def value(self, s: Situation) -> int | None:
        if s.hires_counted is not None:
            return s.hires_counted
        counted = self.at_least_and_at_most(s)
        return None if counted is None or counted[0] != counted[1] else counted[0]

    def needs(self, s: Situation) -> Facts:
        counted = self.at_least_and_at_most(s)
        return {} if counted is not None and counted[0] == counted[1] else {"hires": self.hires.fact}


class Choice(Quantity):
    """若 … 则 … 否则 … between two quantities."""

    __slots__ = ("condition", "kind", "otherwise", "then")

    def __init__(self, condition: Truth, then: Quantity, otherwise: Quantity) -> None:
        self.condition, self.then, self.otherwise, self.kind = condition, then, otherwise, then.kind
        self.text = f"若 {condition.text} 则 {then.text} 否则 {otherwise.text}"

    def parts(self) -> Sequence[Node]:
        return (self.condition, self.then, self.otherwise)

    def value(self, s: Situation) -> Any:
        condition = self.condition.truth(s)
        if condition is None:
            then, otherwise = self.then.value(s), self.otherwise.value(s)
            return then if then is not None and then == otherwise else None
        return self.then.value(s) if condition else self.otherwise.value(s)

    def needs(self, s: Situation) -> Facts:
        condition = self.condition.truth(s)
        if condition is not None:
            return (self.then if condition else self.otherwise).needs(s)
        return super().needs(s) if self.value(s) is None else {}


class Lookup(Quantity):
    """按 事实 取 {值: 数量, …}."""

    __slots__ = ("kind", "of", "table")

    def __init__(self, of: Known, table: Mapping[Any, Quantity], kind: str, text: str) -> None:
        self.of, self.table, self.kind, self.text = of, dict(table), kind, text

    def parts(self) -> Sequence[Node]:
        return (self.of, *self.table.values())

    def key(self) -> tuple[Any, ...]:
        return ("Lookup", self.of.key(), *((word, part.key()) for word, part in self.table.items()))

    def value(self, s: Situation) -> Any:
        word = self.of.value(s)
        if word is None:
            return None
        if word not in self.table:
            shown = say(word, self.of.kind) if isinstance(word, int | Fraction) else self.of.fact.values.get(word, word)
            rows = (say(row, self.of.kind) if isinstance(row, int | Fraction) else self.of.fact.values.get(row, row) for row in self.table)
            raise Undefined(f"{self.of.text}为 {shown}，不在表内（表内有 {'、'.join(rows)}）")
        return self.table[word].value(s)


# ---- truths ----


class Told(Truth):
    """A yes/no fact."""

    __slots__ = ("fact", "name")

    def __init__(self, fact: Fact) -> None:
        self.fact, self.name, self.text = fact, fact.name, fact.term

    def truth(self, s: Situation) -> bool | None:
        return s.known.get(self.name)  # type: ignore[return-value]

    def key(self) -> tuple[Any, ...]:
        return ("Told", self.name)

    def needs(self, s: Situation) -> Facts:
        return {} if self.name in s.known else {self.name: self.fact}

    def reasons(self, s: Situation) -> list[str]:
        return [f"{self.text}：否"]


class Not(Truth):
    __slots__ = ("of",)

    def __init__(self, of: Truth) -> None:
        self.of, self.text = of, f"非 {of.text}"

    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def truth(self, s: Situation) -> bool | None:
        value = self.of.truth(s)
        return None if value is None else not value

    def reasons(self, s: Situation) -> list[str]:
        return [f"{self.of.text}：是"] if isinstance(self.of, Told) else super().reasons(s)


class And(Truth):
    __slots__ = ("of",)

    def __init__(self, of: Sequence[Truth]) -> None:
        self.of, self.text = tuple(of), " 且 ".join(part.text for part in of)

    def parts(self) -> Sequence[Node]:
        return self.of

    def truth(self, s: Situation) -> bool | None:
        result: bool | None = True
        for part in self.of:
            value = part.truth(s)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    def needs(self, s: Situation) -> Facts:
        return _gather(part.needs(s) for part in self.of if part.truth(s) is None)

    def failing(self, s: Situation) -> Facts:
        return _gather(part.failing(s) for part in self.of if part.truth(s) is False)

    def reasons(self, s: Situation) -> list[str]:
        return [reason for part in self.of if part.truth(s) is False for reason in part.reasons(s)]


class Or(Truth):
    __slots__ = ("of",)

    def __init__(self, of: Sequence[Truth]) -> None:
        self.of, self.text = tuple(of), " 或 ".join(f"({part.text})" if isinstance(part, And) else part.text for part in of)

    def parts(self) -> Sequence[Node]:
        return self.of

    def truth(self, s: Situation) -> bool | None:
        result: bool | None = False
        for part in self.of:
            value = part.truth(s)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    def needs(self, s: Situation) -> Facts:
        return _gather(part.needs(s) for part in self.of if part.truth(s) is None)

    def failing(self, s: Situation) -> Facts:
        return _gather(part.failing(s) for part in self.of)

    def reasons(self, s: Situation) -> list[str]:
        return list(dict.fromkeys(reason for part in self.of for reason in part.reasons(s)))


class If(Truth):
    """若 … 则 … 否则 … between two conditions."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, condition: Truth, then: Truth, otherwise: Truth) -> None:
        self.condition, self.then, self.otherwise = condition, then, otherwise
        self.text = f"若 {condition.text} 则 {then.text} 否则 {otherwise.text}"

    def parts(self) -> Sequence[Node]:
        return (self.condition, self.then, self.otherwise)

    def truth(self, s: Situation) -> bool | None:
        condition = self.condition.truth(s)
        if condition is None:
            then = self.then.truth(s)
            return then if then is not None and then == self.otherwise.truth(s) else None
        return self.then.truth(s) if condition else self.otherwise.truth(s)

    def branches(self, s: Situation) -> tuple[Truth, ...]:
        condition = self.condition.truth(s)
        return (self.then, self.otherwise) if condition is None else (self.then,) if condition else (self.otherwise,)

    def needs(self, s: Situation) -> Facts:
        found = self.condition.needs(s) if self.condition.truth(s) is None else {}
        return found | _gather(part.needs(s) for part in self.branches(s) if part.truth(s) is None)

    def failing(self, s: Situation) -> Facts:
        return _gather(part.failing(s) for part in self.branches(s))

    def reasons(self, s: Situation) -> list[str]:
        return [reason for part in self.branches(s) for reason in part.reasons(s)]


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


class Compare(Truth):
    """Two quantities beside each other."""

    __slots__ = ("left", "op", "right", "test")

    def __init__(self, op: str, left: Quantity, right: Quantity) -> None:
        self.op, self.left, self.right, self.test = op, left, right, COMPARE[op]
        self.text = f"{left.text} {op} {right.text}"

    def parts(self) -> Sequence[Node]:
        return (self.left, self.right)

    def key(self) -> tuple[Any, ...]:
        return (self.op, self.left.key(), self.right.key())

    def truth(self, s: Situation) -> bool | None:
        try:
            left, right = self.left.value(s), self.right.value(s)
        except Undefined:
            return False
        if left is None or right is None:
            return None
        return self.test(left, right)

    def needs(self, s: Situation) -> Facts:
        return super().needs(s) if self.truth(s) is None else {}

    def reasons(self, s: Situation) -> list[str]:
        try:
            left, right = self.left.value(s), self.right.value(s)
        except Undefined as problem:
            return [str(problem)]
        if left is None or right is None:
            return super().reasons(s)
        wanted = f"，应{OUGHT[self.op]} {_say(right, self.right)}"
        return [f"{self.left.text}为 {_say(left, self.left)}{wanted}"]


OUGHT = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "==": "为", "!=": "不为"}


class RatioCompare(Compare):
    """A share against a constant, by cross-multiplication: a / b >= p / q is a * q >= p * b."""

    __slots__ = ("above", "below", "p", "q")

    def __init__(self, op: str, left: Ratio, right: Constant) -> None:
        super().__init__(op, left, right)
        limit = Fraction(right.constant)
        self.above, self.below, self.p, self.q = left.above, left.below, limit.numerator, limit.denominator

    def truth(self, s: Situation) -> bool | None:
        below = self.below.value(s)
        if below is None:
            return None
        if below <= 0:
            return False
        above = self.above.value(s)
        return None if above is None else self.test(above * self.q, self.p * below)


class CompoundCompare(Compare):
    """Compound growth against a constant, without a root: y1/y3 against (1 + v) squared."""

    __slots__ = ("new", "old", "p", "q")

    def __init__(self, op: str, left: CompoundGrowth, right: Constant) -> None:
        super().__init__(op, left, right)
        limit = (1 + Fraction(right.constant)) ** 2
        self.new, self.old, self.p, self.q = left.new, left.old, limit.numerator, limit.denominator

    def truth(self, s: Situation) -> bool | None:
        new, old = self.new.value(s), self.old.value(s)
        if old is not None and old <= 0:
            return False
        return None if new is None or old is None else self.test(new * self.q, self.p * old)

    def reasons(self, s: Situation) -> list[str]:
        new, old = self.new.value(s), self.old.value(s)
        if old is None or new is None or old <= 0:
            return [f"{self.old.text}不是正数，增长率无从计算"]
        wanted = (1 + Fraction(self.right.value(s))) ** 2 * old
        return [f"{self.new.text}为 {say(new, self.new.kind)}，两年复合增长率应{OUGHT[self.op]} {self.right.text}，即不低于约 {say(wanted, MONEY)}"]


class LargestCompare(Compare):
    """最大(a, b, c) >= x: one that reaches it is enough, whatever the others are."""

    __slots__ = ()

    def truth(self, s: Situation) -> bool | None:
        truth = super().truth(s)
        if truth is None and isinstance(self.left, Gather) and isinstance(self.right, Constant):
            given = self.left.values(s)
            if given and self.test(max(given), self.right.constant):
                return True
        return truth


class HiresCompare(Compare):
    """So many persons: decided as soon as those who certainly count and those who might agree."""

    __slots__ = ()

    def truth(self, s: Situation) -> bool | None:
        if isinstance(self.left, HiresCounted) and isinstance(self.right, Constant):
            counted = self.left.at_least_and_at_most(s)
            if counted is not None:
                least, most = (self.test(count, self.right.constant) for count in counted)
                return least if least == most else None
        return None


class Among(Truth):
    """事实 属于 [值, …], also for a single word: 事实 == "值"."""

    __slots__ = ("name", "of", "words")

    def __init__(self, of: Known, words: Sequence[Any], text: str) -> None:
        self.of, self.name, self.words, self.text = of, of.name, frozenset(words), text

    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def key(self) -> tuple[Any, ...]:
        return ("Among", self.name, tuple(sorted(map(str, self.words))))

    def truth(self, s: Situation) -> bool | None:
        word = s.known.get(self.name)
        if word is not None:
            return word in self.words
        possible = s.possible.get(self.name)
        if possible is None:
            return None
        if possible <= self.words:
            return True
        return None if possible & self.words else False

    def needs(self, s: Situation) -> Facts:
        return self.of.needs(s) if self.truth(s) is None else {}

    def failing(self, s: Situation) -> Facts:
        return {self.name: self.of.fact}

    def reasons(self, s: Situation) -> list[str]:
        word = s.known.get(self.name)
        shown = say(word, self.of.kind) if isinstance(word, int | Fraction) else self.of.fact.values.get(str(word), str(word))
        return [f"{self.of.text}为 {shown}，不符合“{self.text}”"] if word is not None else super().reasons(s)


class Always(Truth):
    """无条件."""

    __slots__ = ()

    def __init__(self) -> None:
        self.text = "无条件"

    def truth(self, s: Situation) -> bool:
        return True


def _say(value: Any, node: Quantity) -> str:
    return say(value, node.kind) if isinstance(value, int | Fraction) else str(value)


def _gather(found: Iterator[Facts] | Any) -> Facts:
    facts: Facts = {}
    for some in found:
        facts.update(some)
    return facts
