"""The auditor's pages: whose entries, in words, filtered; checking; the sealed blocks."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lingyan.kernel.clock import at
from lingyan.ledger.models import Block, Entry
from lingyan.ledger.services import record, seal
from lingyan.people.models import Role, ScopeKind
from lingyan.people.services import grant_membership

LIST = "ledger:list"


def page(client, person, **filters):
    client.force_login(person)
    return client.get(reverse(LIST), filters)


def entries(answer):
    return [line["entry"] for line in answer.context["lines"]]


def test_shows_in_words_who_did_what(client, cast, write):
    write()

    line = page(client, cast.auditor).context["lines"][0]

    assert (line["who"], line["what"], line["about"], line["way"]) == ("宋岚", "修改社区", f"工业社区 {cast.lingfeng.pk}", "页面")


def test_a_districts_auditor_reads_its_communities_and_what_belongs_to_none(client, cast):
    record(actor=None, verb="person.sign_in_failed", target=None)

    assert page(client, cast.auditor).context["page"].paginator.count == Entry.objects.count()


def test_a_communitys_auditor_reads_that_community_alone(client, cast, write):
    auditor = cast.nobody
    grant_membership(actor=cast.system, person=auditor, role=Role.AUDITOR, scope_kind=ScopeKind.COMMUNITY, scope_id=cast.dagang.pk)
    record(actor=None, verb="person.sign_in_failed", target=None)
    write(2)
    write(1, target=cast.dagang, community_id=cast.dagang.pk)

    assert {entry.community_id for entry in entries(page(client, auditor))} == {cast.dagang.pk}


@pytest.mark.parametrize("name", ["administrator", "secretary", "social_worker", "officer", "contact", "worker", "nobody"])
@pytest.mark.parametrize("route", [LIST, "ledger:verify", "ledger:block"])
def test_is_for_auditors_only(client, cast, name, route):
    seal()
    client.force_login(cast.everybody[name])
    address = reverse(route, args=[Block.objects.first().pk] if route == "ledger:block" else [])
    before = Entry.objects.count()

    assert client.get(address).status_code == 403 and client.post(address).status_code == 403
    assert Entry.objects.count() == before


def test_filters_by_verb(client, cast, write):
    write(2)

    assert {entry.verb for entry in entries(page(client, cast.auditor, verb="community.changed"))} == {"community.changed"}


def test_filters_by_day_where_the_community_is(client, cast, write):
    zone = timezone.get_default_timezone()
    for moment in (datetime(2026, 3, 1, 23, 59, tzinfo=zone), datetime(2026, 3, 2, 0, 0, tzinfo=zone), datetime(2026, 3, 3, 0, 0, tzinfo=zone)):
        with at(moment):
            write()

    found = entries(page(client, cast.auditor, since="2026-03-02", until="2026-03-02"))

    assert [timezone.localtime(entry.at).day for entry in found] == [2]


@pytest.mark.parametrize("who", ["宋岚", "宋", "key"])
def test_filters_by_name_or_number_of_the_person(client, cast, write, who):
    write(1, actor=cast.contact)
    write(2)

    found = entries(page(client, cast.auditor, actor=str(cast.secretary.pk) if who == "key" else who))

    assert found and {entry.actor_id for entry in found} == {cast.secretary.pk}


@pytest.mark.parametrize("target", ["企业 {key}", "registry.enterprise:{key}", "企业{key}", "企业：{key}"])
def test_filters_by_target(client, cast, target):
    found = entries(page(client, cast.auditor, target=target.format(key=cast.lanshi.pk)))

    assert found and {(entry.target_type, entry.target_id) for entry in found} == {("registry.enterprise", cast.lanshi.pk)}


@pytest.mark.parametrize(
    "filters",
    [
        {"verb": "no.such"},
        {"since": "昨天"},
        {"since": "2026-02-30"},
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"target": "飞碟 1"},
        {"target": "案件 " + "9" * 60},
        {"actor": "9" * 60},
        {"actor": "\x00"},
        {"page": "zzz"},
        {"since": "9999-12-31", "until": "9999-12-31"},
        {"since": "0001-01-01"},
    ],
)
def test_a_strange_filter_is_no_error(client, cast, filters):
    assert page(client, cast.auditor, **filters).status_code == 200


def test_nothing_found_says_which_filter_to_loosen(client, cast):
    answer = page(client, cast.auditor, actor="没有这个人", verb="community.changed")

    assert [each["label"] for each in answer.context["loosen"]] == ["做了什么", "谁"]
    assert answer.context["loosen"][0]["url"].endswith("?actor=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E4%BA%BA")


@pytest.mark.parametrize("number", [5, 60])
def test_takes_at_most_ten_queries_whatever_its_length(client, cast, write, django_assert_max_num_queries, number):
    write(number)
    page(client, cast.auditor)

    with django_assert_max_num_queries(10):
        page_of_entries = client.get(reverse(LIST))

    assert len(page_of_entries.context["lines"]) >= min(number, 50)


def test_counts_no_further_than_it_shows(client, cast, write, monkeypatch):
    monkeypatch.setattr("lingyan.ledger.views.MOST", 20)
    write(60)

    answer = page(client, cast.auditor)

    assert answer.context["page"].paginator.count == 21 and "只列最近 20 条" in answer.content.decode()


def test_says_whether_an_entry_is_sealed(client, cast, write):
    write()
    text = page(client, cast.auditor).content.decode()
    assert "等封存" in text and "ledger/blocks" not in text

    seal()
    text = page(client, cast.auditor).content.decode()
    assert "等封存" not in text and reverse("ledger:block", args=[Block.objects.last().pk]) in text


def test_checking_says_that_all_is_whole_and_leaves_an_entry(client, cast, sealed):
    client.force_login(cast.auditor)

    text = client.post(reverse("ledger:verify")).content.decode()

    assert "完整" in text and "不完整" not in text
    assert Entry.objects.order_by("pk").last().verb == "ledger.verified"
    assert Entry.objects.order_by("pk").last().actor_id == cast.auditor.pk


def test_checking_names_what_is_wrong(client, cast, sealed, tamper):
    tamper("update ledger_entry set actor_id = 999 where id = %s", sealed[3].pk)
    client.force_login(cast.auditor)

    text = client.post(reverse("ledger:verify")).content.decode()

    assert "不完整" in text and f"第 {sealed[3].pk} 条被改过" in text


def test_checking_a_big_ledger_reads_the_newest_blocks_and_says_so(client, cast, sealed, monkeypatch):
    monkeypatch.setattr("lingyan.ledger.views.BLOCKS_READ_BY_PAGE", 1)
    client.force_login(cast.auditor)

    assert "lingyan ledger verify" in client.post(reverse("ledger:verify")).content.decode()


def test_checking_is_no_link(client, cast):
    client.force_login(cast.auditor)

    assert client.get(reverse("ledger:verify")).status_code == 405


def test_a_block_shows_its_digests_and_what_one_may_read_in_it(client, cast, sealed):
    blocks = list(Block.objects.order_by("pk"))
    client.force_login(cast.auditor)

    text = client.get(reverse("ledger:block", args=[blocks[1].pk])).content.decode()

    assert blocks[1].digest in text and blocks[0].digest in text
    assert reverse("ledger:block", args=[blocks[0].pk]) in text and reverse("ledger:block", args=[blocks[2].pk]) in text


def test_a_block_hides_entries_of_others_and_says_how_many(client, cast, write):
    grant_membership(actor=cast.system, person=cast.nobody, role=Role.AUDITOR, scope_kind=ScopeKind.COMMUNITY, scope_id=cast.dagang.pk)
    seal()
    write(4)
    write(2, target=cast.dagang, community_id=cast.dagang.pk)
    seal()
    client.force_login(cast.nobody)

    answer = client.get(reverse("ledger:block", args=[Block.objects.last().pk]))

    assert len(answer.context["lines"]) == 2 and answer.context["hidden"] == 4


def test_a_block_that_is_not_there_is_not_there(client, cast):
    client.force_login(cast.auditor)

    assert client.get(reverse("ledger:block", args=[10**15])).status_code == 404


def test_no_personal_value_is_kept(cast):
    entry = record(actor=cast.secretary, verb="person.mobile_revealed", target=cast.contact, fields={"reason": "核对到场时间", "mobile": "13900000003"})

    kept = str(Entry.objects.filter(pk=entry.pk).values().get())
    assert "核对" not in kept and "13900000003" not in kept and set(entry.fields) == {"reason", "mobile"}


@pytest.mark.parametrize(
    "fields, words",
    [({"telephone": "1"}, "电话"), ({"grid_id": 1}, "网格"), ({"reason": "核对"}, "理由"), ({"nature": "x", "nobody_knows": 1}, "性质、nobody_knows")],
)
def test_says_in_words_what_was_changed(client, cast, write, fields, words):
    write(fields=fields)

    assert page(client, cast.auditor).context["lines"][0]["changed"] == words


def test_a_verb_that_no_module_lists_is_a_mistake_of_ours(cast):
    with pytest.raises(LookupError):
        record(actor=cast.secretary, verb="no.such", target=None)


def test_the_moment_is_the_clocks(cast):
    moment = timezone.now() - timedelta(days=3)
    with at(moment):
        assert record(actor=cast.secretary, verb="ledger.verified", target=None).at == moment
