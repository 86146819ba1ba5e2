"""What an enterprise just misses: one clause refused, by a figure, with everything else met.

Only figures count, never a record of conduct or an answer of yes and no: those are not for "improving".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lingyan.rules.catalogue import Catalogue, installed
from lingyan.rules.check import INELIGIBLE, MET, UNMET, Result, checkup
from lingyan.rules.derive import situation_for
from lingyan.rules.exact import Number, say
from lingyan.rules.terms import OUGHT, And, Compare, Constant, Facts, HiresCompare, If, Or, Situation, Truth, Undefined


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A figure that stands in the way of one policy: what it is, what it ought to be, and how far off (a share of what it ought to be)."""

    result: Result
    clause_id: str
    facts: tuple[str, ...]
    have: Number
    need: Number
    off: Fraction
    sentence: str


def near_misses(
    facts: Mapping[str, Any],
    as_of: dt.date,
    known_as_of: dt.date | None = None,
    *,
    within: Fraction = Fraction(1, 5),
    catalogue: Catalogue | None = None,
) -> list[NearMiss]:
    """The policies this enterprise misses by one figure that is at most `within` off, nearest first.

    Of several ways to meet the clause the nearest is named. Arguments and errors as for `checkup`.
    """
    catalogue = catalogue or installed()
    results = checkup(facts, as_of, known_as_of, catalogue=catalogue)
    found: list[NearMiss] = []
    for result in results:
        unmet = [clause for clause in result.clauses if clause.status == UNMET]
        if result.status != INELIGIBLE or len(unmet) != 1 or any(clause.status not in (MET, UNMET, "not_applicable") for clause in result.clauses):
            continue
        s = situation_for(catalogue, catalogue.facts.read_profile(facts, as_of), as_of, result.known_as_of)
        assert result.version is not None  # it is in force, for a clause was refused
        clause = next(clause for clause in result.version.clauses if clause.id == unmet[0].id)
        ways = sorted(_ways(result, clause.id, clause.when, s), key=lambda miss: miss.off)
        found += [miss for miss in ways[:1] if miss.off <= within]
    return sorted(found, key=lambda miss: miss.off)


def _ways(result: Result, clause_id: str, node: Truth, s: Situation) -> Iterator[NearMiss]:
    """Each single figure whose improvement alone would meet the node."""
    if isinstance(node, Or):
        for part in node.of:
            yield from _ways(result, clause_id, part, s)
    elif isinstance(node, And):
        missed = [part for part in node.of if part.truth(s) is not True]
        if len(missed) == 1:
            yield from _ways(result, clause_id, missed[0], s)
    elif isinstance(node, If):
        for part in node.branches(s):
            yield from _ways(result, clause_id, part, s)
    elif isinstance(node, Compare) and not isinstance(node, HiresCompare) and isinstance(node.right, Constant):
        try:
            have = node.left.value(s)
        except Undefined:
            return
        need = node.right.constant
        if have is None or node.op in ("==", "!="):
            return
        base = need if need > 0 else 1
        off = abs(Fraction(need) - have) / base
        text = f"{node.left.text}为 {say(have, node.left.kind)}，应{OUGHT[node.op]} {node.right.text}"
        yield NearMiss(result, clause_id, tuple(_names(node.facts())), have, need, off, text)


def _names(facts: Facts) -> list[str]:
    return list(facts)
