"""Which outcome holds first, what is missing, what failed."""

import datetime as dt

import pytest

from lingyan.rules import BadInput, check, checkup, size_class

JUNE = dt.date(2026, 6, 1)
GOOD_HNTE = {
    "is_resident_enterprise": True,
    "established_on": "2010-05-20",
    "core_ip_owned": True,
    "tech_staff_y1": 40,
    "staff_y1": 300,
    "sales_revenue_y1": 40000,
    "sales_revenue_y2": 35000,
    "sales_revenue_y3": 30000,
    "rd_expense_y1": 2400,
    "rd_expense_y2": 2000,
    "rd_expense_y3": 1600,
    "rd_domestic_share_3y": 90,
    "hightech_income_y1": 30000,
    "total_income_y1": 40000,
    "major_incident_1y": False,
}
JUDGED = {"supported_tech_field": True, "hnte_innovation_score": 80}


def test_a_certain_no_is_a_no_even_when_all_else_is_missing():
    result = check("hnte", {"major_incident_1y": True}, JUNE)

    assert result.status == "ineligible"
    assert result.failing_facts == ("major_incident_1y",)
    assert result.missing_facts == ()


def test_what_nobody_filled_in_is_unknown_never_no():
    assert {result.status for result in checkup({}, JUNE)} == {"unknown", "not_in_force"}


def test_only_what_people_judge_is_open():
    result = check("hnte", GOOD_HNTE, JUNE)

    assert result.status == "manual_review"
    assert set(result.missing_facts) == {"supported_tech_field", "hnte_innovation_score"}


def test_an_ordinary_fact_missing_too_is_unknown_and_asks_for_that_only():
    result = check("hnte", {**GOOD_HNTE, "core_ip_owned": None}, JUNE)

    assert result.status == "unknown"
    assert result.missing_facts == ("core_ip_owned",)


@pytest.mark.parametrize("score,status", [(70, "ineligible"), (70.01, "eligible")])
def test_a_judgement_that_is_given_counts_like_any_fact(score, status):
    assert check("hnte", {**GOOD_HNTE, **JUDGED, "hnte_innovation_score": score}, JUNE).status == status


def test_outside_its_region_a_policy_is_not_applicable_whatever_else_fails():
    result = check("key-srdi-zj", {"region_code": "330206", "cert_srdi_valid": False}, JUNE)

    assert result.status == "not_applicable"
    assert result.failing_facts == ("in_ningbo",)


def test_one_branch_certain_settles_an_or():
    facts = {"vat_taxpayer_type": "small_scale"}

    assert check("six-tax-two-fee", facts, JUNE).status == "eligible"


def test_branches_already_refused_are_not_asked_again():
    result = check("six-tax-two-fee", {"vat_taxpayer_type": "general", "is_sole_trader": False}, JUNE)

    assert result.missing_facts == ("is_slp",)


def test_a_choice_whose_branches_agree_needs_no_answer():
    facts = {"independent_legal_person": True, "market_years": 4, "is_new_product": False, "market_rank_global": 1}

    result = check("champion-zj", facts, JUNE)

    assert result.status == "ineligible"
    assert set(result.failing_facts) == {"market_years", "is_new_product"}


def test_a_share_of_nothing_is_not_met():
    facts = {"registered_in_zhejiang": True, "established_on": "2010-01-01", "size_class": "small", "tech_staff_y1": 0, "staff_y1": 0, "ip1_count": 1}

    result = check("tech-sme-zj", facts, JUNE)

    assert result.status == "ineligible"
    assert "比例无从计算" in "".join(reason for clause in result.clauses for reason in clause.reasons)


def test_shares_are_exact_where_binary_fractions_fail():
    for revenue in range(1000, 20000, 37):
        rd = f"{revenue * 3 // 100}.{revenue * 3 % 100:02d}万元"
        clauses = check("srdi-sme", {"revenue_y1": revenue, "rd_expense_y1": rd}, JUNE).clauses
        assert {clause.id: clause.status for clause in clauses}["rd-share-y1"] == "met", revenue


def test_each_unmet_clause_says_what_is_and_what_ought_to_be():
    clauses = check("srdi-sme", {"revenue_y1": 10000, "rd_expense_y1": 299}, JUNE).clauses

    assert next(clause for clause in clauses if clause.id == "rd-share-y1").reasons == ("上年研发费用 / 上年营业收入为 2.99%，应不低于 3%",)


# ---- derived facts ----


@pytest.mark.parametrize(
    "staff,revenue,expected",
    [
        (1000, 40000, "large"),
        (999, 40000, "medium"),
        (300, 2000, "medium"),
        (300, 1999.99, "small"),
        (20, 300, "small"),
        (19, 300, "micro"),
        (20, 299.99, "micro"),
    ],
)
def test_size_class_needs_every_lower_bound(staff, revenue, expected):
    assert size_class("industrial", staff, revenue) == expected


def test_one_figure_below_the_small_bound_makes_micro_for_certain():
    assert size_class("industrial", staff=19) == "micro"


def test_an_open_size_class_is_none():
    assert size_class("industrial", staff=500) is None


def test_a_condition_met_by_every_class_still_possible_is_met():
    result = check("absorption-subsidy", {"size_industry": "industrial", "staff_y1": 500, "target_hires_contract_1y": 2}, JUNE)

    assert result.status == "eligible"
    assert result.amount == 2000


def test_a_derived_fact_is_asked_by_its_inputs_once_they_have_begun():
    result = check("absorption-subsidy", {"size_industry": "industrial", "staff_y1": 1500, "target_hires_contract_1y": 2}, JUNE)

    assert result.missing_facts == ("revenue_y1",)


def test_small_low_profit_is_worked_out_by_its_own_policy():
    facts = {"prohibited_or_restricted_industry": False, "taxable_income_y0": 300, "staff_qavg_y0": 300, "assets_qavg_y0": 5000, "six_tax_base": 10}

    assert check("six-tax-two-fee", facts, JUNE).amount == 5
    facts["taxable_income_y0"] = 300.01
    assert check("six-tax-two-fee", facts, JUNE).status == "unknown"


@pytest.mark.parametrize(
    "facts,names",
    [
        ({"size_industry": "industrial", "staff_y1": 310, "revenue_y1": 38000, "size_class": "small"}, ("size_class", "staff_y1")),
        ({"taxable_income_y0": 300.01, "is_slp": True}, ("is_slp", "taxable_income_y0")),
        ({"region_code": "330106", "in_ningbo": True}, ("in_ningbo", "region_code")),
    ],
)
def test_a_derived_fact_that_contradicts_is_refused_naming_both(facts, names):
    with pytest.raises(BadInput) as refusal:
        checkup(facts, JUNE)

    assert all(name in str(refusal.value) for name in names)


# ---- scores ----

INNOVATIVE = {
    "is_domestic_registered": True,
    "independent_legal_person": True,
    "size_class": "medium",
    "business_abnormal": False,
    "seriously_dishonest": False,
    "prohibited_or_restricted_industry": False,
    "major_incident_3y": False,
    "ip1_highvalue_count": 0,
    "ip1_self_count": 0,
    "ip1_count": 0,
    "ip2_count": 1,
    "rd_expense_y1": 300,
    "revenue_y1": 10000,
    "main_revenue_y1": 6000,
    "main_revenue_y2": 5000,
    "total_liabilities_y1": 60,
    "total_assets_y1": 100,
    "strategic_emerging_product": True,
    "award_provincial_or_national_3y": False,
    "cert_hnte_valid": False,
    "cert_national_demo_or_ip_valid": False,
    "rd_institution_provincial_plus": False,
    "equity_financing_3y": 0,
}


def test_a_score_adds_its_bands():
    result = check("innovative-sme", INNOVATIVE, JUNE)  # 5 + 15 + 20 + 5 + 10 + 15

    assert (result.status, result.outputs["score"]) == ("eligible", 70)


def test_a_part_below_its_floor_fails_a_sufficient_total():
    result = check("innovative-sme", {**INNOVATIVE, "rd_expense_y1": 299}, JUNE)  # innovation 5 + 10 < 20, total 65

    assert (result.status, result.outputs["score"]) == ("ineligible", 65)
    assert "创新能力 15 分，应不低于 20 分" in result.clauses[-1].reasons


def test_an_open_score_that_passes_anyway_passes():
    result = check("innovative-sme", {**INNOVATIVE, "strategic_emerging_product": None, "main_revenue_y1": 7000}, JUNE)

    assert result.status == "eligible"
    assert "score" not in result.outputs


def test_an_open_score_asks_only_for_what_can_still_tip_it():
    facts = {**INNOVATIVE, "ip2_count": 0, "rd_expense_y1": 400, "total_liabilities_y1": None, "strategic_emerging_product": None}
    # innovation 15 of at least 20: lost already, nothing else matters
    assert check("innovative-sme", facts, JUNE).status == "ineligible"


def test_best_of_takes_the_better_of_two_measures():
    facts = {"tech_staff_y1": 30, "staff_y1": 100, "rd_expense_y1": 200, "sales_revenue_y1": 10000, "cost_expense_y1": 1000, "ip1_count": 0, "ip2_count": 0}

    assert check("tech-sme", facts, JUNE).outputs["score"] == 20 + 30  # 2 % of sales gives 10, 20 % of costs 30
