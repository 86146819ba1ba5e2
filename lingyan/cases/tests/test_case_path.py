"""The main path: a request becomes a case, goes to departments, is answered, and ends by the asker's word."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from lingyan.cases import services
from lingyan.cases.models import Case, Dispatch, Progress, Rating, Request
from lingyan.cases.reads import enterprise_panel, lines_of, tab_counts, with_lines
from lingyan.kernel import clock
from lingyan.kernel.refusals import NotVisible, Refused
from lingyan.ledger.models import Entry


def test_a_request_gets_its_case_and_a_number_readable_over_the_telephone(cast, make_case):
    first, second = make_case(), make_case()

    assert first.number.startswith("灵峰-")
    assert first.number.endswith("-0001")
    assert second.number.endswith("-0002")
    assert first.stage == Case.Stage.WAITING
    assert first.due_at is not None


def test_the_same_submission_sent_twice_is_written_once(cast):
    words = {
        "actor": cast.contact,
        "text": "宿舍热水断了",
        "nature": "help",
        "client_uuid": uuid4(),
        "community_id": cast.lingfeng.pk,
        "enterprise_id": cast.lanshi.pk,
    }

    first, again = services.raise_request(**words), services.raise_request(**words)

    assert first.pk == again.pk
    assert Case.objects.count() == 1


def test_the_stage_follows_the_lead_department_to_the_askers_word(cast, make_case):
    case = make_case(support=("交通",))
    seen = [case.stage]
    services.dispatch_case(
        case_id=case.pk, actor=cast.social_worker, lead_department_id=cast.departments["住建"].pk, support_department_ids=[cast.departments["交通"].pk]
    )
    lead = Dispatch.objects.get(case=case, part="lead")
    for step in (
        lambda: services.acknowledge_dispatch(dispatch_id=lead.pk, actor=cast.officer),
        lambda: services.answer_dispatch(dispatch_id=lead.pk, actor=cast.officer, text="划了禁停线"),
        lambda: services.confirm_answer(case_id=case.pk, actor=cast.contact, grade=5),
    ):
        case.refresh_from_db()
        seen.append(case.stage)
        step()
    case.refresh_from_db()

    assert [*seen, case.stage] == ["waiting", "sent", "in_hand", "answered", "closed"]
    assert case.outcome == Case.Outcome.SOLVED
    assert case.rating.grade == Rating.Grade.VERY_GOOD
    assert Dispatch.objects.get(case=case, part="support").state == Dispatch.State.DROPPED
    assert list(Progress.objects.filter(case=case).order_by("pk").values_list("kind", flat=True)) == [
        "registered",
        "dispatched",
        "acknowledged",
        "answered",
        "confirmed",
        "rated",
    ]


def test_an_answer_the_asker_refuses_goes_back_to_the_same_officer(cast, make_case):
    case = make_case("answered")

    services.refuse_answer(case_id=case.pk, actor=cast.contact, reason="线划了，没人管")

    case.refresh_from_db()
    lead = case.dispatches.get()
    assert (case.stage, case.redo_count, lead.state, lead.handler) == (Case.Stage.IN_HAND, 1, Dispatch.State.ACKNOWLEDGED, cast.officer)


def test_unrated_is_never_satisfied(cast, make_case):
    case = make_case("closed")

    assert not Rating.objects.filter(case=case).exists()


def test_a_case_is_closed_on_the_spot_and_reopened_when_the_asker_disagrees(cast, make_case):
    case = make_case()
    services.resolve_on_site(case_id=case.pk, actor=cast.social_worker, text="当场打电话给物业，十点来修")
    case.refresh_from_db()
    assert (case.stage, case.is_on_site) == (Case.Stage.CLOSED, True)

    services.refuse_answer(case_id=case.pk, actor=cast.contact, reason="物业没来")

    case.refresh_from_db()
    assert (case.stage, case.outcome, case.is_on_site) == (Case.Stage.WAITING, "", False)


def test_a_returned_order_waits_to_be_dispatched_anew(cast, make_case):
    case = make_case("sent")
    services.return_dispatch(dispatch_id=case.dispatches.get().pk, actor=cast.officer, reason="占道归综合执法")
    case.refresh_from_db()
    assert case.stage == Case.Stage.WAITING

    services.dispatch_case(case_id=case.pk, actor=cast.social_worker, lead_department_id=cast.departments["综合执法"].pk)

    case.refresh_from_db()
    assert (case.stage, case.lead_department.short_name) == (Case.Stage.SENT, "综合执法")


def test_the_second_of_two_dispatchers_is_told_who_was_faster_and_nothing_changes(cast, make_case):
    case = make_case("sent")

    with pytest.raises(Refused, match="周婧已派给住建"):
        services.dispatch_case(case_id=case.pk, actor=cast.second_worker, lead_department_id=cast.departments["交通"].pk)

    assert [dispatch.department.short_name for dispatch in case.dispatches.all()] == ["住建"]


@pytest.mark.parametrize(("text", "sentence"), [("", "请写下是什么事"), ("   \n", "请写下是什么事"), ("货" * 10_000, "最多写 5000 字，这里有 10000 字")])
def test_an_empty_or_endless_request_is_refused_whole(cast, text, sentence):
    before = Entry.objects.count()

    with pytest.raises(Refused, match=sentence):
        services.raise_request(actor=cast.contact, text=text, nature="help", client_uuid=uuid4(), community_id=cast.lingfeng.pk, enterprise_id=cast.lanshi.pk)

    assert (Request.objects.count(), Case.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_tags_and_emoji_are_only_text(cast):
    text = "<script>alert(1)</script> 厂门口 🚚 堵了"

    request = services.raise_request(
        actor=cast.contact, text=text, nature="help", client_uuid=uuid4(), community_id=cast.lingfeng.pk, enterprise_id=cast.lanshi.pk
    )

    assert request.text == text


MOVES = [(move, state) for move in Dispatch.MOVES for state in Dispatch.State.values]


@pytest.mark.parametrize(("move", "state"), MOVES)
def test_every_move_of_the_table_works_from_its_states_and_is_refused_from_all_others(move, state):
    sources, target = Dispatch.MOVES[move]
    dispatch = Dispatch(state=state)

    if state in sources:
        dispatch.move(move)
        assert dispatch.state == target
    else:
        with pytest.raises(Refused):
            dispatch.move(move)
        assert dispatch.state == state


@pytest.mark.parametrize("who", ["other_contact", "worker", "outsider", "other_officer", "auditor", "nobody"])
def test_a_case_does_not_exist_for_whoever_may_not_see_it(cast, make_case, who):
    case = make_case("answered")

    with pytest.raises((NotVisible, Refused)):
        services.confirm_answer(case_id=case.pk, actor=getattr(cast, who))

    case.refresh_from_db()
    assert case.stage == Case.Stage.ANSWERED


def test_an_employer_never_sees_what_a_worker_asks(cast, make_case):
    from lingyan.cases.access import visible_cases

    case = make_case(asker=cast.worker, text="加班费三个月没发", nature="complaint", confidential=True)

    assert case.enterprise == cast.lanshi
    assert not visible_cases(cast.contact).filter(pk=case.pk).exists()
    assert visible_cases(cast.worker).filter(pk=case.pk).exists()
    assert not Entry.objects.filter(verb__in=["request.registered", "case.opened"], actor_id=cast.worker.pk).exists()


def test_an_urgent_case_must_be_dispatched_within_two_hours_by_the_clock(cast):
    request = services.raise_request(
        actor=cast.contact,
        text="货梯卡住了",
        nature="help",
        urgency="urgent",
        client_uuid=uuid4(),
        community_id=cast.lingfeng.pk,
        enterprise_id=cast.lanshi.pk,
    )

    assert (request.case.due_at - request.case.opened_at).total_seconds() == 2 * 3600


def test_a_limit_is_near_in_its_last_half_and_word_and_tab_agree_over_a_weekend(cast, make_case):
    zone = timezone.get_current_timezone()
    with clock.at(datetime(2026, 11, 20, 16, 0, tzinfo=zone)):  # a Friday; to be dispatched by Monday 16:00
        case = make_case()

    def standing(moment):
        with clock.at(moment):
            line = lines_of(with_lines(Case.objects.filter(pk=case.pk)), cast.secretary)[0]
            return line.holder.kind, tab_counts(cast.secretary, moment)["near"]

    assert standing(datetime(2026, 11, 22, 12, 0, tzinfo=zone)) == ("wait", 0)
    assert standing(datetime(2026, 11, 23, 12, 0, tzinfo=zone)) == ("near", 1)
    assert standing(datetime(2026, 11, 23, 16, 30, tzinfo=zone)) == ("over", 0)


def test_a_list_never_names_a_confidential_asker_not_even_to_those_who_may_know(cast, make_case):
    make_case(asker=cast.worker, text="加班费三个月没发", nature="complaint", confidential=True)

    labels = [lines_of(with_lines(Case.objects.all()), person)[0].asker for person in (cast.social_worker, cast.officer, cast.administrator)]

    assert labels == ["职工，保密"] * 3


def test_what_workers_ask_for_themselves_is_not_on_the_page_of_their_enterprise(cast, make_case):
    make_case(asker=cast.worker, text="组长骂人", nature="complaint")

    assert enterprise_panel(cast.social_worker, cast.lanshi)["rows"] == []


def test_the_asker_is_told_when_somebody_looked_who_asked(cast, make_case):
    case = make_case("in_hand", asker=cast.worker, nature="complaint", confidential=True)

    services.reveal_asker(case_id=case.pk, actor=cast.officer, reason="要核对考勤记录")

    assert cast.worker.notices.filter(sentence__contains="有人看了是谁提的").exists()


def test_the_number_of_the_asker_is_shown_to_who_handles_the_case_and_leaves_a_trace(cast, make_case):
    case = make_case("in_hand")

    assert services.show_phone(case_id=case.pk, actor=cast.officer) == cast.contact.mobile
    assert Entry.objects.filter(verb="case.phone_shown", actor_id=cast.officer.pk).count() == 1


def test_a_department_may_not_ring_a_confidential_asker_before_it_has_said_why(cast, make_case):
    case = make_case("in_hand", asker=cast.worker, nature="complaint", confidential=True)

    with pytest.raises(Refused, match="保密"):
        services.show_phone(case_id=case.pk, actor=cast.officer)

    assert not Entry.objects.filter(verb="case.phone_shown").exists()


def test_a_department_is_reminded_once_a_day(cast, make_case):
    case = make_case("sent")
    services.remind_department(case_id=case.pk, actor=cast.secretary)

    with pytest.raises(Refused, match="今天催过了"):
        services.remind_department(case_id=case.pk, actor=cast.social_worker)

    assert case.progress.filter(kind="reminded").count() == 1
    assert cast.officer.notices.filter(sentence__contains="催办").count() == 1
