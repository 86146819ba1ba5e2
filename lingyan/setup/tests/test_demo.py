"""The command `lingyan demo`: once, never over real data, and on from where it stopped."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lingyan.cases.models import Case, Dispatch
from lingyan.cases.reads import lines_of, with_lines
from lingyan.kernel import clock
from lingyan.ledger.models import Entry
from lingyan.ledger.reads import verify
from lingyan.people.models import Person
from lingyan.registry.models import District, Enterprise
from lingyan.setup.demonstration import loading
from lingyan.setup.demonstration.script import script
from lingyan.setup.models import DemonstrationLoad
from lingyan.setup.reads import is_demonstration_unfinished
from lingyan.setup.tests.test_script import MOMENTS, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_people(monkeypatch):
    """The demonstration shortened to its first hundred acts."""
    monkeypatch.setattr(loading, "script", lambda now: script(now)[:100])


def test_production_refuses_it(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="生产模式不载入演示社区"):
        call_command("demo", quiet=True)

    assert not District.objects.exists() and not DemonstrationLoad.objects.exists()


def test_a_real_district_refuses_it(cast):
    before = Entry.objects.count()

    with pytest.raises(CommandError, match="已经建立了真实的区"):
        call_command("demo", quiet=True)

    assert District.objects.count() == 1 and Entry.objects.count() == before and not DemonstrationLoad.objects.exists()


def test_what_was_interrupted_goes_on_where_it_stopped(only_people, monkeypatch):
    perform = loading.perform

    def stops(acts, place, stage):
        if place == 40:
            raise KeyboardInterrupt
        return perform(acts, place, stage)

    monkeypatch.setattr(loading, "perform", stops)
    with pytest.raises(KeyboardInterrupt):
        call_command("demo", quiet=True)
    assert is_demonstration_unfinished() and Person.objects.filter(is_persona=True).count() == 12
    monkeypatch.setattr(loading, "perform", perform)

    out = StringIO()
    call_command("demo", stdout=out)

    assert "从第 41 步接着来" in out.getvalue() and "已载入" in out.getvalue()
    assert not is_demonstration_unfinished()
    assert District.objects.count() == 1 and Enterprise.objects.exists()
    assert Entry.objects.filter(verb="person.created").count() == Person.objects.filter(builtin=None).count()


def test_an_interrupted_one_of_another_version_is_refused(only_people):
    DemonstrationLoad.objects.create(pk=1, told_at=clock.now(), act_count=7, next_act=3)

    with pytest.raises(CommandError, match="换了版本"):
        call_command("demo", quiet=True)


def test_quiet_says_nothing(only_people, capsys):
    call_command("demo", quiet=True)

    assert capsys.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.parametrize("words", MOMENTS.values(), ids=MOMENTS.keys())
def test_loads_on_any_day_and_stands_the_same(words):
    now = moment(words)

    with clock.at(now):
        call_command("demo", quiet=True)
        secretary = Person.objects.get(username="songlan")
        lines = lines_of(with_lines(Case.objects.all()), secretary, now)

    assert {line.holder.kind for line in lines} == {"wait", "hand", "near", "over", "said", "done", "told"}
    assert {stage: sum(line.case.stage == stage for line in lines) for stage in ("closed", "in_hand", "waiting", "answered", "sent")} == {
        "closed": 49,
        "in_hand": 14,
        "waiting": 6,
        "answered": 5,
        "sent": 4,
    }
    assert {line.case.number[3:7] for line in lines} <= {str(now.year), str(now.year - 1)}
    assert not Dispatch.objects.filter(sent_at__gt=now).exists() and Entry.objects.latest("pk").at <= now
    assert verify().is_whole
