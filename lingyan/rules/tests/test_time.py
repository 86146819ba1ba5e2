"""Law time and knowledge time: which version governs, and what was known of it."""

import datetime as dt

import pytest

from lingyan.rules import check

TODAY = dt.date(2026, 11, 24)


def version_of(policy, as_of, known_as_of=None, **facts):
    version = check(policy, facts, dt.date.fromisoformat(as_of), known_as_of and dt.date.fromisoformat(known_as_of), today=TODAY).version
    return version and version.id


@pytest.mark.parametrize(
    "policy,as_of,version",
    [
        ("srdi-sme", "2026-03-31", "2022"),
        ("srdi-sme", "2026-04-01", "2026"),
        ("equipment-loan", "2026-01-18", "2024b"),
        ("equipment-loan", "2026-01-19", "2026"),
        ("equipment-loan", "2026-12-31", "2026"),
        ("equipment-loan", "2027-01-01", None),
        ("small-low-profit-cit", "2027-12-31", "2023"),
        ("small-low-profit-cit", "2028-01-01", None),
        ("ui-rate", "2026-01-01", None),
    ],
)
def test_the_day_chooses_the_version_and_a_lapsed_policy_is_never_extended(policy, as_of, version):
    assert version_of(policy, as_of) == version


@pytest.mark.parametrize(
    "known_as_of,version",
    [("2026-03-01", None), ("2026-06-17", None), ("2026-06-18", "2026"), (None, "2026")],
)
def test_a_retroactive_renewal_is_not_known_before_it_is_published(known_as_of, version):
    assert version_of("ui-stabilisation", "2026-03-01", known_as_of) == version


def test_the_refusal_says_that_it_was_not_published_yet():
    result = check("ui-stabilisation", {}, dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    assert result.status == "not_in_force"
    assert "尚未发布" in result.remarks[0]


@pytest.mark.parametrize(
    "application_type,as_of,version",
    [
        ("new", "2026-05-01", "2026"),
        (None, "2026-05-01", "2026"),
        ("review", "2026-03-31", "2022"),
        ("review", "2026-05-01", "2022"),
        ("review", "2026-12-31", "2022"),
        ("review", "2027-01-01", "2026"),
    ],
)
def test_a_review_goes_on_under_the_old_standard_for_its_year(application_type, as_of, version):
    assert version_of("little-giant", as_of, application_type=application_type) == version


def test_an_unknown_publication_counts_from_the_first_day_and_is_marked():
    result = check("hnte-cit-15", {"cert_hnte_valid": True, "taxable_income": 1}, dt.date(2008, 1, 1), dt.date(2008, 1, 1))

    assert result.status == "eligible"
    assert "发布日期未查明，按施行日 2008-01-01 起算" in result.remarks


def test_knowledge_defaults_to_today_or_the_day_itself_whichever_is_later():
    early = check("ui-stabilisation", {}, dt.date(2026, 3, 1), today=dt.date(2026, 4, 1))
    late = check("ui-stabilisation", {}, dt.date(2026, 7, 1), today=dt.date(2026, 4, 1))

    assert (early.status, late.status) == ("not_in_force", "unknown")


def test_a_closed_window_is_said():
    assert any("不在窗口内" in remark for remark in check("tech-sme", {}, dt.date(2026, 9, 1)).remarks)
    assert not any("不在窗口内" in remark for remark in check("tech-sme", {}, dt.date(2026, 8, 31)).remarks)


@pytest.mark.parametrize("established,status", [("2025-06-01", "met"), ("2025-06-02", "unmet")])
def test_365_calendar_days_are_counted(established, status):
    clauses = check("hnte", {"established_on": established}, dt.date(2026, 6, 1)).clauses

    assert {clause.id: clause.status for clause in clauses}["established"] == status
