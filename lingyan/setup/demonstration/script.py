"""The script: every act of the demonstration with its moment, in the order in which it happened, made from the texts and the present."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.utils import timezone

from lingyan.setup.demonstration import deeds
from lingyan.setup.demonstration.invented import made_up_mobile
from lingyan.setup.demonstration.stage import Stage
from lingyan.setup.demonstration.working_time import DAY, days_back, earlier, later

TEXTS = Path(__file__).parent / "texts"
BEGINS = 42  # working days before now: the community is set up, and then eight weeks of work
MINUTES_BETWEEN_SETUP_ACTS = 4
MINUTES_ABOUT = 12  # so that not everything happens at the same minute; less than half of what lies between two steps
Text = dict[str, Any]

# How long a step takes when the text does not say, in minutes of working time: from, to.
USUAL = {
    "dispatch": (12, 95),
    "sign": (15, 230),
    "support": (40, 200),
    "return": (60, 240),
    "remark": (60, 300),
    "reveal": (10, 60),
    "answer": (500, 1500),
    "answer_soon": (90, 300),  # questions and suggestions have one working day
    "on_site": (5, 40),
    "confirm": (60, 700),
    "refuse": (60, 400),
    "rate": (20, 400),
}
ONE_DAY_NATURES = {"inquiry", "suggestion", "praise"}


@dataclass(frozen=True, order=True)
class Act:
    """Something somebody did at a moment; `chapter` is what the loading says meanwhile."""

    at: datetime
    place: int
    chapter: str = field(compare=False)
    do: deeds.Deed = field(compare=False)


@cache
def texts(name: str) -> Any:
    return yaml.load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def names() -> list[str]:
    """Everybody of the demonstration once: the personas first, in the order of the sign-in page."""
    places = texts("places")
    found = [persona["name"] for persona in places["personas"]]
    for group in ("administrators", "social_workers", "posted_cadres", "lawyers", "auditors", "volunteers"):
        found += [person["name"] for person in places[group]]
    found += [name for officers in places["officers"].values() for name in officers]
    for enterprise in places["enterprises"]:
        found += [contact["name"] for contact in enterprise["contacts"]]
        found += [name for members in enterprise["micro_grids"].values() for name in members]
        found += enterprise.get("workers", [])
    return list(dict.fromkeys(found))


def new_stage() -> Stage:
    places = texts("places")
    mobiles = {name: made_up_mobile(serial) for serial, name in enumerate(names())}
    return Stage(mobiles, places["administrators"][0]["name"], places["secretary"]["name"], places["officers"])


def script(now: datetime) -> list[Act]:
    """All acts up to `now`, in order. The same `now` gives the same script."""
    acts = [*setting_up(now)]
    for chapter in (telling_stories, telling_notes, giving_feedback, reading_notices):
        acts += chapter(now)
    found = [Act(at, place, chapter_of(at, now) if chapter is None else chapter, do) for place, (at, chapter, do) in enumerate(acts)]
    if late := [act for act in found if act.at > now]:
        raise ValueError(f"{len(late)} acts lie in the future, the first at {min(late).at}")
    return sorted(found)


def chapter_of(at: datetime, now: datetime) -> str:
    weeks = (timezone.localtime(now).date() - timezone.localtime(at).date()).days // 7
    return f"{weeks} 周前的走访和诉求" if weeks else "最近一周的走访和诉求"


Timed = tuple[datetime, str | None, deeds.Deed]


# --- setting up ---------------------------------------------------------------------------------------------------------


def setting_up(now: datetime) -> Iterator[Timed]:
    moment = earlier(now, BEGINS * DAY)
    for chapter, do in deeds.setting_up(texts("places")):
        yield moment, chapter, do
        moment = later(moment, MINUTES_BETWEEN_SETUP_ACTS)


# --- moments ------------------------------------------------------------------------------------------------------------


def minutes_of(length: str) -> float:
    """Working minutes in “40m”, “3h”, “1.5d”."""
    return float(length[:-1]) * {"m": 1, "h": 60, "d": DAY}[length[-1]]


def moment_of(words: str, now: datetime, key: str, *, is_rough: bool = False) -> datetime:
    """“4.6d”, working days ago, give or take minutes; “2h” exactly; “d4 09:20”, the fourth working day before today at that time.

    When `is_rough`, a whole number of days means sometime on about that day.
    """
    if words.startswith("d"):
        days, clock = words[1:].split()
        return days_back(now, int(days), time.fromisoformat(clock))
    minutes = minutes_of(words)
    if words.endswith("d"):
        chance = Random(f"{key} {words}")
        minutes += -DAY * chance.uniform(0.05, 0.9) if is_rough and "." not in words else chance.uniform(-MINUTES_ABOUT, MINUTES_ABOUT)
    return earlier(now, minutes)


def in_the_evening(moment: datetime, latest: datetime, chance: Random) -> datetime:
    """After work on the same day, or the moment itself where that would be too late."""
    evening = timezone.localtime(moment).replace(hour=18, minute=40, second=0, microsecond=0) + timedelta(minutes=chance.randint(0, 220))
    return evening if evening <= latest else moment


# --- stories ------------------------------------------------------------------------------------------------------------


def telling_stories(now: datetime) -> Iterator[Timed]:
    for story in texts("stories"):
        chance = Random(story["key"])
        moment = moment_of(story["opened"], now, story["key"], is_rough=True)
        steps = steps_of(story)
        if story.get("evening"):
            moment = in_the_evening(moment, first_given(story["key"], steps, now), chance)
        yield moment, None, deeds.opening(story)
        yield from telling_steps(story, steps, moment, now, chance)


def steps_of(story: Text) -> list[tuple[str, Text]]:
    """The steps of a story as (what, how); a text alone is the words said."""
    steps = []
    for step in story.get("steps") or []:
        ((what, how),) = step.items()
        steps.append((what, {"text": how} if isinstance(how, str) else dict(how or {})))
    return steps


def first_given(key: str, steps: list[tuple[str, Text]], now: datetime) -> datetime:
    """The moment that the first of these steps names, or now."""
    words = given(steps[0][1]) if steps else ""
    return moment_of(words, now, key) if words else now


def given(how: Text) -> str:
    return how.get("ago") or how.get("when") or ""


def telling_steps(story: Text, steps: list[tuple[str, Text]], moment: datetime, now: datetime, chance: Random, lead: str = "") -> Iterator[Timed]:
    for number, (what, how) in enumerate(steps):
        before = moment
        if words := given(how):
            moment = moment_of(words, now, story["key"])
        elif length := how.get("after"):
            moment = later(moment, minutes_of(length))
        else:
            soon = what == "answer" and ("of" in how or story["nature"] in ONE_DAY_NATURES)
            moment = later(moment, chance.uniform(*USUAL["answer_soon" if soon else what]))
        if how.get("evening"):
            moment = in_the_evening(moment, first_given(story["key"], steps[number + 1 :], now), chance)
        if moment < before:
            raise ValueError(f"story {story['key']}: {what} at {moment} comes before {before}")
        lead = how.get("to", lead)
        yield moment, None, deeds.step(story, what, how, lead)


def telling_notes(now: datetime) -> Iterator[Timed]:
    for number, note in enumerate(texts("notes")):
        key = f"note-{number}"
        chance = Random(key)
        moment = moment_of(note["at"], now, key, is_rough=True)
        written_after = timedelta(minutes=chance.randint(8, 35))
        yield moment, None, deeds.note(note, key, visited_at=moment - written_after)
        for matter in note.get("matters", []):
            steps = steps_of(matter)
            sent = deeds.sent_at_once(steps)
            yield from telling_steps(matter, steps[1:] if sent else steps, moment, now, Random(matter["key"]), sent.get("to", ""))


# --- the rest -----------------------------------------------------------------------------------------------------------


def giving_feedback(now: datetime) -> Iterator[Timed]:
    for number, feedback in enumerate(texts("feedback")):
        key = f"feedback-{number}"
        chance = Random(key)
        moment = moment_of(feedback["opened"], now, key, is_rough=True)
        if feedback.get("evening"):
            moment = in_the_evening(moment, now, chance)
        yield moment, None, deeds.feedback(feedback, key)
        if answer := feedback.get("answer"):
            yield later(moment, minutes_of(answer["after"])), None, deeds.feedback_answer(key, answer["text"])


def reading_notices(now: datetime) -> Iterator[Timed]:
    """The personas have read their messages up to yesterday, so that only new ones are unread."""
    for days in (30, 20, 10, 1.1):
        for persona in texts("places")["personas"]:
            yield earlier(now, days * DAY), None, deeds.reading(persona["name"])
