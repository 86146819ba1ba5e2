"""Other persons: who sees whom, who adds, appoints, shuts out and lets in, and what is shown of a number."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.people.models import Membership, Person, Role, ScopeKind
from lingyan.people.tests.conftest import PASSWORD

LIST, ADD = "/people/persons/", "/people/persons/add/"


def page(person):
    return reverse("people:detail", args=[person.pk])


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_list_shows_who_is_within_reach_and_nobody_else(client, cast):
    client.force_login(cast.social_worker)

    body = client.get(LIST).content.decode()

    for seen in (cast.secretary, cast.contact, cast.worker, cast.lawyer):
        assert seen.name in body
    for hidden in (cast.outsider, cast.administrator, cast.officer, cast.nobody):
        assert hidden.name not in body


def test_the_list_is_for_those_who_may(client, cast):
    for person in (cast.contact, cast.officer, cast.worker):
        client.force_login(person)
        assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    "q, found",
    [("沈", ["沈洁"]), ("0003", ["沈洁"]), ("13900000003", ["沈洁"]), ("１３９ ００００ ０００３", ["沈洁"]), ("00003", []), ("139000", []), ("没有这人", [])],
)
def test_search_by_name_and_by_the_end_of_a_number(client, cast, q, found):
    client.force_login(cast.secretary)

    names = [row["person"].name for row in client.get(LIST, {"q": q}).context["persons"]]

    assert names == found


def test_filter_by_role(client, cast):
    client.force_login(cast.secretary)

    names = {row["person"].name for row in client.get(LIST, {"role": "enterprise_contact"}).context["persons"]}

    assert names == {"沈洁", "顾明舟"}


def test_the_number_is_masked(client, cast):
    client.force_login(cast.secretary)

    body = client.get(LIST).content.decode()

    assert "139****0003" in body and "13900000003" not in body


def test_ten_questions_however_many_persons(client, cast, make_person, django_assert_max_num_queries):
    for number in range(60):
        make_person(f"职工{number:02d}", Role.WORKER, ScopeKind.ENTERPRISE, cast.lanshi.pk)
    client.force_login(cast.secretary)
    client.get(LIST)

    with django_assert_max_num_queries(10):
        response = client.get(LIST)

    assert len(response.context["persons"]) == 50 and "共" in response.content.decode()


# --- adding ---------------------------------------------------------------------------------------------------------


def add(client, role="enterprise_contact", **values):
    return client.post(f"{ADD}?role={role}", values)


def test_a_person_is_added_with_the_first_role(client, cast):
    client.force_login(cast.social_worker)

    response = add(client, name=" 吴芳 ", mobile="１３７ ０００１ ２２２２", scope=f"enterprise:{cast.lanshi.pk}", title="采购")

    person = Person.objects.get(mobile="13700012222")
    assert response["Location"] == page(person) and person.name == "吴芳" and not person.has_usable_password()
    assert list(person.memberships.values_list("role", "scope_id", "title")) == [("enterprise_contact", cast.lanshi.pk, "采购")]
    assert Entry.objects.filter(verb="person.created", actor_id=cast.social_worker.pk, target_id=person.pk).exists()
    assert "采购" in client.get(page(person)).content.decode()


def test_only_roles_that_may_be_given_are_on_offer(client, cast):
    client.force_login(cast.social_worker)

    assert [choice["role"] for choice in client.get(ADD).context["roles"]] == [Role.ENTERPRISE_CONTACT, Role.WORKER]
    assert "roles" in client.get(ADD + "?role=secretary").context


def test_only_scopes_within_reach_are_on_offer(client, cast):
    client.force_login(cast.social_worker)

    scopes = client.get(ADD + "?role=enterprise_contact").context["scopes"]

    assert {name for _kind, _pk, name in scopes} == {"澜石精密模具", "铭岳压铸"}


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({"name": ""}, "请写姓名"),
        ({"name": "雁" * 10_000}, "姓名最多 60 个字，现在有 10000 个。"),
        ({"mobile": "12345"}, "手机号是 1 开头的 11 位数字"),
        ({"mobile": "13900000003"}, "已登记在别人名下"),
        ({"mobile": "", "username": ""}, "至少填一个"),
        ({"username": "songlan"}, "已有人用"),
        ({"username": "SONGLAN"}, "已有人用"),
        ({"username": "13711110000"}, "不能是手机号的样子"),
        ({"username": "a b<c"}, "用户名用 2 到 60 个"),
        ({"title": "长" * 41}, "职务最多 40 个字"),
        ({"scope": "enterprise:999999"}, "这个范围您给不了"),
        ({"scope": "community:1"}, "这个范围您给不了"),
        ({"scope": "nonsense"}, "这个范围您给不了"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_lost_or_half_written(client, cast, values, sentence):
    client.force_login(cast.social_worker)
    persons, memberships, entries = Person.objects.count(), Membership.objects.count(), Entry.objects.count()
    typed = {"name": "吴芳", "mobile": "13700012222", "username": "wufang", "title": "采购", "scope": f"enterprise:{cast.lanshi.pk}"} | values

    response = add(client, **typed)

    body = response.content.decode()
    assert response.status_code == 422 and sentence in body
    for field in ("name", "mobile", "username", "title"):
        if typed[field] and "<" not in typed[field]:
            assert f'value="{typed[field]}"' in body
    assert (Person.objects.count(), Membership.objects.count(), Entry.objects.count()) == (persons, memberships, entries)


def test_html_and_emoji_in_a_name_are_only_a_name(client, cast):
    client.force_login(cast.social_worker)
    name = "<b>小雁</b>🦢"

    add(client, name=name, mobile="13700012222", scope=f"enterprise:{cast.lanshi.pk}")

    person = Person.objects.get(mobile="13700012222")
    assert person.name == name
    for address in (page(person), LIST):
        body = client.get(address).content.decode()
        assert "&lt;b&gt;小雁&lt;/b&gt;🦢" in body and "<b>小雁" not in body


# --- appointing -----------------------------------------------------------------------------------------------------


def grant(client, person, role, scope, **values):
    return client.post(f"{reverse('people:grant', args=[person.pk])}?role={role}", {"scope": scope} | values)


def test_a_role_is_given_and_ended(client, cast):
    client.force_login(cast.secretary)

    assert grant(client, cast.worker, "volunteer", f"community:{cast.lingfeng.pk}")["Location"] == page(cast.worker)
    membership = cast.worker.memberships.get(role="volunteer")
    client.post(reverse("people:membership_end", args=[membership.pk]))

    membership.refresh_from_db()
    assert membership.ended_at is not None
    assert [Entry.objects.filter(verb=verb, actor_id=cast.secretary.pk).count() for verb in ("membership.granted", "membership.ended")] == [1, 1]


def test_a_role_beyond_ones_own_is_not_given(client, cast):
    client.force_login(cast.secretary)
    before = Membership.objects.count()

    grant(client, cast.worker, "district_administrator", f"district:{cast.district.pk}")
    grant(client, cast.worker, "social_worker", f"community:{cast.dagang.pk}")
    grant(client, cast.outsider, "volunteer", f"community:{cast.lingfeng.pk}")
    grant(client, cast.secretary, "lawyer", f"community:{cast.lingfeng.pk}")

    assert Membership.objects.count() == before and not Entry.objects.filter(verb="membership.granted", actor_id=cast.secretary.pk).exists()


def test_a_role_beyond_ones_own_is_not_ended(client, cast):
    client.force_login(cast.social_worker)
    membership = cast.lawyer.memberships.get()

    assert client.post(reverse("people:membership_end", args=[membership.pk])).status_code == 403

    membership.refresh_from_db()
    assert membership.ended_at is None and not Entry.objects.filter(verb="membership.ended").exists()


def test_the_social_worker_has_no_page_for_appointing(client, cast):
    client.force_login(cast.social_worker)

    assert client.get(reverse("people:grant", args=[cast.worker.pk])).status_code == 403


def test_whoever_lost_the_last_role_is_still_found_where_they_were(client, cast):
    client.force_login(cast.secretary)
    client.post(reverse("people:membership_end", args=[cast.volunteer.memberships.get().pk]))

    assert cast.volunteer.name in client.get(LIST).content.decode()
    assert grant(client, cast.volunteer, "volunteer", f"community:{cast.lingfeng.pk}").status_code == 302


# --- the page of a person -------------------------------------------------------------------------------------------


def test_somebody_out_of_reach_is_not_there(client, cast):
    client.force_login(cast.social_worker)

    for action in ("detail", "invite", "mobile"):
        address = reverse(f"people:{action}", args=[cast.outsider.pk])
        response = client.get(address) if action == "detail" else client.post(address, {"reason": "联系上门"})
        assert response.status_code == 404
    assert not Entry.objects.filter(verb="person.mobile_revealed").exists()


def test_the_page_draws_only_buttons_that_work(client, cast):
    client.force_login(cast.social_worker)

    contact, secretary = client.get(page(cast.contact)).content.decode(), client.get(page(cast.secretary)).content.decode()

    assert "发邀请链接" in contact and reverse("people:invite", args=[cast.secretary.pk]) not in secretary
    assert "停用</button>" not in contact and reverse("people:grant", args=[cast.contact.pk]) not in contact


def test_the_number_is_shown_for_a_reason_that_leaves_a_trace(client, cast):
    client.force_login(cast.social_worker)

    response = client.post(reverse("people:mobile", args=[cast.contact.pk]), {"reason": "约上门时间"})

    assert "13900000003" in response.content.decode()
    entry = Entry.objects.get(verb="person.mobile_revealed")
    assert (entry.actor_id, entry.target_id) == (cast.social_worker.pk, cast.contact.pk) and "约上门" not in str(entry.fields)


@pytest.mark.parametrize("reason, sentence", [("", "请写一句为什么要看"), (" 看 ", "请写一句为什么要看"), ("因" * 10_000, "理由最多 200 个字")])
def test_without_a_reason_the_number_stays_masked(client, cast, reason, sentence):
    client.force_login(cast.social_worker)

    response = client.post(reverse("people:mobile", args=[cast.contact.pk]), {"reason": reason})

    body = response.content.decode()
    assert response.status_code == 422 and sentence in body and "13900000003" not in body
    assert not Entry.objects.filter(verb="person.mobile_revealed").exists()


def test_disabling_ends_everything_at_once_and_enabling_brings_it_back(client, cast, secretary, social_worker):
    theirs = Client()
    theirs.post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD})
    client.force_login(secretary)

    client.post(reverse("people:disable", args=[social_worker.pk]))
    assert theirs.get("/people/me/").status_code == 302
    assert Client().post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD}).status_code == 422
    assert "停用" in client.get(page(social_worker)).content.decode()

    client.post(reverse("people:enable", args=[social_worker.pk]))
    assert Client().post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD}).status_code == 302
    assert [Entry.objects.filter(verb=verb, actor_id=secretary.pk).count() for verb in ("person.disabled", "person.enabled")] == [1, 1]


def test_nobody_shuts_out_themselves_or_somebody_mightier(client, cast, secretary, make_person):
    both = make_person("又是区里", Role.WORKER, ScopeKind.ENTERPRISE, cast.lanshi.pk)
    Membership.objects.create(
        person=both,
        role=Role.DISTRICT_ADMINISTRATOR,
        scope_kind=ScopeKind.DISTRICT,
        scope_id=cast.district.pk,
        granted_by=cast.system,
        started_at=cast.system.created_at,
    )
    client.force_login(secretary)

    for person, status in ((secretary, 409), (both, 403), (cast.administrator, 404)):
        assert client.post(reverse("people:disable", args=[person.pk])).status_code == status
        person.refresh_from_db()
        assert person.is_active
    assert not Entry.objects.filter(verb="person.disabled").exists() and Session.objects.exists()


def test_the_secretary_opens_a_locked_door(client, secretary, social_worker):
    for _time in range(5):
        Client().post("/people/sign-in/", {"username": "zhoujing", "password": "wrong"})
    client.force_login(secretary)
    assert "解锁" in client.get(page(social_worker)).content.decode()

    client.post(reverse("people:unlock", args=[social_worker.pk]))

    assert Client().post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD}).status_code == 302
    assert Entry.objects.filter(verb="person.unlocked", actor_id=secretary.pk, target_id=social_worker.pk).count() == 1


def test_a_social_worker_does_not_unlock(client, cast, social_worker):
    for _time in range(5):
        Client().post("/people/sign-in/", {"username": "songlan", "password": "wrong"})
    client.force_login(social_worker)

    assert client.post(reverse("people:unlock", args=[cast.secretary.pk])).status_code == 403
    assert not Entry.objects.filter(verb="person.unlocked").exists()


# --- 我 -------------------------------------------------------------------------------------------------------------


def test_the_page_of_oneself(client, cast):
    client.force_login(cast.social_worker)

    body = client.get("/people/me/").content.decode()

    assert "周婧" in body and "灵峰工业社区" in body and "139****0001" in body and "13900000001" not in body
    assert "换密码" in body and "动态验证码" in body and "退出" in body


def test_somebody_without_a_role_has_a_page_too(client, cast):
    client.force_login(cast.nobody)

    assert "还没有身份" in client.get("/people/me/").content.decode()
