"""Contacts of an enterprise: adding, finding the person by number, ending, and seeing a whole number for a reason."""

import pytest
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.people.models import Membership, Person, Role
from lingyan.registry.models import EnterpriseContact

NEW = {"name": "裴宁", "mobile": "13800007713", "capacity": "finance", "remark": "上午好找"}


def post(client, cast, person=None, **changes):
    client.force_login(person or cast.social_worker)
    return client.post(reverse("registry:contacts", args=[cast.lanshi.pk]), NEW | changes)


def numbers():
    return Person.objects.count(), EnterpriseContact.objects.count(), Membership.objects.count(), Entry.objects.count()


def test_makes_the_person_and_lets_them_speak_for_the_enterprise(client, cast):
    answer = post(client, cast)

    person = Person.objects.get(mobile="13800007713")
    contact = EnterpriseContact.objects.get(person=person)
    assert answer.url == reverse("registry:contacts", args=[cast.lanshi.pk])
    assert (contact.enterprise, contact.capacity, contact.remark) == (cast.lanshi, "finance", "上午好找")
    assert person.memberships.filter(role=Role.ENTERPRISE_CONTACT, scope_id=cast.lanshi.pk, ended_at=None).exists()
    assert not person.has_usable_password()


def test_a_known_number_asks_whether_the_person_is_meant_and_shows_no_whole_name(client, cast):
    before = numbers()

    answer = post(client, cast, name="小吴", mobile="13900000004")

    assert answer.status_code == 422 and "“顾*舟”" in answer.context["question"]
    assert "顾明舟" not in answer.content.decode()
    assert answer.context["form"]["same_person"].value() == "13900000004"
    assert numbers() == before


def test_confirmed_the_person_who_is_there_speaks_for_the_enterprise(client, cast):
    answer = post(client, cast, mobile="13900000004", same_person="13900000004")

    assert answer.status_code == 302
    contact = EnterpriseContact.objects.get(enterprise=cast.lanshi, capacity="finance")
    assert contact.person == cast.other_contact and contact.person.name == "顾明舟"


def test_a_confirmation_is_for_the_number_it_was_asked_about(client, cast):
    before = numbers()

    answer = post(client, cast, mobile="13900000006", same_person="13900000004")

    assert answer.status_code == 422 and answer.context["question"] and numbers() == before


def test_sending_twice_adds_once(client, cast):
    post(client, cast)
    before = numbers()

    answer = post(client, cast)

    assert answer.status_code == 302 and numbers() == before


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("name", "", "请写姓名"),
        ("name", "长" * 10_000, "最多 60 个字"),
        ("mobile", "", "请写手机号"),
        ("mobile", "12345", "11 位数字"),
        ("mobile", "gumingzhou", "11 位数字"),
        ("mobile", "1" * 10_000, "11 位数字"),
        ("capacity", "boss", "请从名单里选职责"),
        ("capacity", "", "请选这位联系人的职责"),
        ("remark", "长" * 61, "最多 60 个字"),
    ],
)
def test_refuses_at_the_field_and_writes_nothing(client, cast, field, value, sentence):
    before = numbers()

    answer = post(client, cast, **{field: value})

    form = answer.context["form"]
    assert answer.status_code == 422 and sentence in " ".join(form.errors[field])
    assert form["name"].value() == (value if field == "name" else "裴宁")
    assert numbers() == before


@pytest.mark.parametrize("name, status", [("administrator", 403), ("posted_cadre", 403), ("contact", 403), ("officer", 403), ("outsider", 404)])
def test_is_not_for_anybody(client, cast, name, status):
    before = numbers()

    assert post(client, cast, cast.everybody[name]).status_code == status
    assert numbers()[:3] == before[:3]


def test_somebody_whose_account_is_shut_is_refused(client, cast):
    cast.other_contact.is_active = False
    cast.other_contact.save()

    answer = post(client, cast, mobile="13900000004", same_person="13900000004")

    assert "停用" in " ".join(answer.context["form"].errors["mobile"])
    assert not EnterpriseContact.objects.filter(enterprise=cast.lanshi, person=cast.other_contact).exists()


def contact_of(cast):
    return EnterpriseContact.objects.get(enterprise=cast.lanshi, person=cast.contact)


def test_who_no_longer_speaks_for_it_no_longer_sees_it(client, cast):
    client.force_login(cast.social_worker)

    answer = client.post(reverse("registry:contact_end", args=[contact_of(cast).pk]))

    assert answer.url == reverse("registry:contacts", args=[cast.lanshi.pk]) and contact_of(cast).ended_at
    assert not cast.contact.memberships.filter(role=Role.ENTERPRISE_CONTACT, ended_at=None).exists()
    client.force_login(cast.contact)
    assert client.get(reverse("registry:enterprise", args=[cast.lanshi.pk])).status_code == 403


def test_in_two_capacities_the_second_keeps_the_way_in(client, cast):
    post(client, cast, name="沈洁", mobile="13900000003", same_person="13900000003", capacity="safety")
    hr = EnterpriseContact.objects.get(enterprise=cast.lanshi, person=cast.contact, capacity="hr")

    client.post(reverse("registry:contact_end", args=[hr.pk]))

    assert cast.contact.memberships.filter(role=Role.ENTERPRISE_CONTACT, ended_at=None).count() == 1


def test_ending_twice_is_refused(client, cast):
    client.force_login(cast.social_worker)
    address = reverse("registry:contact_end", args=[contact_of(cast).pk])
    client.post(address)
    ended = contact_of(cast).ended_at

    assert client.post(address).status_code == 409 and contact_of(cast).ended_at == ended


@pytest.mark.parametrize("name, status", [("administrator", 403), ("contact", 403), ("other_contact", 403), ("outsider", 404)])
def test_ending_is_not_for_anybody(client, cast, name, status):
    client.force_login(cast.everybody[name])

    assert client.post(reverse("registry:contact_end", args=[contact_of(cast).pk])).status_code == status
    assert contact_of(cast).ended_at is None


def reveal(client, person, enterprise, who, reason):
    client.force_login(person)
    return client.post(reverse("registry:mobile_reveal", args=[enterprise.pk, who.pk]), {"reason": reason})


def test_a_whole_number_is_shown_for_a_reason_that_leaves_a_trace(client, cast):
    answer = reveal(client, cast.social_worker, cast.lanshi, cast.contact, "约明天上门")

    assert "tel:13900000003" in answer.content.decode()
    assert Entry.objects.get(verb="person.mobile_revealed").target_id == cast.contact.pk


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_no_reason_no_number(client, cast, reason):
    answer = reveal(client, cast.social_worker, cast.lanshi, cast.contact, reason)

    assert answer.status_code == 422 and "13900000003" not in answer.content.decode()
    assert not Entry.objects.filter(verb="person.mobile_revealed").exists()


def test_asking_shows_nothing_yet(client, cast):
    client.force_login(cast.social_worker)

    text = client.get(reverse("registry:mobile_reveal", args=[cast.lanshi.pk, cast.contact.pk])).content.decode()

    assert "139****0003" in text and "13900000003" not in text


def test_only_of_those_who_belong_to_the_enterprise(client, cast):
    assert reveal(client, cast.social_worker, cast.lanshi, cast.officer, "问一下").status_code == 404
    assert reveal(client, cast.outsider, cast.lanshi, cast.contact, "问一下").status_code == 404
    assert not Entry.objects.filter(verb="person.mobile_revealed").exists()


@pytest.mark.parametrize("name", ["contact", "posted_cadre", "administrator", "officer"])
def test_not_for_roles_without_the_right(client, cast, name):
    assert reveal(client, cast.everybody[name], cast.lanshi, cast.contact, "问一下").status_code == 403
    assert not Entry.objects.filter(verb="person.mobile_revealed").exists()


def test_a_page_gets_a_fragment_in_the_place_of_the_mask(client, cast):
    client.force_login(cast.social_worker)

    text = client.get(reverse("registry:mobile_reveal", args=[cast.lanshi.pk, cast.contact.pk]), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in text and text.strip().startswith('<div class="reach')
