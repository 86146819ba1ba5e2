"""The page of one enterprise: who sees it, what stands on it, and what is plugged in from above."""

import pytest
from django.urls import reverse

from lingyan.kernel import wires
from lingyan.ledger.models import Entry
from lingyan.registry.models import MicroGrid


def get(client, person, enterprise):
    client.force_login(person)
    return client.get(reverse("registry:enterprise", args=[enterprise.pk]))


SEES = dict.fromkeys(["social_worker", "secretary", "administrator", "posted_cadre", "contact"], 200)
SEES |= dict.fromkeys(["other_contact", "outsider"], 404) | dict.fromkeys(["officer", "worker", "micro_grid_member", "auditor", "nobody"], 403)


@pytest.mark.parametrize("name, status", SEES.items())
def test_is_for_those_who_look_after_it_and_its_own_contacts(client, cast, name, status):
    assert get(client, cast.everybody[name], cast.lanshi).status_code == status


def test_shows_code_grid_leader_contacts_and_micro_grids(client, cast):
    text = get(client, cast.social_worker, cast.lanshi).content.decode()

    for words in ("宁波澜石精密模具有限公司", "91330100799655058B", "二网格", "周婧", "沈洁", "人事", "一车间", "186"):
        assert words in text


@pytest.mark.parametrize("name", ["contact", "social_worker", "administrator", "posted_cadre"])
def test_no_number_is_shown_whole(client, cast, name):
    text = get(client, cast.everybody[name], cast.lanshi).content.decode()

    assert "139****0003" in text and "139****0001" in text
    assert "13900000003" not in text and "13900000001" not in text


@pytest.mark.parametrize("name, may", [("social_worker", True), ("secretary", True), ("posted_cadre", False), ("administrator", False), ("contact", False)])
def test_the_way_to_a_whole_number_stands_where_one_may_go_it(client, cast, name, may):
    text = get(client, cast.everybody[name], cast.lanshi).content.decode()

    assert (reverse("registry:mobile_reveal", args=[cast.lanshi.pk, cast.contact.pk]) in text) is may


@pytest.mark.parametrize("name, may", [("social_worker", True), ("secretary", True), ("posted_cadre", False), ("administrator", False), ("contact", False)])
def test_buttons_are_for_those_who_may(client, cast, name, may):
    text = get(client, cast.everybody[name], cast.lanshi).content.decode()

    for route in ("registry:enterprise_change", "registry:contacts", "registry:micro_grid_create"):
        assert (reverse(route, args=[cast.lanshi.pk]) in text) is may


@pytest.fixture
def wired(monkeypatch):
    """Set a wire for one test."""

    def put(name, value):
        real = wires.wire
        monkeypatch.setattr("lingyan.registry.views.enterprises.wire", lambda asked: value if asked == name else real(asked))

    return put


def panel(actor, enterprise):
    row = {"icon": "inbox", "title": f"{enterprise.short_name}：货车占道", "lines": ["住建·傅工"], "url": "/cases/1/"}
    return {"title": "诉求", "count": 1, "rows": [row], "url": "/cases/?enterprise=1"}


def nothing(actor, enterprise):
    return None


def test_shows_what_other_modules_say_about_it(client, cast, wired):
    wired("ENTERPRISE_PANELS", [f"{__name__}:panel", f"{__name__}:nothing"])

    answer = get(client, cast.social_worker, cast.lanshi)

    assert [each["title"] for each in answer.context["panels"]] == ["诉求"]
    assert "澜石精密模具：货车占道" in answer.content.decode() and 'href="/cases/1/"' in answer.content.decode()


def test_a_visit_is_begun_from_here_by_those_who_write_notes(client, cast, wired):
    wired("ENTERPRISE_ACTIONS", [{"label": "记一笔", "icon": "pen-line", "route": "registry:enterprises", "permission": "visits.write_note"}])

    assert get(client, cast.social_worker, cast.lanshi).context["actions"][0]["url"] == f"/registry/enterprises/?enterprise={cast.lanshi.pk}"
    assert get(client, cast.contact, cast.lanshi).context["actions"] == []


def test_an_action_whose_page_is_not_built_in_is_left_out(client, cast, wired):
    wired("ENTERPRISE_ACTIONS", [{"label": "政策体检", "icon": "hand-coins", "route": "policies:check", "permission": "visits.write_note"}])

    assert get(client, cast.social_worker, cast.lanshi).context["actions"] == []


def test_takes_few_queries(client, cast, django_assert_max_num_queries):
    get(client, cast.social_worker, cast.lanshi)

    with django_assert_max_num_queries(14):
        client.get(reverse("registry:enterprise", args=[cast.lanshi.pk]))


def add(client, person, enterprise, name):
    client.force_login(person)
    return client.post(reverse("registry:micro_grid_create", args=[enterprise.pk]), {"name": name})


def test_adds_a_micro_grid(client, cast):
    answer = add(client, cast.social_worker, cast.lanshi, " 二车间 ")

    assert answer.status_code == 302 and cast.lanshi.micro_grids.filter(name="二车间").exists()
    assert Entry.objects.filter(verb="micro_grid.created", actor_id=cast.social_worker.pk).exists()


@pytest.mark.parametrize("name, sentence", [("", "请写微网格的名称"), ("一车间", "已有微网格“一车间”"), ("长" * 10_000, "最多 40 个字")])
def test_refuses_a_micro_grid_and_keeps_what_was_typed(client, cast, name, sentence):
    answer = add(client, cast.social_worker, cast.lanshi, name)

    form = answer.context["micro_grid_form"]
    assert answer.status_code == 422 and sentence in " ".join(form.errors["name"]) and form["name"].value() == name
    assert MicroGrid.objects.count() == 1


@pytest.mark.parametrize("name, status", [("contact", 403), ("administrator", 403), ("outsider", 404)])
def test_a_micro_grid_is_not_for_anybody_to_add(client, cast, name, status):
    assert add(client, cast.everybody[name], cast.lanshi, "二车间").status_code == status
    assert MicroGrid.objects.count() == 1
