"""Registering an enterprise and changing it: each refusal stands at its field, what was typed stays, and nothing is half-written."""

import pytest
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.registry.models import Enterprise
from lingyan.registry.tests.codes import code_of

GOOD = {
    "name": "宁波众沐铸造有限公司",
    "short_name": "众沐铸造",
    "credit_code": code_of(7),
    "address": "兴业路 18 号",
    "industry": "黑色金属铸造 3391",
    "headcount": "86",
}


def post(client, cast, person=None, **changes):
    client.force_login(person or cast.social_worker)
    return client.post(reverse("registry:enterprise_create"), GOOD | {"community": cast.lingfeng.pk, "grid": cast.grid.pk} | changes)


def test_registers_what_was_written(client, cast):
    answer = post(client, cast)

    enterprise = Enterprise.objects.get(credit_code=code_of(7))
    assert answer.url == reverse("registry:enterprise", args=[enterprise.pk])
    assert (enterprise.name, enterprise.short_name, enterprise.headcount, enterprise.grid) == (GOOD["name"], "众沐铸造", 86, cast.grid)
    assert Entry.objects.filter(verb="enterprise.registered", target_id=enterprise.pk, actor_id=cast.social_worker.pk, community_id=cast.lingfeng.pk).exists()


def test_needs_no_more_than_code_and_name(client, cast):
    post(client, cast, short_name="", grid="", address="", industry="", headcount="")

    enterprise = Enterprise.objects.get(credit_code=code_of(7))
    assert enterprise.short_name == GOOD["name"] and enterprise.headcount is None and enterprise.grid is None


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("credit_code", "", "请写统一社会信用代码"),
        ("credit_code", "9133010079965505", "18 位"),
        ("credit_code", "9133010079965505OB", "没有“O”这样的字符"),
        ("credit_code", "91330100799655059B", "第 17 位"),
        ("credit_code", "91330100799655058C", "最后一位"),
        ("credit_code", "91330100799655058B", "已登记，是“宁波澜石精密模具有限公司”"),
        ("name", "", "请写企业名称"),
        ("name", "　 ", "请写企业名称"),
        ("name", "长" * 10_000, "最多 120 个字，这里有 10000 个"),
        ("short_name", "长" * 31, "最多 30 个字"),
        ("address", "长" * 121, "最多 120 个字"),
        ("industry", "长" * 61, "最多 60 个字"),
        ("headcount", "一百", "写整数"),
        ("headcount", "-1", "0 到 1000000 之间"),
        ("headcount", "9" * 30, "0 到 1000000 之间"),
        ("headcount", "9" * 6000, "写整数"),
        ("grid", "999999", "请从名单里选网格"),
        ("name", "名\x00字", "空字符"),
    ],
)
def test_refuses_at_the_field_and_keeps_what_was_typed(client, cast, field, value, sentence):
    before = (Enterprise.objects.count(), Entry.objects.count())

    answer = post(client, cast, **{field: value})

    form = answer.context["form"]
    assert answer.status_code == 422
    assert sentence in " ".join(form.errors[field]) or (value == "名\x00字" and form.errors[field])
    assert all(form[name].value() == (value if name == field else GOOD[name]) for name in GOOD)
    assert (Enterprise.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "🦢领雁&Co", "O'Hara “引号” {{ 7|add:7 }}", "a\tb\nc"])
def test_a_strange_name_is_text(client, cast, name):
    post(client, cast, name=name)

    enterprise = Enterprise.objects.get(credit_code=code_of(7))
    assert enterprise.name == " ".join(name.split())
    page = client.get(reverse("registry:enterprise", args=[enterprise.pk])).content.decode()
    assert ("<script>alert" not in page and "{{ 7" in page) or "{{" not in name


def test_a_grid_of_another_community_is_refused(client, cast, make_secretary_of_both):
    answer = post(client, cast, make_secretary_of_both, community=cast.dagang.pk)

    assert "不在所选的社区里" in " ".join(answer.context["form"].errors["grid"])
    assert not Enterprise.objects.filter(credit_code=code_of(7)).exists()


def test_a_community_one_does_not_look_after_is_refused(client, cast):
    answer = post(client, cast, community=cast.dagang.pk)

    assert answer.status_code == 422 and "community" in answer.context["form"].errors
    assert not Enterprise.objects.filter(credit_code=code_of(7)).exists()


@pytest.mark.parametrize("name", ["administrator", "officer", "posted_cadre", "contact", "worker", "auditor", "nobody"])
def test_registering_is_for_the_communitys_own_people(client, cast, name):
    answer = post(client, cast, cast.everybody[name])

    assert answer.status_code == 403 and not Enterprise.objects.filter(credit_code=code_of(7)).exists()


def test_sending_twice_registers_once_and_says_so(client, cast):
    post(client, cast)
    answer = post(client, cast)

    assert "已登记" in " ".join(answer.context["form"].errors["credit_code"])
    assert Enterprise.objects.filter(credit_code=code_of(7)).count() == 1


def change(client, cast, person=None, enterprise=None, **changes):
    enterprise = enterprise or cast.lanshi
    kept = {
        "name": enterprise.name,
        "short_name": enterprise.short_name,
        "credit_code": enterprise.credit_code,
        "grid": enterprise.grid_id or "",
        "headcount": "186",
    }
    client.force_login(person or cast.social_worker)
    return client.post(reverse("registry:enterprise_change", args=[enterprise.pk]), kept | {"address": "", "industry": ""} | changes)


def test_changes_what_was_changed_and_records_that_alone(client, cast):
    answer = change(client, cast, address="兴业路 20 号", headcount="")

    cast.lanshi.refresh_from_db()
    assert answer.status_code == 302 and (cast.lanshi.address, cast.lanshi.headcount) == ("兴业路 20 号", None)
    assert set(Entry.objects.get(verb="enterprise.changed").fields) == {"address", "headcount"}


def test_nothing_changed_is_no_entry(client, cast):
    change(client, cast)

    assert not Entry.objects.filter(verb="enterprise.changed").exists()


@pytest.mark.parametrize("field, value", [("credit_code", "914403001922038216"), ("credit_code", "x"), ("name", ""), ("short_name", ""), ("name", "长" * 500)])
def test_a_refused_change_changes_nothing(client, cast, field, value):
    before = Enterprise.objects.filter(pk=cast.lanshi.pk).values().get()

    answer = change(client, cast, address="兴业路 20 号", **{field: value})

    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert Enterprise.objects.filter(pk=cast.lanshi.pk).values().get() == before
    assert not Entry.objects.filter(verb="enterprise.changed").exists()


def test_an_enterprise_elsewhere_is_not_there(client, cast):
    assert change(client, cast, cast.outsider, address="别处").status_code == 404
    cast.lanshi.refresh_from_db()
    assert cast.lanshi.address == ""


@pytest.mark.parametrize("name", ["administrator", "contact", "posted_cadre"])
def test_who_only_reads_changes_nothing(client, cast, name):
    assert change(client, cast, cast.everybody[name], address="别处").status_code == 403
