"""The script of the demonstration: the same on any day of any year, in order, never in the future. Needs no database."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from lingyan.calendar.reads import limit_after
from lingyan.kernel.refusals import Refused
from lingyan.people.identifiers import normalized_mobile
from lingyan.registry.credit_code import checked
from lingyan.setup.demonstration.invented import made_up_credit_code, made_up_mobile
from lingyan.setup.demonstration.script import names, script, steps_of, texts
from lingyan.setup.demonstration.working_time import DAY, days_back, earlier, later

MOMENTS = {
    "last evening of a year": "2025-12-31 23:30",
    "first minutes of a year": "2026-01-01 00:10",
    "28 February": "2026-02-28 10:00",
    "29 February": "2024-02-29 08:59",
    "31 July": "2026-07-31 17:30",
    "a Sunday": "2026-11-22 14:00",
    "in the Spring Festival": "2026-02-18 11:00",
    "first morning after the Spring Festival": "2026-02-24 09:00",
    "a make-up Saturday": "2026-02-28 16:45",
    "a year without published holidays": "2031-05-06 09:20",
}


def moment(words: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(words))


@pytest.mark.parametrize("words", MOMENTS.values(), ids=MOMENTS.keys())
def test_is_the_same_story_on_any_day(words):
    now = moment(words)

    acts = script(now)

    assert len(acts) == len(script(moment("2026-11-24 10:30")))
    assert all(before.at <= after.at for before, after in pairwise(acts)) and acts[-1].at <= now
    assert timedelta(days=50) < now - acts[0].at < timedelta(days=85)


@pytest.mark.parametrize("words", MOMENTS.values(), ids=MOMENTS.keys())
def test_working_time_back_and_forth_agrees_with_the_limits(words):
    now = moment(words)
    ended = earlier(now, 0)

    for days in (1, 5, 20):
        begun = earlier(now, days * DAY - 60)
        assert limit_after(begun, days).at == pytest.approx(later(ended, 60), abs=timedelta(minutes=1))
        assert earlier(later(begun, 77), 77) == begun
    assert days_back(now, 1, time(16, 5)) < now


def test_made_up_codes_are_valid_and_cannot_be_anybodys():
    codes = [made_up_credit_code(serial, texts("places")["district"]["code"]) for serial in range(1, 400)]

    assert len(set(codes)) == len(codes) and all(checked(code) == code and code[2:8] == "330299" for code in codes)
    for code in codes[:20]:
        for place in (9, 16, 17):
            wrong = code[:place] + ("7" if code[place] != "7" else "8") + code[place + 1 :]
            with pytest.raises(Refused):
                checked(wrong)


def test_made_up_mobile_numbers_have_the_form_of_one():
    numbers = [made_up_mobile(serial) for serial in range(len(names()))]

    assert len(set(numbers)) == len(numbers) and all(normalized_mobile(number) == number and number.startswith("1990000") for number in numbers)


def test_everybody_and_every_place_in_the_texts_is_known():
    places = texts("places")
    everybody, enterprises, departments = set(names()), {each["short_name"] for each in places["enterprises"]}, {*places["officers"], "社区"}
    stories = [*texts("stories"), *(matter for note in texts("notes") for matter in note.get("matters", []))]

    for story in [*stories, *texts("notes"), *texts("feedback")]:
        assert {story[field] for field in ("by", "asker") if field in story} | set(story.get("with", [])) <= everybody
        assert {story[field] for field in ("enterprise", "at_enterprise") if field in story} <= enterprises
    for story in stories:
        for _what, how in steps_of(story):
            assert {how[field] for field in ("to", "of") if field in how} | set(how.get("with", [])) <= departments, story["key"]
            assert how.get("by") is None or how["by"] in everybody


def test_no_story_is_told_twice_and_lengths_vary():
    stories = [*texts("stories"), *(matter for note in texts("notes") for matter in note.get("matters", []))]
    keys, lengths = [story["key"] for story in stories], sorted(len(story["text"]) for story in stories)

    assert len(set(keys)) == len(keys)
    assert lengths[0] <= 6 and lengths[-1] > 600 and 15 < lengths[len(lengths) // 2] < 80
    assert not [text for text in (json.dumps(stories, ensure_ascii=False),) for season in ("春节", "国庆", "台风", "高温", "年底") if season in text]
