"""The columnar kernel answers exactly what `check` answers, row by row."""

import dataclasses
import datetime as dt
import random

import numpy as np
import pytest

from lingyan.rules import BadInput, checkup, installed
from lingyan.rules.catalogue import Catalogue
from lingyan.rules.kernel import STATUS_CODES, Kernel, delta
from lingyan.rules.tests.profiles import Profiles

JUNE = dt.date(2026, 6, 1)
DAYS = ["2026-06-01", "2026-01-10", "2025-12-31", "2024-06-15", "2023-06-30", "2022-12-31", "2019-12-31", "2015-12-31", "2010-06-01"]


def compare(day, profiles):
    outcome = (kernel := Kernel(day, day)).run(kernel.encode_profiles(profiles))
    for row, profile in enumerate(profiles):
        try:
            expected = {result.policy.id: result.status for result in checkup(profile, day, day)}
        except BadInput:
            expected = dict.fromkeys(installed().policies, "refused")
        found = {policy: STATUS_CODES[outcome.status(policy)[row]] for policy in expected}
        assert found == expected, profile


@pytest.mark.parametrize("day", [DAYS[0], *(pytest.param(day, marks=pytest.mark.slow) for day in DAYS[1:])])
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_it_agrees_with_the_single_path_around_every_bound(day, seed):
    day = dt.date.fromisoformat(day)
    make, rng = Profiles(installed(), day), random.Random(seed)

    compare(day, [make.make(rng) for _ in range(60)])


def test_contradictions_bad_figures_and_figures_too_fine_for_a_column_agree_too():
    compare(
        JUNE,
        [
            {},
            {"size_industry": "industrial", "staff_y1": 310, "revenue_y1": 38000, "size_class": "small"},
            {"region_code": "330106", "in_ningbo": True},
            {"in_ningbo": True, "registered_in_zhejiang": False},
            {"revenue_y1": -1},
            {"revenue_y1": "2万元", "rd_expense_y1": "0.06000000001万元"},
            {"market_share_pct": "9.9999999999999%"},
            {"revenue_y1": "9000000000万元"},
            {"established_on": "2023-06-01"},
            {"established_on": "2023-05-31"},
        ],
    )


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_growth_over_three_years_is_exact_to_the_fen(beside):
    base = {"net_profit_y3": "3333333.33元", "net_profit_y2": "4444444.44元"}
    exact = 444444444 * (22 * 333333333 - 10 * 444444444) / (10 * 333333333)  # 分, at 10 % a year on average
    for fen in (int(exact), int(exact) + 1):
        compare(JUNE, [{**base, "net_profit_y1": f"{(fen + beside) / 100:.2f}元"}])


def test_who_may_claim_is_the_reverse_question():
    kernel = Kernel(JUNE)
    profiles = [{"cert_hnte_valid": answer} for answer in (True, False, None, True)]

    outcome = kernel.run(kernel.encode_profiles(profiles))

    assert outcome.enterprises("hnte-cit-15").tolist() == [0, 3]
    assert outcome.enterprises("hnte-cit-15", "unknown").tolist() == [2]
    assert outcome.counts("hnte-cit-15") == {"eligible": 2, "ineligible": 1, "unknown": 1}


def test_a_new_version_shows_who_gains_loses_and_becomes_unknown():
    good = {"equipment_renewal_project": True, "loan_from_participating_bank": True}
    profiles = [
        good,
        {**good, "equipment_renewal_project": False, "sci_tech_loan_2026": True},  # only the new version takes science loans
        {**good, "equipment_renewal_project": False},  # unknown whether it is one
        {**good, "equipment_renewal_project": False, "sci_tech_loan_2026": False},
    ]
    before, after = Kernel(dt.date(2026, 1, 18)), Kernel(dt.date(2026, 1, 19))

    change = delta(before.run(before.encode_profiles(profiles)), after.run(after.encode_profiles(profiles)), "equipment-loan")

    assert (change.gains.tolist(), change.loses.tolist(), change.becomes_unknown.tolist()) == ([1], [], [2])


def test_a_lapse_makes_everyone_lose():
    last, next_day = Kernel(dt.date(2027, 12, 31)), Kernel(dt.date(2028, 1, 1))
    profiles = [{"vat_taxpayer_type": "small_scale"}] * 3

    change = delta(last.run(last.encode_profiles(profiles)), next_day.run(next_day.encode_profiles(profiles)), "six-tax-two-fee")

    assert change.loses.tolist() == [0, 1, 2]


def test_more_than_64_policies_take_more_words():
    some = installed()
    copies = [dataclasses.replace(policy, id=f"{policy.id}-{number}", derives="") for number in range(2) for policy in some.policies.values()]
    many = Catalogue(some.facts, [*some.policies.values(), *copies])
    profiles = [Profiles(some, JUNE).make(random.Random(seed)) for seed in range(40)]
    one, wide = Kernel(JUNE), Kernel(JUNE, catalogue=many)

    usual, outcome = one.run(one.encode_profiles(profiles)), wide.run(wide.encode_profiles(profiles))

    assert wide.words == 2
    for policy in some.policies:
        assert outcome.status(f"{policy}-1").tolist() == usual.status(policy).tolist()


def test_a_block_boundary_changes_nothing():
    kernel = Kernel(JUNE)
    rng = np.random.default_rng(1)
    profiles = [{"cert_hnte_valid": bool(answer)} for answer in rng.integers(0, 2, 16_400)]

    outcome = kernel.run(kernel.encode_profiles(profiles))

    assert outcome.enterprises("hnte-cit-15").tolist() == [row for row, profile in enumerate(profiles) if profile["cert_hnte_valid"]]
