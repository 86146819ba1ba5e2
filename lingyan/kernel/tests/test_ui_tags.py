"""The tags and filters of every template: how time and money are written, and what the widgets say to a screen reader."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from lingyan.kernel import clock
from lingyan.kernel.templatetags import ui

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 24, 11, 26, tzinfo=ZoneInfo("Asia/Shanghai"))


def drawn(text, **context):
    return Template(text).render(Context(context))


@pytest.fixture(autouse=True)
def this_morning():
    with clock.at(NOW), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NOW.replace(hour=10, minute=58), "今天 10:58"),
        (NOW - timedelta(days=1, hours=-4, minutes=-39), "昨天 16:05"),
        (NOW + timedelta(days=1), "明天 11:26"),
        (NOW.replace(day=12, hour=14, minute=0), "12日 14:00"),
        (NOW.replace(day=30, hour=17, minute=30), "30日 17:30"),
        (NOW.replace(month=9), "9月24日"),
        (NOW.replace(year=2025, month=11, day=18), "2025年11月18日"),
        (date(2026, 11, 24), "今天"),
        (date(2026, 11, 18), "18日"),
        (None, ""),
    ],
)
def test_a_moment_is_written_as_a_person_says_it(value, said):
    assert ui.when(value) == said


def test_a_moment_is_shown_where_the_community_is():
    late_yesterday_in_utc = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

    assert ui.when(late_yesterday_in_utc) == "今天 01:00"
    assert ui.clock_time(late_yesterday_in_utc) == "01:00"


def test_yesterday_is_also_said_across_the_turn_of_the_year():
    with clock.at(datetime(2027, 1, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert ui.when(date(2026, 12, 31)) == "昨天"
        assert ui.when(date(2026, 12, 30)) == "2026年12月30日"


def test_a_moment_in_english():
    with translation.override("en"):
        assert ui.when(NOW.replace(day=12)) == "12 Nov 11:26"
        assert ui.when(date(2025, 11, 18)) == "18 Nov 2025"
        assert ui.day_title(NOW) == "Tuesday 24 November"


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2026, 11, 24), "十一月二十四日 周二"),
        (date(2026, 1, 1), "一月一日 周四"),
        (date(2026, 10, 10), "十月十日 周六"),
        (date(2026, 12, 31), "十二月三十一日 周四"),
        (date(2026, 5, 20), "五月二十日 周三"),
    ],
)
def test_a_day_as_a_title(day, title):
    assert ui.day_title(day) == title


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "0 元"),
        (99, "0.99 元"),
        (1250, "12.5 元"),
        (999_999, "9,999.99 元"),
        (1_000_000, "1 万元"),
        (64_300_000, "64.3 万元"),
        (1_860_000_000, "1,860 万元"),
        (1_860_420_035, "1,860.42 万元"),
        (17_300_000_000_00, "173 亿元"),
        (-1_000_000, "-1 万元"),
        (None, ""),
    ],
)
def test_money_is_read_in_the_unit_people_speak(fen, said):
    assert ui.money(fen) == said


def test_money_to_the_last_fen_where_it_is_asked_for():
    assert ui.money(1_860_420_035, "exact") == "18,604,200.35 元"


def test_a_range_of_money_is_in_one_unit():
    assert ui.money_to(18_000_000, 36_000_000) == "18—36 万元"
    assert ui.money_to(800_000, 36_000_000) == "0.8—36 万元"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 分钟"),
        (38, "38 分钟"),
        (59, "59 分钟"),
        (60, "1 小时"),
        (130, "2 小时"),
        (479, "7 小时"),
        (480, "1 天"),
        (719, "1 天"),
        (720, "1 天半"),
        (960, "2 天"),
        (4319, "8 天半"),
        (timedelta(hours=4), "4 小时"),
    ],
)
def test_a_length_is_rounded_down_to_what_people_say(minutes, said):
    assert ui.duration(minutes) == said


def test_a_length_follows_the_working_day_it_is_given():
    assert ui.duration(450, 450) == "1 天"


def test_what_is_left_says_which_side_of_the_limit_it_is():
    assert ui.left(240) == "剩 4 小时"
    assert ui.left(-720) == "超 1 天半"
    assert ui.left(timedelta(hours=-2)) == "超 2 小时"
    assert ui.left(None) == ""


def test_djangos_own_length_still_counts():
    assert drawn("{{ things|length }}", things=[1, 2, 3]) == "3"


def test_days_off_are_narrow_on_the_ruler():
    ruler = ui.ruler({"days": [True, True, True, False, False, True, True, True], "used_to": 5.3, "now": 5.3, "due": 7.0})

    assert [cell["part"] for cell in ruler["cells"]][:7] == ["100%", "100%", "100%", "100%", "100%", "30%", "0%"]
    assert ruler["now"] == "60.9%"
    assert ruler["due"] == "85.5%"


def test_the_sentence_of_a_clock_is_read_and_its_ruler_is_not():
    text = render_to_string(
        "ui/clock.html",
        {"clock": {"sentence": "剩 4 小时", "side": "在 电力·小应", "kind": "near", "days": [True, False], "used_to": 1.0, "now": 1.0, "due": 2.0}},
    )

    assert "剩 4 小时" in text
    assert '<div class="ruler st-near" aria-hidden="true">' in text


def test_a_state_is_a_glyph_a_word_and_a_colour():
    text = render_to_string("ui/state.html", {"kind": "said", "text": "待您确认"})

    assert "#message-circle-question-mark" in text
    assert "待您确认" in text
    assert "st-near" in text


class Form(forms.Form):
    title = forms.CharField(label="什么事", help_text="一句话。")
    words = forms.CharField(label="原话", widget=forms.Textarea, required=False)
    nature = forms.ChoiceField(label="性质", choices=[("help", "求助"), ("advice", "建议")], widget=forms.RadioSelect)
    due = forms.DateField(label="到期日")


def test_a_field_ties_its_help_and_its_error_to_the_control():
    text = drawn("{% field form.title %}", form=Form({"title": ""}))

    assert '<label class="lab" for="id_title">什么事' in text
    assert 'aria-describedby="id_title-help id_title-error"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="id_title-error"' in text


def test_only_the_first_wrong_field_takes_the_focus():
    form = Form({"title": "", "nature": "help", "due": "早晚"})
    text = drawn("{% for each in form %}{% field each %}{% endfor %}", form=form)

    assert text.count("autofocus") == 1
    assert text.index("autofocus") < text.index("id_due")


def test_a_form_without_errors_takes_no_focus():
    assert "autofocus" not in drawn("{% for each in form %}{% field each %}{% endfor %}", form=Form())


def test_a_field_that_may_stay_empty_says_so():
    assert "可以不填" in drawn("{% field form.words %}", form=Form())
    assert "可以不填" not in drawn("{% field form.title %}", form=Form())


def test_choices_are_a_group_with_a_name():
    text = drawn("{% field form.nature %}", form=Form({"nature": "advice"}))

    assert "<fieldset" in text
    assert '<legend class="lab">性质' in text
    assert len(re.findall(r'type="radio"', text)) == 2
    assert re.search(r'value="advice"[^>]*checked', text)


def test_what_a_person_typed_is_shown_as_text():
    text = drawn("{% card title=title %}{{ words }}{% endcard %}", title="<b>标题</b>", words="<script>")

    assert "<b>" not in text
    assert "<script>" not in text


def test_no_grade_is_chosen_beforehand():
    text = drawn("{% rating 'grade' %}")

    assert "checked" not in text
    assert re.findall(r"<span>(\S*满意)</span>", text) == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert "checked" in drawn("{% rating 'grade' selected='3' %}")


def test_a_dialog_is_named_by_its_title():
    text = drawn("{% dialog id='why' title='写理由' %}<p>…</p>{% enddialog %}")

    assert '<dialog class="dlg" id="why" aria-labelledby="why-title">' in text
    assert '<h2 id="why-title">写理由</h2>' in text


@pytest.mark.parametrize(
    ("cookies", "attributes"),
    [
        ({}, ""),
        ({"theme": "lamp"}, 'data-theme="lamp"'),
        ({"theme": "paper", "type": "large"}, 'data-theme="paper" data-type="large"'),
        ({"theme": '"><script>', "type": "huge"}, ""),
    ],
)
def test_the_page_wears_the_theme_and_type_the_person_chose(cookies, attributes):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)

    assert drawn("{% html_look %}", request=request) == attributes


@pytest.mark.parametrize(("referer", "back"), [("http://testserver/cases/", "http://testserver/cases/"), ("https://elsewhere.example/", ""), ("", "")])
def test_the_way_back_never_leads_elsewhere(referer, back):
    request = RequestFactory().get("/gone/", headers={"Referer": referer})

    assert drawn("{% way_back as back %}{{ back }}", request=request) == back


def test_the_page_for_a_crash_needs_no_context():
    text = render_to_string("500.html")

    assert "系统出错了" in text
    assert 'href="/"' in text


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "409.html", "500.html", "csrf_failure.html"])
def test_a_page_that_says_no_is_known_as_such_and_leads_on(page):
    text = render_to_string(page)

    assert 'data-page="error"' in text
    assert 'href="/"' in text


def test_every_icon_named_in_a_template_is_in_the_sprite():
    names = set((ROOT / "frontend" / "icons" / "names.txt").read_text().split())
    named = {
        name
        for path in (ROOT / "lingyan").rglob("templates/**/*.html")
        for found in re.findall(r"""\{% icon "([^"]+)"|\bicon="([^"]+)"|\{% state_icon \S+ "([^"]+)\"""", path.read_text(encoding="utf-8"))
        for name in found
        if name
    }

    assert named <= names, "add them to frontend/icons/names.txt, sorted"
    assert set(ui.STATE_ICONS.values()) <= names
