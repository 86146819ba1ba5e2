"""The list of enterprises: who sees which, searching, filtering, and how many queries it takes."""

import pytest
from django.urls import reverse

from lingyan.registry.models import Enterprise
from lingyan.registry.services import add_contact
from lingyan.registry.tests.codes import codes


def add_enterprises(cast, number):
    """As many more enterprises in 灵峰 as asked, written at once: the list is the question here, not the registering."""
    Enterprise.objects.bulk_create(
        Enterprise(
            community=cast.lingfeng,
            grid=cast.grid if place % 2 else None,
            name=f"宁波第{place}机械有限公司",
            short_name=f"第{place}机械",
            credit_code=code,
            headcount=place,
            address=f"兴业路 {place} 号",
            registered_at=cast.lanshi.registered_at,
        )
        for place, code in enumerate(codes(number))
    )


def page(client, person, **filters):
    client.force_login(person)
    return client.get(reverse("registry:enterprises"), filters)


def names(answer):
    return {enterprise.short_name for enterprise in answer.context["page"].object_list}


def test_shows_name_grid_workers_and_address(client, cast):
    add_enterprises(cast, 2)

    text = page(client, cast.social_worker).content.decode()

    assert "澜石精密模具" in text and "二网格" in text and "186" in text and "兴业路 1 号" in text


def test_a_social_worker_sees_the_enterprises_of_their_community_only(client, cast):
    assert names(page(client, cast.social_worker)) == {"澜石精密模具", "铭岳压铸"}
    assert names(page(client, cast.outsider)) == {"远处机械"}


def test_the_district_sees_all(client, cast):
    assert names(page(client, cast.administrator)) == {"澜石精密模具", "铭岳压铸", "远处机械"}


def test_a_contact_is_led_to_their_own_enterprise(client, cast):
    answer = page(client, cast.contact)

    assert answer.url == reverse("registry:enterprise", args=[cast.lanshi.pk])


def test_a_contact_of_two_sees_those_two(client, cast):
    add_contact(actor=cast.system, enterprise_id=cast.mingyue.pk, person=cast.contact, capacity="finance")

    assert names(page(client, cast.contact)) == {"澜石精密模具", "铭岳压铸"}


@pytest.mark.parametrize("name", ["officer", "worker", "volunteer", "micro_grid_member", "lawyer", "auditor", "nobody"])
def test_is_not_for_those_who_do_not_see_enterprises(client, cast, name):
    assert page(client, cast.everybody[name]).status_code == 403


@pytest.mark.parametrize("words", ["澜石", "宁波澜石精密", "91330100799655058B", "9133 0100 7996 5505 8b", "５０５８Ｂ"])
def test_finds_by_name_short_name_and_code(client, cast, words):
    assert names(page(client, cast.social_worker, q=words)) == {"澜石精密模具"}


@pytest.mark.parametrize("words", ["没有这家", "%", "'; drop table", "远处", "<script>", "\x00"])
def test_finds_nothing_and_says_what_to_loosen(client, cast, words):
    answer = page(client, cast.social_worker, q=words)

    assert answer.status_code == 200 and (names(answer) == set() or words == "\x00")


def test_filters_by_grid(client, cast):
    add_enterprises(cast, 4)

    assert names(page(client, cast.social_worker, grid=cast.grid.pk)) == {"澜石精密模具", "铭岳压铸", "第1机械", "第3机械"}
    assert names(page(client, cast.social_worker, grid="none")) == {"第0机械", "第2机械"}


@pytest.mark.parametrize("grid", ["x", "-1", "9" * 40, "²"])
def test_a_strange_grid_in_the_address_is_no_error(client, cast, grid):
    assert page(client, cast.social_worker, grid=grid).status_code == 200


@pytest.mark.parametrize("number", [5, 60])
def test_takes_at_most_ten_queries_whatever_its_length(client, cast, django_assert_max_num_queries, number):
    add_enterprises(cast, number)
    page(client, cast.social_worker)  # the first page after signing in writes the session

    with django_assert_max_num_queries(10):
        answer = client.get(reverse("registry:enterprises"))

    assert len(answer.context["page"].object_list) == min(number + 2, 50)


def test_an_empty_list_leads_on(client, cast):
    Enterprise.objects.filter(community=cast.dagang).delete()

    assert reverse("registry:enterprise_create") in page(client, cast.outsider).content.decode()
