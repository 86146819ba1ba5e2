"""Two people, or one impatient person, at the same case at the same moment."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lingyan.cases import services
from lingyan.cases.models import Case, Dispatch, Progress, Rating, Request
from lingyan.kernel.refusals import Refused
from lingyan.ledger.models import Entry
from lingyan.ledger.reads import verify
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import create_person, grant_membership
from tests.races.conftest import at_once

pytestmark = pytest.mark.postgres
AGAIN = pytest.mark.parametrize("attempt", range(3))


@pytest.fixture
def second_officer(cast) -> Person:
    """A colleague of the officer, in the same department."""
    person = create_person(actor=cast.system, name="老杜", username="laodu")
    grant_membership(actor=cast.system, person=person, role=Role.DEPARTMENT_OFFICER, scope_kind=ScopeKind.DEPARTMENT, scope_id=cast.departments["住建"].pk)
    person.forget_memberships()
    return person


def refusals(results) -> list[Refused]:
    return [result for result in results if isinstance(result, Refused)]


@AGAIN
def test_of_two_who_dispatch_at_once_one_wins_and_the_other_is_told_who_was_faster(cast, make_case, browser_of, attempt):
    case = make_case()
    browsers = [browser_of(cast.secretary), browser_of(cast.social_worker)]
    chosen = [cast.departments["住建"].pk, cast.departments["交通"].pk]

    answers = at_once(
        *[
            lambda browser=browser, lead=lead: browser.post(f"/cases/{case.pk}/dispatch/", {"dispatch-lead_department": lead})
            for browser, lead in zip(browsers, chosen, strict=True)
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [302, 422]
    lead = Dispatch.objects.get(case=case)
    told = next(answer for answer in answers if answer.status_code == 422).content.decode()
    assert f"{lead.sent_by.name}已派给{lead.department.short_name}，这次没有再派" in told
    assert Progress.objects.filter(case=case, kind="dispatched").count() == Entry.objects.filter(verb="case.dispatched").count() == 1


@AGAIN
def test_the_same_request_sent_twice_at_once_is_one_case(cast, browser_of, attempt):
    browser, again = browser_of(cast.contact), browser_of(cast.contact)
    form = {"client_uuid": uuid4(), "on_behalf": f"enterprise:{cast.lanshi.pk}", "text": "宿舍热水断了", "nature": "help", "urgency": "routine"}

    answers = at_once(lambda: browser.post("/cases/raise/", form), lambda: again.post("/cases/raise/", form))

    case = Case.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer["Location"] for answer in answers} == {f"/cases/{case.pk}/"}
    assert Request.objects.count() == 1
    assert case.number.endswith("-0001")


@AGAIN
def test_the_same_registration_sent_twice_at_once_is_one_case(cast, browser_of, attempt):
    browser, again = browser_of(cast.social_worker), browser_of(cast.social_worker)
    form = {
        "client_uuid": uuid4(),
        "community": cast.lingfeng.pk,
        "channel": "desk",
        "whose": "person",
        "text": "问公积金",
        "nature": "inquiry",
        "urgency": "routine",
    }

    answers = at_once(lambda: browser.post("/cases/register/", form), lambda: again.post("/cases/register/", form))

    assert {answer["Location"] for answer in answers} == {f"/cases/{Case.objects.get().pk}/"}


@AGAIN
def test_the_same_note_sent_twice_at_once_is_one_note_and_its_matters_are_once(cast, browser_of, attempt):
    browser, again = browser_of(cast.social_worker), browser_of(cast.social_worker)
    form = {
        "client_uuid": uuid4(),
        "heard": "路灯坏了",
        "matter-TOTAL_FORMS": 1,
        "matter-INITIAL_FORMS": 0,
        "matter-0-client_uuid": uuid4(),
        "matter-0-text": "修路灯",
        "matter-0-nature": "help",
        "matter-0-urgency": "routine",
        "matter-0-whose": "enterprise",
        "matter-0-then": "later",
    }
    address = f"/visits/write/{cast.lanshi.pk}/"

    answers = at_once(lambda: browser.post(address, form), lambda: again.post(address, form))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Case.objects.count() == Entry.objects.filter(verb="note.written").count() == 1


@AGAIN
def test_the_same_opinion_sent_twice_at_once_is_one(cast, browser_of, attempt):
    browser, again = browser_of(cast.contact), browser_of(cast.contact)
    form = {"client_uuid": uuid4(), "text": "窗口排队太久"}

    answers = at_once(lambda: browser.post("/cases/feedback/", form), lambda: again.post("/cases/feedback/", form))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(verb="feedback.sent").count() == 1


@AGAIN
def test_of_two_officers_who_sign_at_once_one_has_it(cast, make_case, second_officer, attempt):
    case = make_case("sent")
    lead = case.dispatches.get(part="lead")

    results = at_once(*[lambda actor=actor: services.acknowledge_dispatch(dispatch_id=lead.pk, actor=actor) for actor in (cast.officer, second_officer)])

    assert [refused.code for refused in refusals(results)] == ["state.wrong"]
    lead.refresh_from_db()
    winner = next(result for result in results if not isinstance(result, Refused))
    assert lead.handler == winner.handler
    assert Progress.objects.filter(case=case, kind="acknowledged").count() == 1


@AGAIN
def test_signing_and_returning_at_once_end_in_one_of_the_two(cast, make_case, second_officer, attempt):
    case = make_case("sent")
    lead = case.dispatches.get(part="lead")

    results = at_once(
        lambda: services.acknowledge_dispatch(dispatch_id=lead.pk, actor=cast.officer),
        lambda: services.return_dispatch(dispatch_id=lead.pk, actor=second_officer, reason="归交通"),
    )

    assert len(refusals(results)) == 1
    case.refresh_from_db()
    lead.refresh_from_db()
    assert (lead.state, case.stage) in {("acknowledged", "in_hand"), ("returned", "waiting")}


@AGAIN
def test_the_asker_confirms_while_the_supporting_officer_answers(cast, make_case, attempt):
    """Whoever comes first: the case is closed, and no share of it stays open."""
    case = make_case("answered", support=("交通",))
    support = case.dispatches.get(part="support")
    services.acknowledge_dispatch(dispatch_id=support.pk, actor=cast.other_officer)

    at_once(
        lambda: services.confirm_answer(case_id=case.pk, actor=cast.contact, grade=5),
        lambda: services.answer_dispatch(dispatch_id=support.pk, actor=cast.other_officer, text="路口也看了"),
    )

    case.refresh_from_db()
    support.refresh_from_db()
    assert case.stage == "closed"
    assert support.state in {"dropped", "answered"}
    assert (support.state == "answered") == Progress.objects.filter(case=case, kind="supported").exists()


@AGAIN
def test_the_asker_says_no_while_the_community_confirms_by_telephone(cast, make_case, attempt):
    case = make_case("answered")

    results = at_once(
        lambda: services.refuse_answer(case_id=case.pk, actor=cast.contact, reason="车还在"),
        lambda: services.confirm_answer(case_id=case.pk, actor=cast.social_worker),
    )

    assert [refused.code for refused in refusals(results)] == ["case.not_answered"]
    case.refresh_from_db()
    lead = case.dispatches.get(part="lead")
    assert (case.stage, lead.state, case.redo_count) in {("closed", "answered", 0), ("in_hand", "acknowledged", 1)}


@AGAIN
def test_two_ratings_at_once_are_one(cast, make_case, attempt):
    case = make_case("closed")

    results = at_once(
        lambda: services.rate_case(case_id=case.pk, actor=cast.contact, grade=5),
        lambda: services.rate_case(case_id=case.pk, actor=cast.social_worker, grade=1),
    )

    assert [refused.code for refused in refusals(results)] == ["case.rated"]
    assert Rating.objects.filter(case=case).count() == Progress.objects.filter(case=case, kind="rated").count() == 1


@AGAIN
def test_answered_on_the_spot_and_dispatched_at_once_is_one_of_the_two(cast, make_case, attempt):
    case = make_case()

    results = at_once(
        lambda: services.resolve_on_site(case_id=case.pk, actor=cast.posted_cadre, text="说清了"),
        lambda: services.dispatch_case(case_id=case.pk, actor=cast.secretary, lead_department_id=cast.departments["住建"].pk),
    )

    assert len(refusals(results)) == 1
    case.refresh_from_db()
    assert (case.stage, case.dispatches.count()) in {("closed", 0), ("sent", 1)}


def test_numbers_have_neither_gaps_nor_doubles_when_many_ask_at_once(cast):
    def ask(actor, community):
        return lambda: [
            services.register_request(actor=actor, community_id=community.pk, text="路灯", nature="help", client_uuid=uuid4(), channel="desk").case.number
            for _each in range(5)
        ]

    given = at_once(
        *[ask(cast.social_worker, cast.lingfeng) for _each in range(3)],
        *[ask(cast.secretary, cast.lingfeng) for _each in range(3)],
        ask(cast.outsider, cast.dagang),
    )

    numbers = sorted(number for some in given for number in some if number.startswith("灵峰"))
    assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, 31))
    assert sorted(int(number.rpartition("-")[2]) for number in given[-1]) == list(range(1, 6))
    assert verify().is_whole


def test_a_refused_request_takes_no_number(cast):
    """Half of those who ask at once write nothing: the others' numbers follow one another."""

    def ask(text):
        return lambda: (
            services.raise_request(actor=cast.contact, text=text, nature="help", client_uuid=uuid4(), community_id=0, enterprise_id=cast.lanshi.pk).case.number
        )

    results = at_once(*[ask(text) for text in ("路灯", "", "路灯", "  ", "路灯", "x" * 10_000)])

    assert len(refusals(results)) == 3
    assert sorted(result[-4:] for result in results if isinstance(result, str)) == ["0001", "0002", "0003"]
