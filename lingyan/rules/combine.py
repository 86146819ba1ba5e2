"""What pays most where policies exclude each other, and where one yuan or one person more costs a great deal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lingyan.rules.catalogue import Catalogue, installed
from lingyan.rules.check import ELIGIBLE, INELIGIBLE, LEVIED, Amount, Result, check
from lingyan.rules.derive import situation_for
from lingyan.rules.errors import BadInput
from lingyan.rules.exact import MONEY, UNITS, Number, from_decimal, in_unit, say
from lingyan.rules.facts import Fact
from lingyan.rules.policy import AMOUNT_UNITS, Version
from lingyan.rules.terms import Compare, Constant, Known, Undefined

PAYING = {"grant", "award", "subsidy", "refund", "interest_subsidy"}  # money that comes in; reliefs of tax are counted elsewhere


@dataclass(frozen=True, slots=True)
class Combination:
    """What to claim together. `least` and `most` are in 分; `most` is None where some amount has no upper bound or is not known."""

    take: tuple[Result, ...]
    leave: tuple[tuple[Result, Result], ...]  # (left out, because of)
    least: Number
    most: Number | None
    certain: bool  # False where amounts not yet known could change the choice


def best_combination(results: Iterable[Result]) -> Combination:
    """Of each exclusion group the policy that pays most, with all policies that exclude nothing.

    Only eligible results that pay money take part. A ceiling counts as "up to": it wins over a promised sum only as long as it is marked
    uncertain.
    """
    paying = [
        result for result in results if result.status == ELIGIBLE and result.version and result.version.benefit.kind in PAYING and result.unit != "万元额度"
    ]
    groups: dict[str, list[Result]] = {}
    for result in paying:
        groups.setdefault(result.policy.exclusion_group or result.policy.id, []).append(result)
    take: list[Result] = []
    leave: list[tuple[Result, Result]] = []
    certain = True
    for rivals in groups.values():
        best = max(rivals, key=lambda result: (_or_huge(_span(result)[1]), _span(result)[0]))
        take.append(best)
        for other in rivals:
            if other is not best:
                leave.append((other, best))
                high = _span(other)[1]
                certain = certain and high is not None and _span(best)[0] >= high
    spans = [_span(result) for result in take]
    highs = [high for _, high in spans]
    most = None if None in highs else sum(high for high in highs if high is not None)
    return Combination(tuple(take), tuple(leave), sum(low for low, _ in spans), most, certain)


def _span(result: Result) -> tuple[Number, Number | None]:
    """Least and most in 分."""
    scale = UNITS[AMOUNT_UNITS[result.unit or "元"]][1]
    if result.amount is not None:
        value = _scaled(result.amount, scale)
        return value, value
    if result.amount_range is None:
        return 0, None
    low, high = result.amount_range
    return _scaled(low, scale), None if high is None else _scaled(high, scale)


def _scaled(amount: Amount, scale: Number) -> Number:
    return from_decimal(Decimal(amount), scale)


def _or_huge(value: Number | None) -> Number:
    return 10**20 if value is None else value


@dataclass(frozen=True, slots=True)
class Cliff:
    """At `at` of a fact something is due or paid; one step further it is suddenly much more or less. Sums are in 分."""

    fact: Fact
    at: Number
    beyond: Number
    sum_at: Number
    sum_beyond: Number

    @property
    def sentence(self) -> str:
        """The cliff in a sentence."""
        change = self.sum_beyond - self.sum_at
        size = change if change > 0 else -change
        return (
            f"{self.fact.label}为 {say(self.at, self.fact.kind)} 时是 {say(self.sum_at, MONEY)}，到 {say(self.beyond, self.fact.kind)} 时是"
            f" {say(self.sum_beyond, MONEY)}，{'多' if change > 0 else '少'} {say(size, MONEY)}"
        )


def cliffs(policy_id: str, facts: Mapping[str, Any], as_of: dt.date, known_as_of: dt.date | None = None, *, catalogue: Catalogue | None = None) -> list[Cliff]:
    """Where the sum of this policy jumps as one known fact passes a bound, everything else staying as given.

    Money moves by 1 元, persons by one. Only jumps of more than a hundred times the step are cliffs; a bound that leaves the outcome open is
    passed over. Raises `BadInput` as `check` does.
    """
    catalogue = catalogue or installed()
    version = check(policy_id, facts, as_of, known_as_of, catalogue=catalogue).version
    found: list[Cliff] = []
    if version is None:
        return found
    for fact, bound in _bounds(version):
        if fact.name not in facts or facts[fact.name] is None:
            continue
        step = _step(fact)
        at, below, above = (_sum_if(policy_id, facts, fact, bound + way * step, as_of, known_as_of, catalogue) for way in (0, -1, 1))
        least = 100 * step if fact.kind == MONEY else 100
        for near, far, sum_near, sum_far in ((bound - step, bound, below, at), (bound, bound + step, at, above)):
            if sum_near is not None and sum_far is not None and not -least <= sum_far - sum_near <= least:
                found.append(Cliff(fact, near, far, sum_near, sum_far))
    return found


def _bounds(version: Version) -> Iterator[tuple[Fact, Number]]:
    nodes = [node for clause in version.clauses for node in clause.test.walk()]
    nodes += [node for formula in version.formulas() for node in formula.walk()]
    seen: set[tuple[str, Number]] = set()
    for node in nodes:
        if isinstance(node, Compare) and isinstance(node.left, Known) and isinstance(node.right, Constant):
            pair = (node.left.name, node.right.constant)
            if pair not in seen and node.left.fact.type in ("money", "int", "number"):
                seen.add(pair)
                yield node.left.fact, node.right.constant


def _step(fact: Fact) -> Number:
    if fact.kind == MONEY:
        return 100
    return 1 if fact.type == "int" or fact.unit == "人" else Fraction(1, 100)


def _sum_if(
    policy_id: str, facts: Mapping[str, Any], fact: Fact, value: Number, as_of: dt.date, known_as_of: dt.date | None, catalogue: Catalogue
) -> Number | None:
    """What is due or paid (at most, for a ceiling) if the fact had this value; None while that is open."""
    if value < 0:
        return None
    supposed = {**facts, fact.name: in_unit(value, fact.unit, 8)}
    try:
        result = check(policy_id, supposed, as_of, known_as_of, catalogue=catalogue)
        low, high = _span(result)
        if result.status in (ELIGIBLE, LEVIED):
            is_ceiling = result.version is not None and result.version.benefit.amount is None and result.version.benefit.up_to is not None
            return high if low == high or is_ceiling else None
        if result.status != INELIGIBLE or result.version is None:
            return None
        otherwise = result.version.benefit.otherwise
        if otherwise is None:
            return 0
        s = situation_for(catalogue, catalogue.facts.read_profile(supposed, as_of), as_of, result.known_as_of)
        due: Number | None = otherwise.value(s)
    except (BadInput, Undefined):
        return None
    return due
