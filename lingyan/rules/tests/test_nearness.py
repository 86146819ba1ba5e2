"""What an enterprise just misses."""

import datetime as dt
from fractions import Fraction

from lingyan.rules.nearness import near_misses

JUNE = dt.date(2026, 6, 1)
SME = {"registered_in_zhejiang": True, "established_on": "2010-01-01", "size_class": "small", "staff_y1": 100, "ip1_count": 1}


def missed(facts, **options):
    return {miss.result.policy.id: miss for miss in near_misses(facts, JUNE, **options)}


def test_one_figure_a_little_short_is_named_with_what_it_ought_to_be():
    miss = missed({**SME, "tech_staff_y1": 9})["tech-sme-zj"]

    assert (miss.have, miss.need, miss.off) == (Fraction(9, 100), Fraction(1, 10), Fraction(1, 10))
    assert miss.sentence == "科技人员 / 上年从业人员为 9%，应不低于 10%"


def test_far_off_is_no_near_miss():
    assert "tech-sme-zj" not in missed({**SME, "tech_staff_y1": 5})
    assert "tech-sme-zj" in missed({**SME, "tech_staff_y1": 5}, within=Fraction(1, 2))


def test_a_record_of_conduct_is_never_a_near_miss():
    facts = {"ui_paid_months": 12, "seriously_dishonest": True, "layoffs_y1": 0}

    assert "ui-stabilisation" not in missed(facts)


def test_two_refusals_or_an_open_clause_are_no_near_miss():
    assert "tech-sme-zj" not in missed({**SME, "tech_staff_y1": 9, "established_on": "2026-05-01"})
    assert "tech-sme-zj" not in missed({**SME, "tech_staff_y1": 9, "size_class": None})


def test_the_nearest_of_several_ways_is_named():
    facts = {"ui_paid_months": 12, "seriously_dishonest": False, "layoffs_y1": 12, "insured_avg_y1": 200}  # 6 % where 5.5 % are allowed

    miss = missed(facts)["ui-stabilisation"]

    assert miss.facts == ("layoffs_y1", "insured_avg_y1")
    assert miss.off == Fraction(1, 11)
