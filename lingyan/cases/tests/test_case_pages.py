"""The pages of cases, as each person meets them through HTTP."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from lingyan.cases import services
from lingyan.cases.models import Case, Dispatch, Feedback, Rating, Request
from lingyan.kernel import clock
from lingyan.ledger.models import Entry


@pytest.fixture
def at(client):
    """Sign in as a person and get the client: at(cast.officer).post(…)."""

    def sign_in(person):
        client.force_login(person, backend="lingyan.people.backends.NameOrMobileBackend")
        return client

    return sign_in


def test_an_enterprise_contact_asks_and_lands_on_the_case_with_its_number(cast, at):
    words = {"client_uuid": uuid4(), "on_behalf": f"enterprise:{cast.lanshi.pk}", "text": "门口货车排队", "nature": "help", "urgency": "routine"}

    response = at(cast.contact).post(reverse("cases:raise"), words, follow=True)

    case = Case.objects.get()
    assert response.redirect_chain[-1][0] == reverse("cases:detail", args=[case.pk])
    assert case.number in response.content.decode()
    assert case.requests.get().for_enterprise == cast.lanshi


def test_a_refused_request_keeps_what_was_typed(cast, at):
    text = "货" * 10_000
    words = {"client_uuid": uuid4(), "on_behalf": f"enterprise:{cast.lanshi.pk}", "text": text, "nature": "help", "urgency": "routine"}

    response = at(cast.contact).post(reverse("cases:raise"), words)

    page = response.content.decode()
    assert response.status_code == 422
    assert "最多写 5000 字，这里有 10000 字" in page
    assert text in page
    assert not Case.objects.exists()


def test_nobody_asks_in_the_name_of_an_enterprise_they_do_not_speak_for(cast, at):
    words = {"client_uuid": uuid4(), "on_behalf": f"enterprise:{cast.mingyue.pk}", "text": "冒名", "nature": "help", "urgency": "routine"}

    response = at(cast.contact).post(reverse("cases:raise"), words)

    assert response.status_code == 422
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("stage", "who", "words"),
    [
        ("waiting", "contact", "等派单"),
        ("sent", "contact", "等签收"),
        ("in_hand", "contact", "住建·傅工"),
        ("answered", "contact", "住建说办好了，您看呢？"),
        ("waiting", "social_worker", "派给谁？"),
        ("sent", "officer", "请签收"),
        ("in_hand", "officer", "办好了，写答复"),
        ("answered", "social_worker", "请回访"),
        ("closed", "secretary", "还没评"),
    ],
)
def test_the_page_says_who_has_it_and_offers_only_what_may_be_done(cast, make_case, at, stage, who, words):
    case = make_case(stage)

    page = at(getattr(cast, who)).get(reverse("cases:detail", args=[case.pk])).content.decode()

    assert words in page


def test_the_officer_signs_answers_and_the_contact_confirms_with_a_grade(cast, make_case, at):
    case = make_case("sent")
    lead = case.dispatches.get()

    at(cast.officer).post(reverse("cases:acknowledge", args=[lead.pk]))
    at(cast.officer).post(reverse("cases:answer", args=[lead.pk]), {"answer-text": "划了禁停线", "answer-outcome": "solved"})
    at(cast.contact).post(reverse("cases:confirm", args=[case.pk]), {"confirm-outcome": "solved", "confirm-grade": "4", "confirm-comment": "来得快"})

    case.refresh_from_db()
    assert (case.stage, case.outcome, case.rating.grade) == (Case.Stage.CLOSED, Case.Outcome.SOLVED, Rating.Grade.GOOD)


def test_an_empty_answer_is_refused_on_the_page_and_changes_nothing(cast, make_case, at):
    case = make_case("in_hand")
    lead = case.dispatches.get()
    before = Entry.objects.count()

    response = at(cast.officer).post(reverse("cases:answer", args=[lead.pk]), {"answer-text": "  ", "answer-outcome": "solved"})

    lead.refresh_from_db()
    assert response.status_code == 422
    assert "请写下怎么办的" in response.content.decode()
    assert (lead.state, Entry.objects.count()) == (Dispatch.State.ACKNOWLEDGED, before)


def test_a_dispatch_that_came_too_late_says_who_was_faster_and_keeps_the_words(cast, make_case, at):
    case = make_case("sent")
    words = {"dispatch-lead_department": cast.departments["交通"].pk, "dispatch-message": "早高峰请派人"}

    response = at(cast.second_worker).post(reverse("cases:dispatch", args=[case.pk]), words)

    page = response.content.decode()
    assert response.status_code == 422
    assert "周婧已派给住建" in page
    assert case.dispatches.count() == 1


def test_a_confidential_asker_is_masked_for_the_department_until_a_reason_is_written(cast, make_case, at):
    case = make_case("in_hand", asker=cast.worker, text="加班费三个月没发", nature="complaint", confidential=True)
    url = reverse("cases:detail", args=[case.pk])
    hidden = at(cast.officer).get(url).content.decode()

    refused = at(cast.officer).post(reverse("cases:asker", args=[case.pk]), {"asker-reason": ""})
    assert refused.status_code == 422
    assert not Entry.objects.filter(verb="case.asker_revealed").exists()
    shown = at(cast.officer).post(reverse("cases:asker", args=[case.pk]), {"asker-reason": "要核对考勤记录"}).content.decode()

    assert "职工，保密" in hidden
    assert cast.worker.name not in hidden
    assert cast.worker.name in shown
    assert Entry.objects.filter(verb="case.asker_revealed", actor_id=cast.officer.pk).count() == 1
    assert "要核对考勤记录" in at(cast.worker).get(url).content.decode()


def test_supporting_opinions_are_for_the_staff_and_the_asker_sees_that_they_came(cast, make_case, at):
    case = make_case("in_hand", support=("交通",))
    support = case.dispatches.get(part="support")
    services.acknowledge_dispatch(dispatch_id=support.pk, actor=cast.other_officer)
    services.answer_dispatch(dispatch_id=support.pk, actor=cast.other_officer, text="早高峰货车改走兴业路")

    page = at(cast.contact).get(reverse("cases:detail", args=[case.pk])).content.decode()

    assert "交通·小郭" in page


@pytest.mark.parametrize("tab", ["mine", "waiting", "over", "near", "answered", "open", "closed", "all", "nonsense"])
def test_each_tab_of_the_list_opens(cast, make_case, at, tab):
    for stage in ("waiting", "sent", "in_hand", "answered", "closed"):
        make_case(stage)

    assert at(cast.secretary).get(reverse("cases:list"), {"tab": tab}).status_code == 200


def test_a_case_number_typed_into_the_search_opens_the_case(cast, make_case, at):
    case = make_case()

    response = at(cast.social_worker).get(reverse("cases:list"), {"q": case.number})

    assert response.url == reverse("cases:detail", args=[case.pk])


def test_a_case_past_its_limit_shows_how_long_not_only_that(cast, make_case, at):
    with clock.at(clock.now() - timedelta(days=20)):
        case = make_case("in_hand")

    page = at(cast.secretary).get(reverse("cases:list"), {"tab": "over"}).content.decode()

    assert case.title in page
    assert re.search(r"超 \d+ 天", page)


@pytest.mark.parametrize("who", ["secretary", "officer", "contact"])
def test_the_list_needs_ten_queries_at_most_however_many_cases_there_are(cast, make_case, at, who, django_assert_max_num_queries):
    for _each in range(60):
        make_case("sent")

    client = at(getattr(cast, who))
    client.get("/")  # the first page after signing in also keeps the role line in the session

    with django_assert_max_num_queries(10):
        client.get(reverse("cases:list"), {"tab": "open"})


def test_anybody_may_complain_to_the_district_without_signing_in(cast, client):
    response = client.post(reverse("cases:feedback"), {"client_uuid": uuid4(), "text": "登录页字太小", "way_back": "", "page": "/people/sign-in/"})

    assert response.status_code == 302
    assert Feedback.objects.get().person is None


def test_the_district_answers_and_the_person_reads_it(cast, at):
    at(cast.worker).post(reverse("cases:feedback"), {"client_uuid": uuid4(), "text": "食堂门口没灯", "way_back": "", "page": ""})
    feedback = Feedback.objects.get()

    at(cast.administrator).post(reverse("cases:feedback_answer", args=[feedback.pk]), {"text": "周五装好"})

    assert "周五装好" in at(cast.worker).get(reverse("cases:feedback_mine")).content.decode()
    assert at(cast.secretary).get(reverse("cases:feedback_inbox")).status_code == 403
