"""The loaded demonstration: everybody and every state is there, all of it made through the services, and nothing is anybody's real number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import Count, F
from django.test import override_settings
from django.utils import timezone

from lingyan.calendar.reads import is_working_day
from lingyan.cases.access import visible_cases
from lingyan.cases.models import Case, Dispatch, Feedback, Progress, Rating, Request
from lingyan.cases.reads import to_do, working_minutes_left
from lingyan.kernel import clock
from lingyan.ledger.models import Entry
from lingyan.ledger.reads import verify
from lingyan.notices.models import Notice
from lingyan.people.models import Membership, Person, Role
from lingyan.registry.credit_code import checked
from lingyan.registry.models import Department, Enterprise, Grid, MicroGrid
from lingyan.setup.demonstration.deeds import PASSWORD
from lingyan.setup.demonstration.stage import uuid_of
from lingyan.setup.reads import persona_lines, persona_names
from lingyan.visits.models import FieldNote

NOW = datetime.fromisoformat("2026-11-24T10:30+08:00")
ICONS = Path(__file__).resolve().parents[3] / "frontend" / "icons" / "names.txt"
PERSONAS = ["周婧", "宋岚", "许可", "沈洁", "傅工", "老秦", "黎律师", "朱师傅", "小吴", "小裴", "区企服中心", "方审计"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The demonstration, loaded once for this module and taken away after it; what the command said."""
    out = StringIO()
    with django_db_blocker.unblock():
        with clock.at(NOW), override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            call_command("demo", stdout=out)
        yield out.getvalue()
        call_command("flush", verbosity=0, interactive=False)
        ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def at_that_moment(loaded, db) -> Iterator[None]:
    with clock.at(NOW):
        yield


def persona(name: str) -> Person:
    return Person.objects.get(name=name, is_persona=True)


def case_of(key: str) -> Case:
    return Request.objects.get(client_uuid=uuid_of(key)).case


# --- what is there ------------------------------------------------------------------------------------------------------


def test_the_community_is_whole():
    assert (Grid.objects.count(), Enterprise.objects.count(), Department.objects.count()) == (4, 12, 37)
    assert Membership.objects.filter(role__in=[Role.SECRETARY, Role.SOCIAL_WORKER]).count() == 6
    assert Enterprise.objects.annotate(n=Count("grid")).filter(n=0).count() == 0 and Grid.objects.filter(leader=None).count() == 0
    assert 60 <= Case.objects.count() <= 90 and 30 <= FieldNote.objects.count() <= 40
    assert not Enterprise.objects.filter(micro_grids=None).exists() and not Enterprise.objects.filter(contacts=None).exists()
    held = set(Membership.objects.filter(role=Role.MICRO_GRID_MEMBER).values_list("scope_id", flat=True))
    assert held == set(MicroGrid.objects.values_list("pk", flat=True))


def test_each_role_has_a_persona():
    roles = Membership.objects.filter(person__is_persona=True, ended_at=None).values_list("role", flat=True)

    assert set(roles) == set(Role.values)


def test_every_stage_and_ending_is_there_today():
    cases = Case.objects.all()
    still_open = [case for case in cases if case.due_at]
    left = {case.pk: working_minutes_left(case.due_at, NOW) for case in still_open}

    assert set(cases.values_list("stage", flat=True)) == set(Case.Stage.values)
    assert {"solved", "explained"} < set(cases.values_list("outcome", flat=True))
    assert sum(minutes < 0 for minutes in left.values()) >= 3 and sum(0 <= minutes <= 255 for minutes in left.values()) >= 2
    assert {case.stage for case in still_open if left[case.pk] < 0} == {"in_hand", "waiting"}
    assert cases.filter(is_on_site=True, outcome="solved").exists() and cases.filter(is_on_site=True, outcome="explained").exists()
    assert cases.filter(redo_count=1, stage="in_hand").exists() and cases.filter(redo_count=1, stage="closed").count() == 2
    assert cases.filter(stage="waiting", dispatches__state="returned").exists()
    assert Dispatch.objects.filter(state="sent", part="lead", sign_by__lt=NOW).exists()
    assert cases.filter(is_confidential=True, stage__in=["sent", "in_hand"]).count() == 2 and cases.filter(urgency="urgent", stage="waiting").exists()
    assert set(Dispatch.objects.values_list("state", flat=True)) == set(Dispatch.State.values)
    assert set(Progress.objects.values_list("kind", flat=True)) == set(Progress.Kind.values)
    assert set(cases.values_list("nature", flat=True)) == {"help", "inquiry", "complaint", "report", "suggestion", "praise"}
    assert set(cases.values_list("channel", flat=True)) == {"visit", "portal", "desk", "telephone"}


def test_ratings_are_of_every_grade_and_some_are_missing():
    assert set(Rating.objects.values_list("grade", flat=True)) == {1, 2, 3, 4, 5}
    assert Rating.objects.filter(by_call_back=True).exists() and Case.objects.filter(stage="closed", rating=None).count() >= 5


def test_the_trucks_at_the_gate_wait_for_the_askers_word():
    case = case_of("parking")

    assert case.title == "货车在门口排队，早班员工进不来" and case.stage == "answered" and case.nature == "help"
    shares = {(each.department.short_name, each.part, each.state, str(each.handler)) for each in case.dispatches.all()}
    assert shares == {("住建", "lead", "answered", "傅工"), ("交通", "support", "answered", "小郭")}
    assert f"{timezone.localtime(case.waiting_since):%m-%d %H:%M}" == "11-23 16:05"
    assert case in visible_cases(persona("沈洁"))


def test_feedback_waits_and_is_answered():
    assert set(Feedback.objects.values_list("state", flat=True)) == {"open", "answered"} and Feedback.objects.filter(person=None).exists()


# --- through the services -----------------------------------------------------------------------------------------------


def test_every_row_is_in_the_ledger_in_the_order_of_time():
    opened = set(Entry.objects.filter(verb="case.opened").values_list("target_id", flat=True))
    moments = list(Entry.objects.order_by("pk").values_list("at", flat=True))

    assert opened == set(Case.objects.values_list("pk", flat=True))
    assert moments == sorted(moments) and moments[-1] <= NOW and set(Entry.objects.values_list("via", flat=True)) == {"command"}
    assert verify().is_whole


def test_officers_and_staff_work_in_working_time():
    kinds = [Progress.Kind.DISPATCHED, Progress.Kind.ACKNOWLEDGED, Progress.Kind.ANSWERED, Progress.Kind.SUPPORTED, Progress.Kind.RETURNED]
    moments = [timezone.localtime(at) for at in Progress.objects.filter(kind__in=kinds).values_list("at", flat=True)]

    assert all(is_working_day(at.date()) and time(9) <= at.time() <= time(17, 30) for at in moments)
    assert len({at.minute for at in moments}) > 40


def test_steps_follow_one_another():
    for case in Case.objects.prefetch_related("progress"):
        lines = sorted(case.progress.all(), key=lambda line: line.pk)
        assert [line.at for line in lines] == sorted(line.at for line in lines) and lines[0].at == case.opened_at
    assert not FieldNote.objects.filter(arrived_at__lte=F("visited_at")).exists()


def test_only_new_messages_are_unread():
    before = datetime.fromisoformat("2026-11-22T00:00+08:00")

    assert not Notice.objects.filter(person__is_persona=True, read_at=None, created_at__lt=before).exists()
    assert Notice.objects.filter(person=persona("沈洁"), read_at=None).exists()


def test_a_second_time_changes_nothing(loaded):
    before = [model.objects.count() for model in (Entry, Person, Case, Progress, Notice)]
    out = StringIO()

    call_command("demo", stdout=out)

    assert "演示社区已载入" in loaded and "什么都没有改动" in out.getvalue() and "周婧" in out.getvalue()
    assert [model.objects.count() for model in (Entry, Person, Case, Progress, Notice)] == before


# --- nobody's ----------------------------------------------------------------------------------------------------------


def test_codes_and_numbers_are_valid_and_made_up():
    for code in Enterprise.objects.values_list("credit_code", flat=True):
        assert checked(code) == code and code.startswith("91330299")
    mobiles = list(Person.objects.filter(builtin=None).values_list("mobile", flat=True))
    assert all(mobile.startswith("1990000") for mobile in mobiles)
    assert "演示" in Enterprise.objects.first().community.district.name


def test_only_personas_have_passwords():
    for person in Person.objects.filter(builtin=None):
        assert person.has_usable_password() == person.is_persona
        if person.is_persona:
            assert person.check_password(PASSWORD)
            assert validate_password(PASSWORD, Person(name=person.name, username=person.username, mobile=person.mobile)) is None


# --- the personas -------------------------------------------------------------------------------------------------------

MAY = {
    "周婧": {"visits.write_note", "cases.register_request", "cases.resolve_on_site"},
    "宋岚": {"people.grant_membership", "cases.dispatch_case", "cases.reveal_asker"},
    "许可": {"cases.dispatch_case", "cases.answer_for_community"},
    "沈洁": {"cases.confirm_answer", "cases.raise_request", "registry.view_enterprise"},
    "傅工": {"cases.answer_dispatch"},
    "老秦": {"visits.write_note", "cases.resolve_on_site"},
    "黎律师": {"cases.raise_request"},
    "朱师傅": {"cases.raise_request", "cases.confirm_answer"},
    "小吴": {"cases.raise_request", "cases.confirm_answer"},
    "小裴": {"cases.raise_request"},
    "区企服中心": {"cases.answer_feedback", "people.grant_membership"},
    "方审计": {"ledger.view_entry"},
}
MAY_NOT = {
    "沈洁": "cases.dispatch_case",
    "小吴": "visits.view_note",
    "傅工": "cases.dispatch_case",
    "方审计": "cases.view_case",
    "区企服中心": "cases.reveal_asker",
}


@pytest.mark.parametrize("name", PERSONAS)
def test_each_persona_may_do_what_they_are_here_for(name):
    person = persona(name)

    assert {permission for permission in MAY[name] if not person.may(permission)} == set()
    assert not (name in MAY_NOT and person.may(MAY_NOT[name]))


def test_work_waits_for_each_who_has_some():
    waiting = {name: to_do(persona(name)).count() for name in PERSONAS}

    assert all(waiting[name] for name in ("周婧", "宋岚", "许可", "沈洁", "傅工", "小吴"))
    assert waiting["黎律师"] == waiting["方审计"] == 0


def test_an_employer_sees_nothing_of_what_a_worker_complained():
    complaint, employer = case_of("overtime"), Person.objects.get(name="葛芸")

    assert complaint.enterprise == Enterprise.objects.get(short_name="启铖机械") and complaint.is_confidential
    assert complaint in visible_cases(persona("小吴")) and complaint in visible_cases(Person.objects.get(name="楼姐"))
    assert complaint not in visible_cases(employer) and complaint not in visible_cases(Person.objects.get(name="项启明"))


def test_the_sign_in_page_gets_one_true_line_of_each(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        lines = persona_lines()

    assert [line["name"] for line in lines] == PERSONAS and [name for name, _role in persona_names()] == PERSONAS
    icons = set(ICONS.read_text().split())
    assert all(line["icon"] in icons and line["line"] and line["role_line"] and line["person_id"] for line in lines)
    by_name = {line["name"]: line["line"] for line in lines}
    assert by_name["许可"].startswith(f"{Case.objects.filter(stage='waiting').count()} 件等派单")
    assert by_name["沈洁"].startswith("2 件等您确认") and by_name["小吴"].startswith("1 件等您确认")
    assert by_name["区企服中心"].startswith("2 条意见等答复") and by_name["方审计"].startswith(f"流水 {Entry.objects.count()} 条")
