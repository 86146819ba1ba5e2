"""`lingyan init`: a district, its first administrator and a link; once."""

from __future__ import annotations

import re
import stat
import sys

import pytest

from lingyan.config import command
from lingyan.config.founding import Answers, set_up
from lingyan.ledger.models import Entry
from lingyan.people.models import Membership, Person
from lingyan.registry.models import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    return Answers(district="余杭区", code="330110", name="沈一", mobile="13800002046")


def test_the_first_administrator_gets_a_link_and_can_come_in(answers, client, capsys, settings):
    settings.ORIGIN = "https://lingyan.example.gov.cn"

    assert set_up(answers) == 0

    person = Person.objects.get(mobile="13800002046")
    membership = Membership.objects.get(person=person)
    assert (membership.role, membership.scope_kind, membership.scope_id) == ("district_administrator", "district", District.objects.get().pk)
    assert not person.has_usable_password() and not person.is_persona
    link = re.search(r"https://lingyan\.example\.gov\.cn(/\S+)", capsys.readouterr().out)[1]
    page = client.get(link, follow=True)
    assert page.status_code == 200 and "沈一" in page.content.decode()


def test_a_second_time_is_refused_and_changes_nothing(answers, capsys):
    set_up(answers)
    before = Entry.objects.count(), Person.objects.count()

    assert set_up(answers) == 1

    assert "已经建立过了" in capsys.readouterr().err
    assert (Entry.objects.count(), Person.objects.count()) == before and District.objects.count() == 1


def test_the_command_takes_its_answers_as_options(answers, capsys):
    assert command.main(["init", "--district", "余杭区", "--code", "330110", "--name", "沈一", "--mobile", "13800002046"]) == 0

    assert "已建立“余杭区”" in capsys.readouterr().out


def test_what_is_missing_is_named_when_nobody_can_be_asked(answers, capsys):
    answers.mobile = None

    assert set_up(answers) == 2

    assert "--mobile" in capsys.readouterr().err and not District.objects.exists()


@pytest.mark.parametrize("field, value", [("mobile", "123"), ("name", "  ")])
def test_a_bad_answer_is_refused_with_a_sentence_and_nothing_is_half_made(answers, capsys, field, value):
    setattr(answers, field, value)

    assert set_up(answers) == 1

    assert "✗" in capsys.readouterr().err
    assert not District.objects.exists() and not Entry.objects.exists()


def test_the_data_folder_is_closed_to_others(answers, tmp_path):
    set_up(answers)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750
