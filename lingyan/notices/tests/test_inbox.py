"""The inbox: one's own messages, newest first; opening one, seeing all."""

import pytest
from django.urls import reverse

from lingyan.kernel.clock import at, now
from lingyan.notices.models import Notice
from lingyan.notices.services import notify

INBOX = "notices:inbox"


@pytest.fixture
def tell():
    """Send so many messages to a person, the last one newest."""

    def send(person, number=1, url="/cases/1/", sentence="第 {place} 条：住建签收了"):
        for place in range(number):
            notify(person=person, sentence=sentence.format(place=place), url=url, key=f"test:{person.pk}:{Notice.objects.count()}:{place}")
        return list(Notice.objects.filter(person=person).order_by("pk"))

    return send


def test_shows_the_newest_first(client, cast, tell):
    tell(cast.contact, 3)
    client.force_login(cast.contact)

    rows = client.get(reverse(INBOX)).context["rows"]

    assert [row["title"] for row in rows] == ["第 2 条：住建签收了", "第 1 条：住建签收了", "第 0 条：住建签收了"]


def test_a_new_message_is_marked_by_shape_and_word(client, cast, tell):
    first, _second = tell(cast.contact, 2)
    client.force_login(cast.contact)
    client.get(reverse("notices:open", args=[first.pk]))

    answer = client.get(reverse(INBOX))

    assert [bool(row["state"]) for row in answer.context["rows"]] == [True, False]
    assert answer.content.decode().count("没看过</span>") == 1


def test_opening_notes_the_time_and_leads_to_the_page(client, cast, tell):
    (notice,) = tell(cast.contact)
    client.force_login(cast.contact)
    moment = now().replace(microsecond=0)

    with at(moment):
        answer = client.get(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert answer.status_code == 302 and answer.url == "/cases/1/"
    assert notice.read_at == moment


def test_opening_again_keeps_the_first_time(client, cast, tell):
    (notice,) = tell(cast.contact)
    client.force_login(cast.contact)
    client.get(reverse("notices:open", args=[notice.pk]))
    first = Notice.objects.get(pk=notice.pk).read_at

    client.get(reverse("notices:open", args=[notice.pk]))

    assert Notice.objects.get(pk=notice.pk).read_at == first


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com/x", "/\\example.com", "javascript:alert(1)", "cases/1/", "", "///example.com"])
def test_opening_never_leads_out_of_the_house(client, cast, tell, url):
    (notice,) = tell(cast.contact, url=url)
    client.force_login(cast.contact)

    answer = client.get(reverse("notices:open", args=[notice.pk]))

    assert answer.url == reverse(INBOX)


def test_another_persons_message_is_not_there(client, cast, tell):
    (notice,) = tell(cast.contact)
    client.force_login(cast.secretary)

    answer = client.get(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert answer.status_code == 404 and notice.read_at is None
    assert client.get(reverse(INBOX)).context["rows"] == []


def test_seeing_all_touches_only_ones_own(client, cast, tell):
    tell(cast.contact, 3)
    tell(cast.secretary, 1)
    client.force_login(cast.contact)

    answer = client.post(reverse("notices:read_all"))

    assert answer.url == reverse(INBOX)
    assert not Notice.objects.filter(person=cast.contact, read_at=None).exists()
    assert Notice.objects.filter(person=cast.secretary, read_at=None).count() == 1


def test_seeing_all_is_no_link(client, cast, tell):
    tell(cast.contact)
    client.force_login(cast.contact)

    assert client.get(reverse("notices:read_all")).status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 1


def test_new_ones_alone(client, cast, tell):
    first, _second = tell(cast.contact, 2)
    client.force_login(cast.contact)
    client.get(reverse("notices:open", args=[first.pk]))

    rows = client.get(reverse(INBOX), {"new": "1"}).context["rows"]

    assert [row["title"] for row in rows] == ["第 1 条：住建签收了"]


def test_an_empty_inbox_says_what_will_come(client, cast):
    client.force_login(cast.nobody)

    assert "还没有消息" in client.get(reverse(INBOX)).content.decode()


def test_what_a_message_quotes_is_text(client, cast, tell):
    tell(cast.contact, sentence="<script>alert(1)</script>")
    client.force_login(cast.contact)

    assert "<script>alert" not in client.get(reverse(INBOX)).content.decode()


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(reverse(INBOX)).status_code == 302


@pytest.mark.parametrize("number", [5, 60])
def test_takes_at_most_ten_queries_whatever_its_length(client, cast, tell, django_assert_max_num_queries, number):
    tell(cast.contact, number)
    client.force_login(cast.contact)
    client.get(reverse(INBOX))

    with django_assert_max_num_queries(10):
        answer = client.get(reverse(INBOX))

    assert len(answer.context["rows"]) == min(number, 30)
