"""Facts that follow from other facts: size class and small low-profit by their own dated policies, a few others by definition.

A derived fact is computed where it is absent. Where it is given and certainly contradicts the computed one, both are named and the
profile is refused. Where the inputs leave several values open, the open values are kept: a condition that all of them meet is met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from lingyan.rules.catalogue import Catalogue
from lingyan.rules.errors import BadInput
from lingyan.rules.facts import Fact, Value
from lingyan.rules.policy import Version
from lingyan.rules.terms import And, Situation

NINGBO, ZHEJIANG = "3302", "33"


def situation_for(catalogue: Catalogue, known: Mapping[str, Value], as_of: dt.date, known_as_of: dt.date) -> Situation:
    """The profile with every derived fact worked out as far as it goes. Raises `BadInput` on a contradiction."""
    s = Situation(dict(known), as_of, {})
    _by_definition(catalogue, s)
    possible: dict[str, frozenset[str]] = {}
    for name in catalogue.deriving:
        version = deriving_version(catalogue, name, s, known_as_of)
        if version is None:
            continue
        fact = catalogue.facts.by_name[name]
        given = s.known.get(name)
        if version.classes is not None:
            inputs = version.classes.facts()
            if version.classes.industry.name not in s.known:
                continue
            open_values = version.classes.possible(s)
            if given is not None and given not in open_values:
                _contradiction(fact, given, sorted(open_values), inputs, s)
            if given is None and len(open_values) == 1:
                s.known[name] = next(iter(open_values))  # type: ignore[index]
            elif given is None:
                possible[name] = open_values
        else:
            condition = And([clause.test for clause in version.clauses])
            truth = condition.truth(s)
            if truth is not None and given is not None and truth != given:
                _contradiction(fact, given, [truth], condition.facts(), s)
            if truth is not None:
                s.known[name] = truth  # type: ignore[index]
    s.possible = possible
    return s


def deriving_version(catalogue: Catalogue, name: str, s: Situation, known_as_of: dt.date) -> Version | None:
    """The version of the policy that works out this fact, on the day in question."""
    return catalogue.deriving[name].version_for(s.as_of, known_as_of, None)


def inputs_missing(catalogue: Catalogue, name: str, s: Situation, known_as_of: dt.date) -> tuple[dict[str, Fact], bool]:
    """The absent facts from which `name` could still be worked out, and whether working it out has begun."""
    if name not in catalogue.deriving:
        return {}, False
    version = deriving_version(catalogue, name, s, known_as_of)
    if version is None:
        return {}, False
    if version.classes is not None:
        return version.classes.needs(s), version.classes.industry.name in s.known
    condition = And([clause.test for clause in version.clauses])
    return condition.needs(s), any(other in s.known for other in condition.facts())


def _by_definition(catalogue: Catalogue, s: Situation) -> None:
    region = s.known.get("region_code")
    if isinstance(region, str):
        _settle(catalogue, s, "in_ningbo", region.startswith(NINGBO), ("region_code",))
        _settle(catalogue, s, "registered_in_zhejiang", region.startswith(ZHEJIANG), ("region_code",))
    elif s.known.get("in_ningbo") is True:
        s.known.setdefault("registered_in_zhejiang", True)  # type: ignore[attr-defined]
    established = s.known.get("established_on")
    if isinstance(established, dt.date) and "established_within_3y" not in s.known:
        # a given answer stands: the documents count the three years to days of their own
        s.known["established_within_3y"] = s.as_of <= years_after(established, 3)  # type: ignore[index]


def _settle(catalogue: Catalogue, s: Situation, name: str, computed: bool, by: tuple[str, ...]) -> None:
    given = s.known.get(name)
    if given is not None and given != computed:
        inputs = {other: catalogue.facts.by_name[other] for other in by}
        _contradiction(catalogue.facts.by_name[name], given, [computed], inputs, s)
    s.known[name] = computed  # type: ignore[index]


def _contradiction(fact: Fact, given: Value, computed: Sequence[Value], inputs: Mapping[str, Fact], s: Situation) -> None:
    """Refuse the profile, naming both: what was given and what follows from the other facts."""

    def word(value: Value) -> str:
        if isinstance(value, bool):
            return "是（true）" if value else "否（false）"
        return f"{fact.values.get(str(value), value)}（{value}）"

    used = "、".join(f"{name}（{other.label}）" for name, other in inputs.items() if name in s.known and name != fact.name)
    raise BadInput(f"{fact.name}（{fact.label}）填的是{word(given)}，但按 {used} 推算应为{'或'.join(map(word, computed))}，两者矛盾，请核对")


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
