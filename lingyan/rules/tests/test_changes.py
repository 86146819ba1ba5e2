"""The changes of law that dating must get right, each on its last day and its first."""

import datetime as dt
from decimal import Decimal

import pytest

from lingyan.rules import check

TODAY = dt.date(2026, 11, 24)


def ask(policy, day, facts):
    return check(policy, facts, dt.date.fromisoformat(day), today=TODAY)


HNTE = {
    "is_resident_enterprise": True,
    "established_on": "2000-01-01",
    "core_ip_owned": True,
    "supported_tech_field": True,
    "staff_y1": 100,
    "college_tech_staff_y1": 20,
    "tech_staff_y1": 10,
    "rd_staff_y1": 10,
    "sales_revenue_y1": 4000,
    "sales_revenue_y2": 4000,
    "sales_revenue_y3": 4000,
    "rd_expense_y1": 200,
    "rd_expense_y2": 200,
    "rd_expense_y3": 200,
    "rd_domestic_share_3y": 60,
    "hightech_income_y1": 60,
    "total_income_y1": 100,
    "hnte_innovation_score": 71,
    "major_incident_1y": False,
}


def test_high_tech_firms_need_5_per_cent_and_ten_per_cent_of_staff_since_2016():
    old, new = ask("hnte", "2015-12-31", HNTE), ask("hnte", "2016-01-01", {**HNTE})

    assert old.status == "ineligible"  # 6 % of sales, 30 % graduates
    assert {"college_tech_staff_y1", "rd_expense_y1"} <= set(old.failing_facts)
    assert ask("hnte", "2016-01-29", HNTE).status == new.status == "eligible"


RD = {"rd_deduction_excluded_industry": False, "tax_collection_method": "audit", "rd_expensed_y0": 100, "rd_amort_y0": 0}


@pytest.mark.parametrize(
    "day,manufacturing,tech_sme,amount",
    [
        ("2017-12-31", True, True, 50),
        ("2018-01-01", True, True, 75),
        ("2020-12-31", True, True, 75),
        ("2021-01-01", True, False, 100),
        ("2021-12-31", False, True, 75),
        ("2022-01-01", False, True, 100),
        ("2022-12-31", False, False, 75),
        ("2023-01-01", False, False, 100),
    ],
)
def test_the_extra_deduction_of_research_grew_by_year_and_by_kind_of_firm(day, manufacturing, tech_sme, amount):
    assert ask("rd-super-deduction", day, {**RD, "manufacturing": manufacturing, "cert_techsme_valid": tech_sme}).amount == amount


FUND = {"staff_y1_avg": 30, "disabled_counted": 0, "avg_wage_y1": 100000, "local_avg_wage": 100000, "established_within_3y": False}


@pytest.mark.parametrize("day,due", [("2019-12-31", 45000), ("2020-01-01", 0)])
def test_firms_of_up_to_30_pay_no_levy_since_2020(day, due):
    assert ask("disabled-fund", day, FUND).amount == due


@pytest.mark.parametrize(
    "day,disabled,due",
    [("2019-12-31", 1, 50000), ("2020-01-01", 1, 25000), ("2020-01-01", Decimal("0.99"), 45900), ("2020-01-01", Decimal("1.5"), 0)],
)
def test_the_levy_has_steps_of_50_and_90_per_cent_since_2020(day, disabled, due):
    assert ask("disabled-fund", day, {**FUND, "staff_y1_avg": 100, "disabled_counted": disabled}).amount == due


@pytest.mark.parametrize("day,status", [("2021-12-31", "ineligible"), ("2022-01-01", "eligible"), ("2027-12-31", "eligible"), ("2028-01-01", "not_in_force")])
def test_six_taxes_and_two_fees_were_widened_to_small_low_profit_firms(day, status):
    assert ask("six-tax-two-fee", day, {"vat_taxpayer_type": "general", "is_slp": True, "is_sole_trader": False}).status == status


STABLE = {"ui_paid_months": 12, "seriously_dishonest": False, "layoffs_y1": 0, "ui_premium_paid_y1": 100000}


@pytest.mark.parametrize(
    "day,size,ceiling",
    [("2022-12-31", "large", 50000), ("2022-12-31", "small", 90000), ("2023-01-01", "large", 30000), ("2023-01-01", "small", 60000)],
)
def test_the_refund_for_stable_jobs_went_back_in_2023(day, size, ceiling):
    assert ask("ui-stabilisation", day, {**STABLE, "size_class": size}).amount_range == (0, ceiling)


@pytest.mark.parametrize(
    "insured,layoffs,status",
    [(31, 2, "ineligible"), (200, 11, "eligible"), (200, 12, "ineligible"), (30, 6, "eligible"), (30, 7, "ineligible"), (5, 1, "eligible")],
)
def test_layoffs_of_five_and_a_half_per_cent_or_twenty_in_small_firms(insured, layoffs, status):
    assert ask("ui-stabilisation", "2026-07-01", {**STABLE, "insured_avg_y1": insured, "layoffs_y1": layoffs}).status == status


@pytest.mark.parametrize("months,day,status", [(1, "2024-12-31", "eligible"), (1, "2025-01-01", "ineligible"), (3, "2025-01-01", "eligible")])
def test_new_jobs_count_after_three_months_of_contributions_since_2025(months, day, status):
    hire = {"group": "grad_year", "labor_contract": True, "paid_months": months}

    assert ask("hiring-expansion", day, {"hires": [hire]}).status == status


def test_the_young_unemployed_count_since_2023():
    hires = [{"group": "youth_16_24_registered_unemployed", "labor_contract": True, "paid_months": 6}]

    assert ask("hiring-expansion", "2022-12-31", {"hires": hires}).status == "ineligible"
    assert ask("hiring-expansion", "2023-01-01", {"hires": hires}).amount_range == (0, 1500)


LOAN = {"size_class": "small", "hire_contract_1y": True, "wage_or_si_arrears": False, "loan_principal": 500, "loan_rate": Decimal("0.04"), "loan_years": 2}


@pytest.mark.parametrize(
    "day,staff,hires,status",
    [
        ("2023-09-30", 100, 14, "ineligible"),
        ("2023-09-30", 100, 15, "eligible"),
        ("2023-09-30", 101, 8, "ineligible"),
        ("2023-09-30", 125, 10, "eligible"),
        ("2023-10-01", 100, 9, "ineligible"),
        ("2023-10-01", 100, 10, "eligible"),
        ("2023-10-01", 101, 5, "ineligible"),
        ("2023-10-01", 120, 6, "eligible"),
    ],
)
def test_the_start_up_loan_asks_for_fewer_new_hires_since_october_2023(day, staff, hires, status):
    assert ask("startup-guarantee-loan", day, {**LOAN, "staff_now": staff, "qualified_new_hires": hires}).status == status


def test_the_start_up_loan_grew_from_300_to_400():
    hired = {**LOAN, "staff_now": 100, "qualified_new_hires": 20}

    assert (ask("startup-guarantee-loan", "2023-09-30", hired).amount, ask("startup-guarantee-loan", "2023-09-30", hired).unit) == (300, "万元额度")
    assert ask("startup-guarantee-loan", "2023-10-01", hired).amount == 16  # 400 × 4 % × half × 2 years


VAT = {"tax_credit_rating": "A", "vat_fraud_36m": False, "tax_evasion_penalties_36m": 0, "enjoyed_instant_refund_since_201904": False}


def test_the_refund_of_retained_vat_was_redesigned_in_september_2025():
    facts = {**VAT, "manufacturing": False, "vat_refund_sector": "other", "retained_positive_months": 6, "retained_new": 12000, "input_composition": 1}

    assert ask("vat-retained-refund", "2025-08-31", facts).status == "ineligible"
    assert ask("vat-retained-refund", "2025-09-01", facts).amount == 6600  # 60 % of 10000 and 30 % of 2000


LOANS = {"loan_from_participating_bank": True, "loan_principal": 1000, "loan_years": 3}


@pytest.mark.parametrize(
    "day,project,science,status,amount",
    [
        ("2024-07-23", True, False, "eligible", 20),
        ("2024-07-24", True, False, "eligible", 30),
        ("2026-01-18", False, True, "ineligible", None),
        ("2026-01-19", False, True, "eligible", 30),
        ("2026-12-31", True, False, "eligible", 30),
        ("2027-01-01", True, False, "not_in_force", None),
    ],
)
def test_the_interest_subsidy_for_equipment_was_raised_then_widened_then_ends(day, project, science, status, amount):
    result = ask("equipment-loan", day, {**LOANS, "equipment_renewal_project": project, "sci_tech_loan_2026": science})

    assert (result.status, result.amount) == (status, amount)


SRDI = {
    "is_domestic_registered": True,
    "independent_legal_person": True,
    "size_class": "small",
    "business_abnormal": False,
    "seriously_dishonest": False,
    "prohibited_or_restricted_industry": False,
    "major_incident_3y": False,
    "cert_innovative_valid": True,
    "market_years": 2,
    "revenue_y1": 1200,
    "revenue_y2": 1000,
    "rd_expense_y1": 100,
    "rd_expense_y2": 30,
    "main_revenue_y1": 1200,
    "total_liabilities_y1": 10,
    "total_assets_y1": 100,
    "equity_financing_2y": 0,
    "award_provincial_3y_rank": 3,
}


def test_the_specialised_standard_became_stricter_in_april_2026():
    assert ask("srdi-sme", "2026-03-31", SRDI).status == "eligible"
    result = ask("srdi-sme", "2026-04-01", SRDI)
    assert result.status == "ineligible"
    unmet = {clause.id for clause in result.clauses if clause.status == "unmet"}
    assert {"market-years", "revenue-or-financing", "rd-expense-y2"} <= unmet


@pytest.mark.parametrize("y1,y3,status", [("11025", "10000", "met"), ("11024.9999", "10000", "unmet")])
def test_compound_growth_of_five_per_cent_is_met_to_the_yuan(y1, y3, status):
    facts = {"revenue_y1": Decimal(y1), "revenue_y3": Decimal(y3)}

    clauses = {clause.id: clause for clause in ask("little-giant", "2026-05-01", facts).clauses}

    assert clauses["compound-growth"].status == status
