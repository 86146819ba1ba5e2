"""The test cases that stand at the end of each policy file, run by `lingyan policy lint` and by the test suite."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingyan.rules.catalogue import Catalogue
from lingyan.rules.check import STATUSES, Result, check
from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.facts import read_date
from lingyan.rules.policy import Policy
from lingyan.rules.strict_yaml import Table, Text

CASE_KEYS = {
    "base", "as_of", "known_as_of", "change", "says", "status", "version", "amount", "amount_range", "outputs", "failing", "missing", "clauses", "error",
}  # fmt: skip
KNOWN_UNTIL = dt.date(2026, 11, 24)  # the cases speak of what was published when they were written


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose answer is not the one the document gives."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.sentence}"


def run_cases(policy: Policy, catalogue: Catalogue) -> Iterator[Failure | None]:
    """Run each case of one policy; None for a case that holds. Raises `BadPolicyFile` for a case that cannot be read."""
    tests = policy.tests
    if tests is None:
        return
    if not isinstance(tests, Table) or set(tests) != {"base", "cases"}:
        raise BadPolicyFile(policy.file, getattr(tests, "line", 1), "tests 应有 base 和 cases 两项")
    for case in tests["cases"]:
        yield _run(policy, catalogue, tests["base"], case)


def _run(policy: Policy, catalogue: Catalogue, bases: Table, case: Any) -> Failure | None:
    for key in case:
        if key not in CASE_KEYS:
            raise BadPolicyFile(policy.file, case.lines[key], f"案例里有不认识的键“{key}”")
    base = bases.get(case.get("base"))
    if base is None or case.get("as_of") is None or not ("status" in case or "error" in case):
        raise BadPolicyFile(policy.file, case.line, "案例要写 base、as_of 和 status")
    if "status" in case and case["status"] not in STATUSES:
        raise BadPolicyFile(policy.file, case.line, f"没有“{case['status']}”这种结论")
    given = {name: _plain(value) for name, value in {**base, **(case.get("change") or {})}.items()}
    given = {name: _typed(catalogue, name, value) for name, value in given.items()}
    try:
        as_of = read_date(str(case["as_of"]))
        known = read_date(str(case["known_as_of"])) if case.get("known_as_of") else max(as_of, KNOWN_UNTIL)
        result = check(policy.id, given, as_of, known, catalogue=catalogue)
    except BadInput as problem:
        if "error" in case and str(case["error"]) in str(problem):
            return None
        return Failure(policy.file, case.line, f"填报不合格：{problem}")
    if "error" in case:
        return Failure(policy.file, case.line, f"应拒绝（{case['error']}），却得出 {result.status}")
    wrong = list(_differences(case, result))
    return Failure(policy.file, case.line, ";".join(wrong)) if wrong else None


def _differences(case: Table, result: Result) -> Iterator[str]:
    found: dict[str, Any] = {
        "status": result.status,
        "version": result.version.id if result.version else None,
        "amount": result.amount,
        "amount_range": list(result.amount_range) if result.amount_range else None,
        "outputs": dict(result.outputs),
        "failing": sorted(result.failing_facts),
        "missing": sorted(result.missing_facts),
        "clauses": {clause.id: clause.status for clause in result.clauses},
    }
    for key, actual in found.items():
        if key not in case:
            continue
        expected = _plain(case[key])
        if key in ("failing", "missing"):
            expected = sorted(expected)
        if key == "clauses":
            actual = {name: found["clauses"].get(name) for name in expected}
        if key == "version" and expected is not None:
            expected = str(case[key])
        if expected != actual:
            yield f"{key} 应为 {_show(expected)}，得出 {_show(actual)}"


def _plain(value: Any) -> Any:
    """YAML text as the JSON value it stands for: true, false, numbers; quoted text stays text."""
    if isinstance(value, Text):
        if value.quoted:
            return str(value)
        if value in ("true", "false"):
            return value == "true"
        if re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
            number = Decimal(str(value))
            return int(number) if number == number.to_integral_value() else number.normalize()
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _typed(catalogue: Catalogue, name: str, value: Any) -> Any:
    """Dates and codes look like numbers; the catalogue knows better."""
    fact = catalogue.facts.by_name.get(name)
    is_word = fact is not None and fact.type in ("code", "date", "enum")
    return str(value) if is_word and isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _show(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_show(item) for item in value) + "]"
    return str(value)
