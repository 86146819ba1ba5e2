"""The answer to "does this policy apply to this enterprise, and what does it bring?", with reasons.

The outcome is the first that holds of: not_in_force, not_applicable (outside the place or the persons the policy is for), ineligible
(a clause is certainly not met, whatever else is missing), unknown, manual_review (only what people judge is still open), eligible;
`classified` and `levied` stand for eligible where a policy classifies or levies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

from lingyan.rules.catalogue import Catalogue, installed
from lingyan.rules.derive import inputs_missing, situation_for
from lingyan.rules.errors import BadInput
from lingyan.rules.exact import BOOL, ENUM, PLAIN, Number, in_unit
from lingyan.rules.facts import Fact
from lingyan.rules.policy import AMOUNT_UNITS, LEVIES, Benefit, Clause, Policy, Version
from lingyan.rules.terms import Among, Compare, Constant, Facts, HiresCounted, Known, Lookup, Quantity, Situation, Undefined

NOT_IN_FORCE, NOT_APPLICABLE, INELIGIBLE, UNKNOWN = "not_in_force", "not_applicable", "ineligible", "unknown"
MANUAL_REVIEW, ELIGIBLE, CLASSIFIED, LEVIED = "manual_review", "eligible", "classified", "levied"
STATUSES = (NOT_IN_FORCE, NOT_APPLICABLE, INELIGIBLE, UNKNOWN, MANUAL_REVIEW, ELIGIBLE, CLASSIFIED, LEVIED)
MET, UNMET = "met", "unmet"
LATEST_DAY = dt.date(2100, 1, 1)
EARLIEST_DAY = dt.date(1949, 10, 1)

Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """What became of one clause."""

    id: str
    status: str
    says: str
    quote: str
    condition: str
    facts: tuple[str, ...]
    missing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer for one policy. Amounts are in `unit`; `amount_range` holds what is possible where no amount can be promised."""

    policy: Policy
    version: Version | None
    status: str
    as_of: dt.date
    known_as_of: dt.date
    clauses: tuple[ClauseResult, ...] = ()
    failing_facts: tuple[str, ...] = ()
    missing_facts: tuple[str, ...] = ()
    amount: Amount | None = None
    amount_range: tuple[Amount, Amount | None] | None = None
    unit: str | None = None
    outputs: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result as the command prints it."""
        version = self.version
        return {
            "policy": self.policy.id,
            "version": version.id if version else None,
            "status": self.status,
            "amount": self.amount,
            "amount_range": list(self.amount_range) if self.amount_range else None,
            "unit": self.unit,
            "outputs": dict(self.outputs),
            "failing_facts": list(self.failing_facts),
            "missing_facts": list(self.missing_facts),
            "clauses": [
                {
                    "id": clause.id,
                    "status": clause.status,
                    "says": clause.says,
                    "quote": clause.quote or None,
                    "condition": clause.condition,
                    "facts": list(clause.facts),
                    "missing_facts": list(clause.missing),
                    "reasons": list(clause.reasons),
                }
                for clause in self.clauses
            ],
            "trust": version.trust if version else None,
            "remarks": list(self.remarks),
        }


def check(
    policy_id: str,
    facts: Mapping[str, Any],
    as_of: dt.date,
    known_as_of: dt.date | None = None,
    *,
    catalogue: Catalogue | None = None,
    today: dt.date | None = None,
) -> Result:
    """One policy for one enterprise. `facts` are in the catalogue's units; null or absent means not known.

    `as_of` is the day whose law counts, `known_as_of` the day up to which publications are known (default: `as_of` or `today`,
    whichever is later). Raises `BadInput` with a sentence when the profile or a date cannot be right.
    """
    catalogue = catalogue or installed()
    return _check_all([catalogue.policy(policy_id)], facts, as_of, known_as_of, catalogue, today)[0]


def checkup(
    facts: Mapping[str, Any],
    as_of: dt.date,
    known_as_of: dt.date | None = None,
    *,
    catalogue: Catalogue | None = None,
    today: dt.date | None = None,
) -> list[Result]:
    """Every policy for one enterprise, with reasons. Arguments as for `check`."""
    catalogue = catalogue or installed()
    return _check_all(catalogue.policies.values(), facts, as_of, known_as_of, catalogue, today)


def size_class(industry: str | None, staff: Any = None, revenue: Any = None, assets: Any = None, *, as_of: dt.date | None = None) -> str | None:
    """large, medium, small or micro by 工信部联企业〔2011〕300号, None while it is open.

    `staff` in persons, `revenue` and `assets` in 万元; None is not known. Raises `BadInput` for an unknown industry or a negative figure.
    """
    facts = {"size_industry": industry, "staff_y1": staff, "revenue_y1": revenue, "total_assets_y1": assets}
    found = check("sme-size", facts, as_of or today_here()).outputs.get("size_class")
    return str(found) if found is not None else None


def today_here() -> dt.date:
    """Today in China."""
    return dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8))).date()  # Asia/Shanghai keeps no summer time


def _check_all(
    policies: Iterable[Policy],
    facts: Mapping[str, Any],
    as_of: dt.date,
    known_as_of: dt.date | None,
    catalogue: Catalogue,
    today: dt.date | None,
) -> list[Result]:
    known_as_of = known_as_of or max(as_of, today or today_here())
    for day in (as_of, known_as_of):
        if not EARLIEST_DAY <= day < LATEST_DAY:
            raise BadInput(f"日期 {day} 不在合理范围内（{EARLIEST_DAY} 至 {LATEST_DAY}）")
    if not isinstance(facts, Mapping):
        raise BadInput("facts 应是一组事实项")
    s = situation_for(catalogue, catalogue.facts.read_profile(facts, as_of), as_of, known_as_of)
    return [_Checker(policy, s, known_as_of, catalogue).result() for policy in policies]


class _Checker:
    def __init__(self, policy: Policy, s: Situation, known_as_of: dt.date, catalogue: Catalogue) -> None:
        self.policy, self.s, self.known_as_of, self.catalogue = policy, s, known_as_of, catalogue

    def result(self) -> Result:
        policy, s = self.policy, self.s
        application_type = s.known.get("application_type")
        version = policy.version_for(s.as_of, self.known_as_of, application_type if isinstance(application_type, str) else None)
        if version is None:
            return Result(policy, None, NOT_IN_FORCE, s.as_of, self.known_as_of, remarks=(self._why_not_in_force(),))
        truths = [clause.test.truth(s) for clause in version.clauses]
        status, failing, missing = self._status(version, truths)
        outputs = self._outputs(version)
        amount: Amount | None = None
        amount_range: tuple[Amount, Amount | None] | None = None
        if status == ELIGIBLE:
            benefit = version.benefit
            if version.classes is not None:
                status, missing = CLASSIFIED, {}
                if version.classes.output not in outputs:
                    status, missing = UNKNOWN, version.classes.needs(s)
            else:
                amount, amount_range, missing = self._money(benefit)
                if benefit.kind in LEVIES:
                    status = LEVIED if amount is not None or amount_range is not None else UNKNOWN
        return Result(
            policy,
            version,
            status,
            s.as_of,
            self.known_as_of,
            clauses=tuple(self._clause(clause, truth) for clause, truth in zip(version.clauses, truths, strict=True)),
            failing_facts=tuple(failing),
            missing_facts=tuple(self._smallest(missing)),
            amount=amount,
            amount_range=amount_range,
            unit=version.benefit.unit,
            outputs=outputs,
            remarks=tuple(self._remarks(version, status)),
        )

    # ---- outcome ----

    def _status(self, version: Version, truths: list[bool | None]) -> tuple[str, Facts, Facts]:
        s = self.s
        pairs = list(zip(version.clauses, truths, strict=True))
        for status, in_scope in ((NOT_APPLICABLE, True), (INELIGIBLE, False)):
            failing = [clause for clause, truth in pairs if truth is False and clause.scope is in_scope]
            if failing:
                return status, _union(clause.test.failing(s) for clause in failing), {}
        open_facts = _union(clause.test.needs(s) for clause, truth in pairs if truth is None)
        ordinary = {name: fact for name, fact in open_facts.items() if not fact.judged}
        if ordinary:
            return UNKNOWN, {}, ordinary
        if None in truths:
            return MANUAL_REVIEW, {}, open_facts
        return ELIGIBLE, {}, {}

    def _smallest(self, missing: Facts) -> Facts:
        """Ask for the inputs of a derived fact instead of the fact when that asks no more and some are given already."""
        asked = dict(missing)
        for name in missing:
            inputs, begun = inputs_missing(self.catalogue, name, self.s, self.known_as_of)
            new = {other: fact for other, fact in inputs.items() if other not in asked}
            if begun and inputs and len(new) <= 1 and name not in inputs:
                del asked[name]
                asked.update(new)
        return asked

    def _clause(self, clause: Clause, truth: bool | None) -> ClauseResult:
        s = self.s
        missing: Facts = {}
        reasons: list[str] = []
        if clause.applies is not None and clause.applies.truth(s) is False:
            status = NOT_APPLICABLE
        elif truth is True:
            status = MET
        elif truth is False:
            status = UNMET
            reasons = clause.when.reasons(s)
        else:
            missing = clause.test.needs(s)
            status = MANUAL_REVIEW if all(fact.judged for fact in missing.values()) else UNKNOWN
        return ClauseResult(clause.id, status, clause.says, clause.quote, clause.when.text, clause.fact_names, tuple(missing), tuple(reasons))

    # ---- what it brings ----

    def _outputs(self, version: Version) -> dict[str, Any]:
        s = self.s
        outputs: dict[str, Any] = {}
        if version.classes is not None:
            possible = version.classes.possible(s)
            if len(possible) == 1:
                outputs[version.classes.output] = next(iter(possible))
        if version.score is not None:
            total = version.score.total(s)
            if total is not None:
                outputs["score"] = in_unit(total, PLAIN)
        for name, formula in version.benefit.outputs.items():
            value = _value(formula, s)
            if value is not None:
                outputs[name] = self._in_unit(value, version.benefit)
        return outputs

    def _money(self, benefit: Benefit) -> tuple[Amount | None, tuple[Amount, Amount | None] | None, Facts]:
        """(amount, range, facts still missing for it)."""
        if benefit.at_least is not None:
            low, _, missing = self._bounds(benefit.at_least)
            return (None, None, missing) if low is None else (None, (self._in_unit(low, benefit), None), missing)
        zero: tuple[Number | None, Number | None, Facts] = (0, 0, {})
        low, high, missing = self._bounds(benefit.amount) if benefit.amount is not None else zero
        _, ceiling, more = self._bounds(benefit.up_to) if benefit.up_to is not None else zero
        missing = missing | more
        if benefit.amount is None and benefit.up_to is None:
            return None, None, {}
        if low is None or high is None or ceiling is None:
            return None, None, missing
        if low == high + ceiling and benefit.amount is not None:
            return self._in_unit(low, benefit), None, missing
        return None, (self._in_unit(low, benefit), self._in_unit(high + ceiling, benefit)), missing

    def _bounds(self, formula: Quantity) -> tuple[Number | None, Number | None, Facts]:
        """The least and most a formula can give when only a choice (yes/no, option, list of persons) is open; None otherwise."""
        s = self.s
        value = _value(formula, s)
        if value is not None:
            return value, value, {}
        missing = formula.needs(s)
        choices: dict[str, Iterable[Any]] = {}
        for name, fact in missing.items():
            if fact.kind == BOOL:
                choices[name] = (True, False)
            elif fact.kind == ENUM and fact.values:
                choices[name] = s.possible.get(name, tuple(fact.values))
        for node in formula.walk():
            if isinstance(node, Lookup) and node.of.name in missing and node.of.name not in choices:
                choices[node.of.name] = [*node.table, *_compared(formula, node.of.name)]  # a step of a table is a choice too
        counts: list[int | None] = [None]
        for node in formula.walk():
            if isinstance(node, HiresCounted) and node.kind == "人":
                counted = node.at_least_and_at_most(s)
                counts = [None] if counted is None else list(counted)
        values: list[Number] = []
        for combination in product(*choices.values()):
            supposed = s.supposing(**dict(zip(choices, combination, strict=True)))
            for count in counts:
                supposed.hires_counted = count
                found = _value(formula, supposed)
                if found is None:
                    return None, None, missing | formula.needs(supposed)
                values.append(found)
        low, high = min(values), max(values)
        return low, high, {} if low == high else missing

    def _in_unit(self, value: Number, benefit: Benefit) -> Amount:
        return in_unit(value, AMOUNT_UNITS[benefit.unit or "元"])

    # ---- what else to say ----

    def _why_not_in_force(self) -> str:
        s, versions = self.s, self.policy.versions
        later = [version for version in versions if version.holds_on(s.as_of)]
        if later:
            return f"适用于 {s.as_of} 的版本 {later[0].id} 在 {self.known_as_of} 尚未发布（发布日 {later[0].known_from}）"
        lapsed = [version for version in versions if version.effective_to is not None and version.effective_to < s.as_of]
        if lapsed:
            last = max(lapsed, key=lambda version: version.effective_to or s.as_of)
            return f"已于 {last.effective_to} 到期（版本 {last.id}），是否延续以官方文件为准"
        return f"{min(version.effective_from for version in versions)} 起才施行"

    def _remarks(self, version: Version, status: str) -> list[str]:
        remarks: list[str] = []
        if version.trust != "read":
            remarks.append("以官方文件为准")
        if version.published_on is None:
            remarks.append(f"发布日期未查明，按施行日 {version.effective_from} 起算")
        if any(other.also_for for other in self.policy.versions) and "application_type" not in self.s.known:
            remarks.append("未填申请类型，按新申请判断")
        if status == ELIGIBLE:
            benefit = version.benefit
            remarks += dict.fromkeys(
                f"{why}，不能据此算额" for formula in (benefit.amount, benefit.up_to, benefit.at_least) if (why := _why_none(formula, self.s))
            )
        if self.policy.competitive and status == ELIGIBLE:
            remarks.append("择优遴选，符合条件不等于获得")
        if version.benefit.not_read:
            remarks.append("金额条款未读到，不能据此算额")
        if version.benefit.up_to is not None and status == ELIGIBLE:
            remarks.append("金额为上限，不是承诺")
        if version.benefit.at_least is not None and status == ELIGIBLE:
            remarks.append("金额为下限，不是固定额")
        if version.windows and not any(first <= self.s.as_of <= last for first, last in version.windows):
            remarks.append("申报窗口 " + "、".join(f"{first} 至 {last}" for first, last in version.windows) + f"，{self.s.as_of} 不在窗口内")
        return remarks


def _value(formula: Quantity, s: Situation) -> Number | None:
    try:
        value: Number | None = formula.value(s)
    except Undefined:
        return None
    return value


def _why_none(formula: Quantity | None, s: Situation) -> str:
    """Why a formula has no value though nothing is missing; empty where it has one."""
    try:
        if formula is not None:
            formula.value(s)
    except Undefined as problem:
        return str(problem)
    return ""


def _compared(formula: Quantity, name: str) -> list[Any]:
    """The values with which the formula itself compares this fact for equality: rows that a table need not have (0 = none)."""
    found: list[Any] = []
    for node in formula.walk():
        if isinstance(node, Among) and node.name == name:
            found += sorted(node.words)
        elif isinstance(node, Compare) and node.op == "==" and isinstance(node.left, Known) and node.left.name == name and isinstance(node.right, Constant):
            found.append(node.right.constant)
    return found


def _union(found: Iterable[Mapping[str, Fact]]) -> Facts:
    facts: Facts = {}
    for some in found:
        facts.update(some)
    return facts
