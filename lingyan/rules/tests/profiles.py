"""Random enterprises whose figures stand at, just below and just above the bounds of the rules, with facts left out."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

from lingyan.rules import BadInput
from lingyan.rules.catalogue import Catalogue
from lingyan.rules.exact import ENUM, MONEY, RATIO, UNITS, in_unit
from lingyan.rules.terms import Among, Compare, Constant, Gather, Growth, Known, Ratio

MODERATE = {"money": [0, 1, 90, 300, 5000, 40000], "count": [0, 1, 2, 5, 30, 100, 310], "%": [1, 5, 30, 60, 100]}


class Profiles:
    """`make(random)` gives one profile in catalogue units."""

    def __init__(self, catalogue: Catalogue, as_of: dt.date) -> None:
        self.catalogue, self.as_of = catalogue, as_of
        nodes = [
            node
            for policy in catalogue.policies.values()
            for version in policy.versions
            for part in [
                *(clause.test for clause in version.clauses),
                *version.formulas(),
                *([bounds for row in version.classes.rows.values() for _, bounds in row] if version.classes else []),
            ]
            for node in part.walk()
        ]
        self.bounds: dict[str, set[Fraction]] = {}
        self.words: dict[str, set[str]] = {}
        self.shares: list[tuple[Ratio, Fraction]] = []
        self.growths: list[tuple[Growth, Fraction]] = []
        for node in nodes:
            if isinstance(node, Among):
                self.words.setdefault(node.name, set()).update(map(str, node.words) if node.of.kind == ENUM else [])
                if node.of.kind != ENUM:
                    self.bounds.setdefault(node.name, set()).update(map(Fraction, node.words))
            if not (isinstance(node, Compare) and isinstance(node.right, Constant)):
                continue
            if isinstance(node.left, Known):
                self.bounds.setdefault(node.left.name, set()).add(Fraction(node.right.constant))
            elif isinstance(node.left, Ratio):
                self.shares.append((node.left, Fraction(node.right.constant)))
            elif isinstance(node.left, Growth):
                self.growths.append((node.left, Fraction(node.right.constant)))
        self.names = sorted({name for policy in catalogue.policies.values() for version in policy.versions for name in version.facts()})

    def make(self, rng: random.Random, *, left_out: float | None = None) -> dict[str, object]:
        left_out = rng.choice([0, 0.02, 0.1, 0.5]) if left_out is None else left_out
        while True:
            profile = {name: self._value(rng, name) for name in self.names}
            profile = {name: value for name, value in profile.items() if value is not None}
            for _ in range(rng.choice([0, 3, 12])):
                self._set_share(rng, profile)
            self._agree(rng, profile)
            for name in list(profile):
                if rng.random() < left_out:
                    del profile[name]
            try:
                self.catalogue.facts.read_profile(profile, self.as_of)
            except BadInput:
                continue  # a share pushed over 100 %, 元 beside 万元: refused, so not a profile
            return profile

    def _value(self, rng: random.Random, name: str) -> object:
        fact = self.catalogue.facts.by_name[name]
        if fact.type == "bool":
            return rng.random() < 0.5
        if fact.type == "code":
            return rng.choice(["330281", "330282", "330203", "330211", "330206", "330106", "310000"])
        if fact.type == "enum":
            return rng.choice([*fact.values, *(["别的"] if fact.open else [])])
        if fact.type == "date":
            return (self.as_of - dt.timedelta(days=rng.choice([0, 364, 365, 366, 1094, 1095, 1096, 4000]))).isoformat()
        if fact.type == "persons":
            groups = [*self.catalogue.facts.groups_of_persons, "other", None]
            return [
                {"group": rng.choice(groups), "labor_contract": rng.choice([True, True, False, None]), "paid_months": rng.choice([0, 1, 2, 3, None])}
                for _ in range(rng.choice([0, 1, 2, 5]))
            ]
        step = Fraction(1) if fact.type == "int" else Fraction(100) if fact.kind == MONEY else Fraction(1, 10000) if fact.kind == RATIO else Fraction(1, 100)
        bounds = sorted(self.bounds.get(name, ()))
        if bounds and rng.random() < 0.7:
            value = rng.choice(bounds) + rng.choice([-1, 0, 0, 1]) * step
        elif fact.kind == MONEY:
            value = Fraction(rng.choice(MODERATE["money"]) * UNITS[fact.unit][1])
        elif fact.kind == RATIO:
            value = Fraction(rng.choice(MODERATE["%"]), 100)
        else:
            value = Fraction(rng.choice(MODERATE["count"]))
        if fact.may_be_negative and rng.random() < 0.1:
            value = -value
        return self._out(name, value)

    def _out(self, name: str, value: Fraction) -> object:
        fact = self.catalogue.facts.by_name[name]
        if value < 0 and not fact.may_be_negative:
            value = Fraction(0)
        number = in_unit(value, "%" if fact.type == "percent" else fact.unit if fact.kind == MONEY else "", 6 if fact.kind != MONEY else None)
        return int(number) if fact.type == "int" else number

    def _set_share(self, rng: random.Random, profile: dict[str, object]) -> None:
        """Make a share or growth stand exactly at, or a hair beside, one of its bounds."""
        if rng.random() < 0.3 and self.growths:
            growth, bound = rng.choice(self.growths)
            new, *old = [part.name for part in growth.years]  # type: ignore[attr-defined]
            base = Fraction(Decimal(str(profile[old[0]])))
            value = base * (1 + bound * len(old))
            if len(old) == 2:
                profile[old[1]] = profile[old[0]]
        else:
            ratio, bound = rng.choice(self.shares)
            if isinstance(ratio.above, Gather):
                return
            new, below = ratio.above.name, ratio.below.name  # type: ignore[attr-defined]
            value = Fraction(Decimal(str(profile[below]))) * bound
        fact = self.catalogue.facts.by_name[new]
        if fact.type == "int":
            profile[new] = max(0, int(value) + rng.choice([0, 0, 1, -1]))
        else:
            profile[new] = self._out(new, value * UNITS[fact.unit][1] + rng.choice([0, 0, 1, -1]))

    def _agree(self, rng: random.Random, profile: dict[str, object]) -> None:
        """Drop the derived facts that could contradict, or their inputs."""
        for derived, inputs in (("size_class", ["size_industry"]), ("is_slp", ["taxable_income_y0", "staff_qavg_y0", "assets_qavg_y0"])):
            for name in [derived] if rng.random() < 0.6 else inputs:
                profile.pop(name, None)
        if rng.random() < 0.5:
            for name in ("in_ningbo", "registered_in_zhejiang"):
                profile.pop(name, None)
        else:
            profile.pop("region_code", None)
            if profile.get("in_ningbo"):
                profile["registered_in_zhejiang"] = True
        if rng.random() < 0.5:
            profile.pop("established_within_3y", None)
        if profile.get("prohibited_or_restricted_industry"):
            profile.pop("is_slp", None)
