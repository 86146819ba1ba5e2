"""What cannot be right is refused with a sentence; nothing is executed, nothing else is lost."""

import datetime as dt
from decimal import Decimal

import pytest

from lingyan.rules import BadInput, check, checkup
from lingyan.rules.catalogue import installed
from lingyan.rules.language import BadExpression, parse_condition, parse_quantity

JUNE = dt.date(2026, 6, 1)
FACTS = installed().facts


@pytest.mark.parametrize(
    "facts,sentence",
    [
        ({"revenue_y1": -1}, "不能为负数"),
        ({"staff_y1": -3}, "不能为负数"),
        ({"market_share_pct": Decimal("0.12")}, "像是小数"),
        ({"loan_rate": Decimal("4.35")}, "应填小数"),
        ({"input_composition": 80}, "应填小数"),
        ({"rd_domestic_share_3y": 101}, "超过上限"),
        ({"revenue_y1": 380_000_000, "revenue_y2": 36_000}, "是否把“元”当成了“万元”"),
        ({"revenue_y1": 380_000_000}, "是否把“元”当成了“万元”"),
        ({"revenue_y1": 9_000_000, "staff_y1": 310}, "是否把“元”当成了“万元”"),
        ({"rd_expense_y1": 150, "rd_expense_y2": 1_500_000}, "是 rd_expense_y1=150万元 的 10000 倍"),
        ({"main_revenue_y1": 50_001, "revenue_y1": 500}, "是 revenue_y1=500万元 的 100 倍"),
        ({"loan_principal": 1_000_000}, "大得不像真的"),
        ({"equipment_investment": 3_000_000, "revenue_y1": 20_000}, "大得不像真的"),
        ({"avg_wage_y1": 8}, "小得不像真的"),
        ({"established_on": "2026-06-02"}, "日期在未来"),
        ({"established_on": "2026-02-30"}, "没有 2026-02-30 这一天"),
        ({"established_on": "20200101"}, "日期应写成"),
        ({"revenue": 1}, "没有名为“revenue”的事实项"),
        ({"revenue_y9": 1}, "是否指“revenue_y"),
        ({"cert_hnte_valid": "yes"}, "应为 true 或 false"),
        ({"cert_hnte_valid": 1}, "应为 true 或 false"),
        ({"staff_y1": True}, "应为数字"),
        ({"staff_y1": Decimal("310.5")}, "应为整数"),
        ({"staff_y1": "310"}, "要么写成数字，要么写明单位"),
        ({"staff_y1": [1]}, "应为数字"),
        ({"revenue_y1": Decimal("1e60")}, "数字太长"),
        ({"revenue_y1": "12人"}, "要么写成数字，要么写明单位"),
        ({"size_class": "big"}, "不在可选值之内"),
        ({"smart_project_level": "Ningbo"}, "不在可选值之内"),
        ({"region_code": "3302"}, "六位行政区划代码"),
        ({"hires": {"group": "grad_year"}}, "应为人员列表"),
        ({"hires": [{"group": "grad_year", "name": "张三"}]}, "不认识的项“name”"),
        ({"hires": [{"paid_months": -1}]}, "不能为负数"),
    ],
)
def test_a_figure_that_cannot_be_right_is_asked_back(facts, sentence):
    with pytest.raises(BadInput) as refusal:
        checkup(facts, JUNE)

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "name,raw,ok",
    [("market_share_pct", "0.5%", "ineligible"), ("revenue_y1", "380000000万元", "unknown"), ("revenue_y1", "3.8亿元", "unknown")],
)
def test_a_figure_with_its_unit_written_out_is_confirmed(name, raw, ok):
    assert check("little-giant", {name: raw}, dt.date(2025, 6, 1)).status == ok


def test_a_profile_with_nothing_is_answered_with_what_to_ask():
    assert check("hnte-cit-15", {"cert_hnte_valid": None}, JUNE).missing_facts == ("cert_hnte_valid",)


def test_a_day_far_off_is_refused():
    with pytest.raises(BadInput, match="不在合理范围内"):
        checkup({}, dt.date(2999, 1, 1))


@pytest.mark.parametrize(
    "text", ["__import__('os')", "open(1)", "eval(1)", "上年营业收入.real", "上年营业收入 = 3", "f(上年营业收入)", "lambda: 1", "a[0]", "1; 2"]
)
def test_a_formula_that_tries_to_call_something_is_refused(text):
    with pytest.raises(BadExpression):
        parse_quantity(text, FACTS)


@pytest.mark.parametrize(
    "text,sentence",
    [
        ("上年营业收入 >= 100人", "单位不一致"),
        ("上年营业收入 >= 3000", "单位不一致"),
        ("上年研发费用 / 上年营业收入 >= 3", "单位不一致"),
        ("上年研发费用 / 上年从业人员 >= 3%", "单位不一致"),
        ("上年营业收入 >= 3千元", "不认识的单位"),
        ("上年营业收 >= 3万元", "事实目录里没有“上年营业收”"),
        ('划型结果 == "巨型"', "没有“巨型”这个取值"),
        ("划型结果 >= 3", "取值要写在引号里"),
        ("上年营业收入", "不是条件"),
        ("1万元 < 上年营业收入 < 2万元", "一次只能比较两个数"),
        ("上年营业收入 >= ", "没有写完"),
        ("上年营业收入 >= 3万元 高企有效", "多出内容"),
        ("评分合格", "需要本版本有评分表"),
        ("增长率(上年营业收入) >= 3%", "要 2 个数"),
        ("3% <= 两年复合增长率(上年营业收入, 大前年营业收入)", "写在左边"),
        ("上年营业收入 * 上年营业收入 >= 3万元", "金额不能乘金额"),
        ("(" * 60 + "高企有效" + ")" * 60, "嵌套过深"),
        ("非 " * 60 + "高企有效", "嵌套过深"),
        ("高企有效 且 " * 500 + "高企有效", "条件过长"),
    ],
)
def test_a_condition_that_says_nothing_sound_is_refused(text, sentence):
    with pytest.raises(BadExpression) as refusal:
        parse_condition(text, FACTS)

    assert sentence in str(refusal.value)


def test_full_width_signs_are_read_as_people_type_them():
    assert parse_condition("(上年研发费用 / 上年营业收入)≥3%", FACTS).key() == parse_condition("上年研发费用 / 上年营业收入 >= 3%", FACTS).key()


@pytest.mark.parametrize(
    "facts",
    [
        {"rd_expense_y1": 150, "rd_expense_y2": "1500000万元"},
        {"rd_expense_y1": 150, "rd_expense_y2": 149_999},
        {"main_revenue_y1": 50_000, "revenue_y1": 500},
        {"loan_principal": "1000000万元"},
        {"loan_principal": 999_999},
        {"equipment_investment": 3_000_000, "total_assets_y1": 900_000},
        {"avg_wage_y1": "8元"},
        {"avg_wage_y1": 1000},
    ],
)
def test_a_figure_confirmed_or_borne_by_others_is_taken(facts):
    checkup(facts, JUNE)
