"""The unified social credit code: real codes pass, and what people get wrong is refused with the sentence that helps."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lingyan.kernel.refusals import Refused
from lingyan.registry.credit_code import ALPHABET, body_check_character, check_character, checked
from lingyan.registry.tests.codes import code_of

# 阿里巴巴, 华为, 腾讯, a state organ, and a body of public institutions whose 17th character is X.
GOOD = ["91330100799655058B", "914403001922038216", "9144030071526726XG", "91110000802100433B", "11320000MB151840XJ"]


@pytest.mark.parametrize("code", GOOD)
def test_takes_codes_that_exist(code):
    assert checked(code) == code


@pytest.mark.parametrize(
    "typed",
    ["91330100799655058b", " 9133 0100 7996 5505 8B\n", "91330100-799655058B", "９１３３０１００７９９６５５０５８Ｂ", "\ufeff91330100799655058B\u200b"],
)
def test_takes_them_however_they_are_typed(typed):
    assert checked(typed) == "91330100799655058B"


def sentence(typed):
    with pytest.raises(Refused) as refusal:
        checked(typed)
    assert refusal.value.field == "credit_code"
    return refusal.value.sentence


def test_takes_the_example_of_the_standard_and_refuses_its_misprint():
    """GB 32100-2015, appendix A: the last character is 3. A copy that goes round on the web prints Z, which no code ever holds."""
    assert checked("91350100M000100Y43") == "91350100M000100Y43"
    assert "没有“Z”这样的字符" in sentence("91350100M000100Y4Z")


@pytest.mark.parametrize("typed", ["", "9133010079965505", "91330100799655058B1", "9" * 10_000, "🦢"])
def test_says_how_long_it_is(typed):
    assert "18 位" in sentence(typed)


@pytest.mark.parametrize(
    "typed, strange",
    [("9133010079965505OB", "O"), ("9133010079965505IB", "I"), ("S1330100799655058B", "S"), ("<1330100799655058B", "<"), ("🦢1330100799655058B", "🦢")],
)
def test_names_the_characters_that_no_code_holds(typed, strange):
    assert f"“{strange}”" in sentence(typed)


def test_says_that_the_division_is_figures():
    assert "行政区划" in sentence("91A30100799655058B")


def test_says_that_the_body_is_wrong():
    assert "第 17 位" in sentence("91330100799655059" + check_character("91330100799655059"))


def test_says_that_the_last_character_is_wrong():
    assert "最后一位" in sentence("91330100799655058C")


@st.composite
def codes(draw):
    """Any code that is right: department and class, division, body with its check, check."""
    head = draw(st.text(ALPHABET, min_size=2, max_size=2)) + draw(st.text("0123456789", min_size=6, max_size=6))
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    first = head + body + body_check_character(body)
    return first + check_character(first)


@given(codes())
@example(code_of(1))
def test_takes_every_code_that_is_right(code):
    assert checked(code) == code


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_refuses_every_single_wrong_character(code, place, wrong):
    """31 is prime and no weight is a multiple of it, so one wrong character always shows in the last one."""
    assume(code[place] != wrong)

    with pytest.raises(Refused):
        checked(code[:place] + wrong + code[place + 1 :])


@given(codes(), st.integers(0, 16))
def test_refuses_every_swap_of_neighbours(code, place):
    """Neighbouring weights differ (each is three times the one before, modulo 31), so swapped neighbours always show."""
    assume(code[place] != code[place + 1])

    with pytest.raises(Refused):
        checked(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(codes(), st.integers(0, 17), st.integers(0, 17))
def test_refuses_every_swap_of_any_two_but_the_first_with_the_last(code, one, other):
    """The weights of the first 17 places are different powers of 3 modulo 31; the last place weighs 1, as the first does."""
    assume(code[one] != code[other] and {one, other} != {0, 17})
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]

    with pytest.raises(Refused):
        checked("".join(letters))


def test_the_first_swapped_with_the_last_goes_unseen():
    """What it cannot catch, first: these two places weigh the same."""
    assert checked("91350100M000100Y43") and checked("31350100M000100Y49")


def test_two_wrong_characters_can_cancel_out():
    """What it cannot catch, second: two errors at once, about one in thirty-one pairs before the second check character is asked. Here both lie outside the
    body, so that only the last character could tell: weight 1 in the first place and 3 in the second."""
    code = GOOD[0]
    other = next(
        changed
        for first in ALPHABET
        for second in ALPHABET
        if (changed := first + second + code[2:]) != code and first != code[0] and second != code[1] and check_character(changed[:17]) == code[17]
    )

    assert checked(other) == other
