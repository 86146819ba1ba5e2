"""What a policy brings: exact sums, ranges, ceilings, floors, top-ups, cliffs, and what excludes what."""

import datetime as dt
from decimal import Decimal

import pytest

from lingyan.rules import BadInput, check, checkup
from lingyan.rules.combine import best_combination, cliffs

JUNE = dt.date(2026, 6, 1)
SMALL = {"prohibited_or_restricted_industry": False, "staff_qavg_y0": 120, "assets_qavg_y0": 4000}


@pytest.mark.parametrize("year,tax", [(2019, 15), (2020, 15), (2021, Decimal("12.5")), (2022, Decimal("7.5")), (2023, 10), (2027, 10)])
def test_two_million_of_income_is_taxed_by_the_rule_of_its_year(year, tax):
    assert check("small-low-profit-cit", {**SMALL, "taxable_income_y0": 200}, dt.date(year, 12, 31)).amount == tax


def test_a_loss_is_not_taxed():
    assert check("small-low-profit-cit", {**SMALL, "taxable_income_y0": -50}, JUNE).amount == 0


def test_missing_is_never_zero():
    result = check("hnte-cit-15", {"cert_hnte_valid": True}, JUNE)

    assert (result.status, result.amount, result.amount_range, result.missing_facts) == ("eligible", None, None, ("taxable_income",))


STABLE = {"ui_paid_months": 12, "seriously_dishonest": False, "layoffs_y1": 0, "ui_premium_paid_y1": 100000}


@pytest.mark.parametrize("size,ceiling", [("large", 30000), ("medium", 60000), (None, 60000)])
def test_a_ceiling_is_never_promised_as_an_amount(size, ceiling):
    result = check("ui-stabilisation", {**STABLE, "size_class": size}, JUNE)

    assert (result.amount, result.amount_range) == (None, (0, ceiling))


def test_a_floor_is_no_fixed_amount():
    result = check("apprenticeship", {"apprentice_contract_1y": True, "apprentices": 10, "training_years": 2}, JUNE)

    assert (result.amount, result.amount_range) == (None, (80000, None))


def test_an_amount_is_a_range_when_only_its_tier_is_open():
    facts = {"region_code": "330211", "smart_project_level": "ningbo", "project_accepted": True, "project_input": 1000}

    result = check("zhenhai-smart", facts, JUNE)

    assert (result.status, result.amount, result.amount_range) == ("eligible", None, (150, 180))
    assert result.missing_facts == ("digital_core_statistics",)


def test_a_cap_does_not_move_with_the_uplift():
    facts = {"region_code": "330211", "smart_project_level": "ningbo", "project_accepted": True, "project_input": 9000, "digital_core_statistics": None}

    assert check("zhenhai-smart", facts, JUNE).amount == 800


@pytest.mark.parametrize("paid,amount", [(0, 30), (10, 20), (30, 0), (40, 0)])
def test_a_step_of_sales_tops_up_what_was_paid_before(paid, amount):
    facts = {"region_code": "330203", "first_time_above_scale": False, "sales_milestone_yi": 10, "milestone_paid": paid}

    assert check("haishu-awards", facts, JUNE).amount == amount


def test_up_to_ten_for_the_first_time_is_a_ceiling_on_top():
    facts = {"region_code": "330203", "first_time_above_scale": True, "sales_milestone_yi": 10, "milestone_paid": 10}

    result = check("haishu-awards", facts, JUNE)

    assert (result.amount, result.amount_range) == (None, (20, 30))


def test_one_company_gets_the_levy_of_a_small_company_only_below_31():
    facts = {"staff_y1_avg": 30}

    assert (check("disabled-fund", facts, JUNE).status, check("disabled-fund", facts, JUNE).amount) == ("levied", 0)
    assert check("disabled-fund", {"staff_y1_avg": 31}, JUNE).status == "unknown"


def test_enough_disabled_staff_means_no_levy_whatever_the_wages():
    assert check("disabled-fund", {"staff_y1_avg": 200, "disabled_counted": 3}, JUNE).amount == 0


def test_persons_not_yet_clear_leave_a_range():
    hires = [{"group": "grad_year", "labor_contract": True, "paid_months": 3}, {"group": "grad_year", "labor_contract": True}]

    result = check("hiring-expansion", {"hires": hires}, JUNE)

    assert (result.status, result.amount_range) == ("eligible", (0, 3000))
    assert check("hiring-expansion", {"hires": hires[1:]}, JUNE).status == "unknown"
    assert check("hiring-expansion", {"hires": []}, JUNE).status == "ineligible"


def test_vat_credit_reports_its_three_sums():
    facts = {"cert_hnte_valid": True, "manufacturing": True, "vat_taxpayer_type": "general", "mfg_sales_share_prev": 50.01, "on_adv_mfg_list": True}
    facts |= {"input_vat_deductible": 100, "input_vat_export": 20, "credit_carry_in": 1, "vat_payable_before": 3}

    result = check("adv-mfg-vat", facts, JUNE)

    assert (result.amount, result.outputs) == (3, {"creditable": 4, "used": 3, "carry": 2})


def test_an_amount_whose_clause_was_not_read_is_not_invented():
    facts = {"region_code": "330206"}

    result = check("beilun-2025", facts, dt.date(2025, 6, 1))

    assert (result.status, result.amount, result.amount_range) == ("eligible", None, None)
    assert "金额条款未读到，不能据此算额" in result.remarks


def test_one_yuan_above_three_million_costs_six_hundred_thousand():
    found = [cliff for cliff in cliffs("small-low-profit-cit", {**SMALL, "taxable_income_y0": 299}, JUNE) if cliff.fact.name == "taxable_income_y0"]

    assert len(found) == 1
    assert (found[0].sum_at, found[0].sum_beyond) == (15_000_000, 75_000_025)  # 分
    assert found[0].sentence.endswith("多 60.000025万元")


def test_of_two_graduate_subsidies_the_higher_is_taken():
    facts = {"size_class": "small", "hire_graduated_within_years": 1, "first_employment_in_ningbo": True, "contract_years": 2, "three_insurances_paid": True}
    facts |= {"months_paid": 24, "si_min_standard_month": 1100, "si_actual_month": 1300}

    best = best_combination(checkup(facts, JUNE))

    assert [result.policy.id for result in best.take] == ["nb-grad-si"]  # 1100 × 24 > 1300 × 12
    assert [(left.policy.id, kept.policy.id) for left, kept in best.leave] == [("zj-grad-si", "nb-grad-si")]
    assert (best.least, best.most, best.certain) == (2_640_000, 2_640_000, True)


HAISHU = {"region_code": "330203", "first_time_above_scale": True, "milestone_paid": 0}


def test_an_open_step_of_a_table_gives_a_range():
    found = check("haishu-awards", HAISHU, dt.date(2026, 6, 30))

    assert (found.status, found.amount, found.amount_range) == ("eligible", None, (0, 410))
    assert found.missing_facts == ("sales_milestone_yi",)


def test_a_step_that_is_not_in_the_table_is_explained():
    found = check("haishu-awards", HAISHU | {"sales_milestone_yi": 20}, dt.date(2026, 6, 30))

    assert any("首次突破销售收入档为 200000万元，不在表内" in remark and "不能据此算额" in remark for remark in found.remarks)


def test_input_tax_of_exports_cannot_exceed_all_input_tax():
    with pytest.raises(BadInput, match=r"input_vat_export.*大于 input_vat_deductible.*两者矛盾"):
        check("adv-mfg-vat", {"input_vat_deductible": 10, "input_vat_export": 20}, dt.date(2026, 6, 30))
    check("adv-mfg-vat", {"input_vat_deductible": 20, "input_vat_export": 20}, dt.date(2026, 6, 30))
