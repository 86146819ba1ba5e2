"""The files of the installation: complete, sound, and each of their own cases holds."""

import datetime as dt

import pytest

from lingyan.rules.cases import run_cases
from lingyan.rules.catalogue import Catalogue, load
from lingyan.rules.language import parse_quantity
from lingyan.rules.terms import Compare, Constant, Known

CATALOGUE = load(with_tests=True)
POLICIES = list(CATALOGUE.policies.values())
VERSIONS = [pytest.param(policy, version, id=f"{policy.id}/{version.id}") for policy in POLICIES for version in policy.versions]


def test_there_are_45_policies_in_75_versions_and_206_facts():
    assert len(POLICIES) == 45
    assert len(VERSIONS) == 75
    assert len(CATALOGUE.facts.by_name) == 206


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_case_in_the_file_holds(policy):
    failures = [str(failure) for failure in run_cases(policy, CATALOGUE) if failure is not None]

    assert not failures, "\n".join(failures[:10])


@pytest.mark.parametrize("policy,version", VERSIONS)
def test_every_version_has_cases_on_both_sides_of_its_dates(policy, version):
    days = {str(case["as_of"]) for case in policy.tests["cases"]}

    assert str(version.effective_from) in days
    assert str(version.effective_from - dt.timedelta(days=1)) in days
    if version.effective_to is not None:
        assert str(version.effective_to) in days
        assert str(version.effective_to + dt.timedelta(days=1)) in days


@pytest.mark.parametrize("policy,version", VERSIONS)
def test_every_fixed_bound_on_one_fact_has_cases_at_and_beside_it(policy, version):
    base = policy.tests["base"][version.id]
    changes = [case["change"] for case in policy.tests["cases"] if case["base"] == version.id and case.get("change")]
    nodes = [node for clause in version.clauses for node in clause.when.walk() if isinstance(node, Compare)]
    for node in nodes:
        if not (isinstance(node.left, Known) and isinstance(node.right, Constant)):
            continue
        tried = {_number(change[node.left.name], node.left.fact) for change in changes if change.get(node.left.name) is not None}
        tried |= {_number(base[node.left.name], node.left.fact)} if node.left.name in base else set()
        assert node.right.constant in tried, f"no case exactly at {node.text}"
        assert any(value > node.right.constant for value in tried), f"no case above {node.text}"
        assert node.right.constant == 0 or any(value < node.right.constant for value in tried), f"no case below {node.text}"


def _number(text, fact):
    return parse_quantity(f"{text}{fact.unit}", CATALOGUE.facts).value(None)


def test_facts_are_judged_exactly_where_their_label_says_so():
    for fact in CATALOGUE.facts.by_name.values():
        assert fact.judged == ("专家" in fact.label or "人工" in fact.label)


def test_policies_without_a_read_source_say_that_the_official_document_counts():
    catalogue: Catalogue = CATALOGUE
    from lingyan.rules import check

    for policy in catalogue.policies.values():
        for version in policy.versions:
            remarks = check(policy.id, {}, version.effective_to or dt.date(2026, 11, 24), today=dt.date(2026, 11, 24)).remarks
            assert ("以官方文件为准" in remarks) == (version.trust != "read")
