"""Communities, grids, departments: who sees and changes which."""

import pytest
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.people.models import Role, ScopeKind
from lingyan.people.services import create_person, grant_membership
from lingyan.registry.models import Department, Grid, IndustrialCommunity
from lingyan.registry.services import create_grid

COMMUNITIES = "registry:communities"


def see(client, person, route, *keys):
    client.force_login(person)
    return client.get(reverse(route, args=keys))


def send(client, person, route, *keys, **values):
    client.force_login(person)
    return client.post(reverse(route, args=keys), values)


def test_the_district_sees_its_communities_with_their_figures(client, cast):
    communities = see(client, cast.administrator, COMMUNITIES).context["communities"]

    assert [(each.name, each.grid_count, each.enterprise_count, each.worker_count) for each in communities] == [
        ("灵峰工业社区", 1, 2, 506),
        ("大港工业社区", 0, 1, 0),
    ]


def test_who_has_one_community_is_led_there(client, cast):
    assert see(client, cast.social_worker, COMMUNITIES).url == reverse("registry:community", args=[cast.lingfeng.pk])


def test_a_communitys_page_counts_its_grids(client, cast):
    grids = see(client, cast.secretary, "registry:community", cast.lingfeng.pk).context["grids"]

    assert [(grid.name, grid.leader, grid.enterprise_count, grid.worker_count, grid.micro_grid_count) for grid in grids] == [
        ("二网格", cast.social_worker, 2, 506, 1)
    ]


@pytest.mark.parametrize(
    "name, status", [("administrator", 200), ("secretary", 200), ("posted_cadre", 200), ("outsider", 404), ("officer", 403), ("contact", 403), ("nobody", 403)]
)
def test_a_communitys_page_is_for_its_own(client, cast, name, status):
    assert see(client, cast.everybody[name], "registry:community", cast.lingfeng.pk).status_code == status


@pytest.mark.parametrize("number", [5, 60])
def test_takes_at_most_ten_queries_whatever_the_number(client, cast, django_assert_max_num_queries, number):
    IndustrialCommunity.objects.bulk_create(
        IndustrialCommunity(district=cast.district, name=f"第{place}社区", short_name=f"第{place}") for place in range(number)
    )
    Grid.objects.bulk_create(Grid(community=cast.lingfeng, name=f"第{place}网格", leader=cast.social_worker) for place in range(number))
    see(client, cast.administrator, COMMUNITIES)

    with django_assert_max_num_queries(10):
        client.get(reverse(COMMUNITIES))
    with django_assert_max_num_queries(10):
        client.get(reverse("registry:community", args=[cast.lingfeng.pk]))
    with django_assert_max_num_queries(10):
        client.get(reverse("registry:departments"))


NEW = {"name": "新碶工业社区", "short_name": "新碶", "subdistrict": "新碶街道", "telephone": "0574-1", "address": "进港路"}


def test_the_district_makes_a_community(client, cast):
    answer = send(client, cast.administrator, "registry:community_create", **NEW)

    community = IndustrialCommunity.objects.get(short_name="新碶")
    assert answer.url == reverse("registry:community", args=[community.pk]) and community.district == cast.district
    assert Entry.objects.filter(verb="community.created", community_id=community.pk, actor_id=cast.administrator.pk).exists()


@pytest.mark.parametrize("name, status", [("secretary", 404), ("social_worker", 403), ("officer", 403), ("contact", 403)])
def test_nobody_else_does(client, cast, name, status):
    assert send(client, cast.everybody[name], "registry:community_create", **NEW).status_code == status
    assert not IndustrialCommunity.objects.filter(short_name="新碶").exists()


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("name", "", "请写社区名称"),
        ("name", "长" * 61, "最多 60 个字"),
        ("short_name", "", "请写简称"),
        ("short_name", "灵峰", "简称“灵峰”已有社区在用"),
        ("short_name", "灵-峰", "简称只用汉字、字母和数字"),
        ("short_name", "🦢", "简称只用汉字、字母和数字"),
        ("short_name", "长" * 13, "最多 12 个字"),
        ("telephone", "1" * 31, "最多 30 个字"),
        ("address", "长" * 10_000, "最多 120 个字"),
    ],
)
def test_a_refused_community_stands_at_its_field(client, cast, field, value, sentence):
    before = (IndustrialCommunity.objects.count(), Entry.objects.count())

    answer = send(client, cast.administrator, "registry:community_create", **(NEW | {field: value}))

    form = answer.context["form"]
    assert answer.status_code == 422 and sentence in " ".join(form.errors[field]) and form[field].value() == value
    assert (IndustrialCommunity.objects.count(), Entry.objects.count()) == before


def test_a_secretary_changes_telephone_and_address(client, cast):
    send(
        client,
        cast.secretary,
        "registry:community_change",
        cast.lingfeng.pk,
        name="灵峰工业社区",
        subdistrict="大碶街道",
        telephone="0574-8",
        address="兴业路 1 号",
    )

    cast.lingfeng.refresh_from_db()
    assert (cast.lingfeng.telephone, cast.lingfeng.address) == ("0574-8", "兴业路 1 号")
    assert set(Entry.objects.get(verb="community.changed").fields) == {"telephone", "address"}


@pytest.mark.parametrize("name, status", [("social_worker", 403), ("outsider", 403), ("contact", 403)])
def test_a_community_is_not_for_anybody_to_change(client, cast, name, status):
    assert send(client, cast.everybody[name], "registry:community_change", cast.lingfeng.pk, name="别的").status_code == status
    cast.lingfeng.refresh_from_db()
    assert cast.lingfeng.name == "灵峰工业社区"


def test_a_refused_change_of_a_community_changes_nothing(client, cast):
    answer = send(client, cast.secretary, "registry:community_change", cast.lingfeng.pk, name="", telephone="0574-8")

    cast.lingfeng.refresh_from_db()
    assert answer.status_code == 422 and cast.lingfeng.telephone == "0574-00000000"
    assert not Entry.objects.filter(verb="community.changed").exists()


def test_a_secretary_makes_a_grid_with_a_leader(client, cast):
    send(client, cast.secretary, "registry:grid_create", cast.lingfeng.pk, name="三网格", leader=cast.second_worker.pk)

    grid = Grid.objects.get(name="三网格")
    assert (grid.community, grid.leader) == (cast.lingfeng, cast.second_worker)


def test_a_grid_gets_another_name_and_leader(client, cast):
    send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name="二网格（南）", leader=cast.posted_cadre.pk)

    cast.grid.refresh_from_db()
    assert (cast.grid.name, cast.grid.leader) == ("二网格（南）", cast.posted_cadre)
    assert Entry.objects.filter(verb="grid.changed", target_id=cast.grid.pk, community_id=cast.lingfeng.pk).exists()


def test_a_grid_sent_as_it_was_is_no_change(client, cast):
    send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name="二网格", leader=cast.social_worker.pk)

    assert not Entry.objects.filter(verb="grid.changed").exists()


def test_a_grid_may_be_without_leader_for_a_while(client, cast):
    send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name="二网格", leader="")

    cast.grid.refresh_from_db()
    assert cast.grid.leader is None


def test_a_leader_who_left_may_stay_until_somebody_follows(client, cast):
    former = create_person(actor=cast.system, name="老方", username="laofang")
    cast.grid.leader = former
    cast.grid.save()

    send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name="二网格（南）", leader=former.pk)

    cast.grid.refresh_from_db()
    assert (cast.grid.name, cast.grid.leader) == ("二网格（南）", former)


@pytest.mark.parametrize("who", ["contact", "outsider", "officer"])
def test_a_leader_works_in_the_community(client, cast, who):
    answer = send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name="二网格", leader=cast.everybody[who].pk)

    cast.grid.refresh_from_db()
    assert answer.status_code == 422 and cast.grid.leader == cast.social_worker


@pytest.mark.parametrize("name, sentence", [("", "请写网格名称"), ("一网格", "这个社区已有“一网格”"), ("长" * 31, "最多 30 个字")])
def test_a_refused_change_of_a_grid_changes_nothing(client, cast, name, sentence):
    create_grid(actor=cast.system, community_id=cast.lingfeng.pk, name="一网格")

    answer = send(client, cast.secretary, "registry:grid_change", cast.grid.pk, name=name, leader="")

    cast.grid.refresh_from_db()
    assert answer.status_code == 422 and sentence in " ".join(answer.context["form"].errors["name"])
    assert (cast.grid.name, cast.grid.leader) == ("二网格", cast.social_worker)


def test_a_grid_elsewhere_is_not_there(client, cast):
    grant_membership(actor=cast.system, person=cast.nobody, role=Role.SECRETARY, scope_kind=ScopeKind.COMMUNITY, scope_id=cast.dagang.pk)

    assert send(client, cast.nobody, "registry:grid_change", cast.grid.pk, name="我的", leader="").status_code == 404
    assert send(client, cast.nobody, "registry:grid_create", cast.lingfeng.pk, name="我的", leader="").status_code == 404
    assert not Grid.objects.filter(name="我的").exists()


def test_the_district_writes_down_a_departments_telephone(client, cast):
    department = cast.departments["住建"]

    answer = send(client, cast.administrator, "registry:department_change", department.pk, telephone=" 0574-86 ")

    department.refresh_from_db()
    assert answer.url == reverse("registry:departments") and department.telephone == "0574-86"


@pytest.mark.parametrize("name", ["secretary", "officer", "social_worker", "contact"])
def test_a_departments_telephone_is_not_for_anybody_to_change(client, cast, name):
    assert send(client, cast.everybody[name], "registry:department_change", cast.departments["住建"].pk, telephone="1").status_code == 403
    assert Department.objects.get(pk=cast.departments["住建"].pk).telephone == ""


def test_a_long_telephone_is_refused(client, cast):
    answer = send(client, cast.administrator, "registry:department_change", cast.departments["住建"].pk, telephone="1" * 31)

    assert answer.status_code == 422 and "最多 30 个字" in " ".join(answer.context["form"].errors["telephone"])


def test_the_list_of_departments_has_the_thirty_four_and_three_more(client, cast):
    assert len(see(client, cast.social_worker, "registry:departments").context["rows"]) == 37
    assert len(see(client, cast.officer, "registry:departments").context["rows"]) == 1
