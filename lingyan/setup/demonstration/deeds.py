"""What one act does, said in the words of the texts and done by the services: the demonstration inserts no row of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from lingyan.cases.access import visible_feedback
from lingyan.cases.models import Case, Channel, Nature, Urgency
from lingyan.cases.services import (
    acknowledge_dispatch,
    add_support,
    answer_dispatch,
    answer_feedback,
    confirm_answer,
    dispatch_case,
    raise_request,
    rate_case,
    refuse_answer,
    register_request,
    remark_on_case,
    remind_department,
    resolve_on_site,
    return_dispatch,
    reveal_asker,
    send_feedback,
)
from lingyan.notices.services import read_all_notices
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import create_person, grant_membership
from lingyan.registry.services import (
    add_contact,
    change_department,
    create_community,
    create_district,
    create_grid,
    create_micro_grid,
    register_enterprise,
)
from lingyan.setup.demonstration.invented import made_up_credit_code
from lingyan.setup.demonstration.stage import Stage, uuid_of
from lingyan.visits.services import Matter, write_note

PASSWORD = "Lingyan-demo-78"
DESK = "许可"  # who sends and handles what the texts leave open
Text = dict[str, Any]
Deed = Callable[[Stage], Any]


# --- setting up ---------------------------------------------------------------------------------------------------------


def setting_up(places: Text) -> Iterator[tuple[str, Deed]]:
    """District, community, everybody and everything in it: (what the loading says meanwhile, the deed)."""
    first, second, third = "区、社区和部门", "社工、下沉干部和部门联络员", "企业、联系人、职工和微网格"
    yield first, lambda stage: create_district(actor=stage.system, **places["district"])
    for persona in places["personas"]:
        yield first, making_persona(persona)
    for person in places["administrators"]:
        yield first, appointing("system", person, Role.DISTRICT_ADMINISTRATOR, ScopeKind.DISTRICT)
    yield first, lambda stage: create_community(actor=stage.administrator, district_id=stage.district_id, **places["community"])
    yield second, appointing("administrator", places["secretary"], Role.SECRETARY, ScopeKind.COMMUNITY)
    for serial, (department, officers) in enumerate(places["officers"].items(), start=1):
        yield second, telephoning(department, f"0574-{serial:08d}")
        for name in officers:
            yield second, appointing("administrator", {"name": name, "title": "部门联络员"}, Role.DEPARTMENT_OFFICER, ScopeKind.DEPARTMENT, department)
    for person in places["auditors"]:
        yield second, appointing("administrator", person, Role.AUDITOR, ScopeKind.DISTRICT)
    groups = {"social_workers": Role.SOCIAL_WORKER, "posted_cadres": Role.POSTED_CADRE, "lawyers": Role.LAWYER, "volunteers": Role.VOLUNTEER}
    for group, role in groups.items():
        for person in places[group]:
            yield second, appointing("secretary", person, role, ScopeKind.COMMUNITY)
    for name, leader in places["grids"].items():
        yield second, making_grid(name, leader)
    for serial, enterprise in enumerate(places["enterprises"], start=1):
        yield third, registering(enterprise, places["grids"][enterprise["grid"]], made_up_credit_code(serial, places["district"]["code"]))
        for contact in enterprise["contacts"]:
            yield third, adding_contact(contact, enterprise["short_name"])
        for micro_grid, members in enterprise["micro_grids"].items():
            yield third, making_micro_grid(micro_grid, enterprise["short_name"])
            place = f"{enterprise['short_name']}·{micro_grid}"
            for name in members:
                yield third, appointing("secretary", {"name": name, "title": "微网格员"}, Role.MICRO_GRID_MEMBER, ScopeKind.MICRO_GRID, place)
                yield third, appointing("secretary", {"name": name}, Role.WORKER, ScopeKind.ENTERPRISE, enterprise["short_name"])
        for name in enterprise.get("workers", []):
            yield third, appointing("secretary", {"name": name}, Role.WORKER, ScopeKind.ENTERPRISE, enterprise["short_name"])


def making_persona(persona: Text) -> Deed:
    def do(stage: Stage) -> None:
        if stage.is_known(persona["name"]):
            return
        mobile = stage.mobiles[persona["name"]]
        create_person(actor=stage.system, name=persona["name"], username=persona["username"], mobile=mobile, password=PASSWORD, is_persona=True)

    do.is_slow = True  # type: ignore[attr-defined]  # hashing the password
    return do


def known(stage: Stage, name: str, by: Person) -> Person:
    """The person of this name, made by `by` when they are not there yet."""
    return stage.person(name) if stage.is_known(name) else create_person(actor=by, name=name, mobile=stage.mobiles[name])


def appointing(by: str, person: Text, role: Role, kind: ScopeKind, place: str = "") -> Deed:
    """`by` is system, administrator or secretary; `place` names the department, enterprise or micro-grid."""

    def do(stage: Stage) -> None:
        actor: Person = getattr(stage, by)
        whole = {ScopeKind.DISTRICT: lambda: stage.district_id, ScopeKind.COMMUNITY: lambda: stage.community_id}
        scope_id = whole[kind]() if kind in whole else stage.id_of(kind, place)
        grant_membership(actor=actor, person=known(stage, person["name"], actor), role=role, scope_kind=kind, scope_id=scope_id, title=person.get("title", ""))

    return do


def telephoning(department: str, number: str) -> Deed:
    return lambda stage: change_department(actor=stage.administrator, department_id=stage.id_of("department", department), telephone=number)


def making_grid(name: str, leader: str) -> Deed:
    return lambda stage: create_grid(actor=stage.secretary, community_id=stage.community_id, name=name, leader=stage.person(leader))


def registering(enterprise: Text, leader: str, credit_code: str) -> Deed:
    fields = {name: enterprise[name] for name in ("name", "short_name", "industry", "address", "headcount")}
    return lambda stage: register_enterprise(
        actor=stage.person(leader), community_id=stage.community_id, credit_code=credit_code, grid_id=stage.id_of("grid", enterprise["grid"]), **fields
    )


def adding_contact(contact: Text, enterprise: str) -> Deed:
    return lambda stage: add_contact(
        actor=stage.secretary,
        enterprise_id=stage.id_of("enterprise", enterprise),
        person=known(stage, contact["name"], stage.secretary),
        capacity=contact["capacity"],
        remark=contact.get("remark", ""),
    )


def making_micro_grid(name: str, enterprise: str) -> Deed:
    return lambda stage: create_micro_grid(actor=stage.secretary, enterprise_id=stage.id_of("enterprise", enterprise), name=name)


# --- requests -----------------------------------------------------------------------------------------------------------


def opening(story: Text) -> Deed:
    """Somebody asks for themselves (no `channel`), or somebody of the community writes down what another said."""

    def do(stage: Stage) -> None:
        said = {
            "text": story["text"],
            "nature": Nature(story["nature"]),
            "urgency": Urgency(story.get("urgency", "routine")),
            "client_uuid": uuid_of(story["key"]),
        }
        enterprise = stage.id_of("enterprise", story["enterprise"]) if "enterprise" in story else None
        community = stage.community_id
        actor, confidential = stage.person(story["by"]), story.get("confidential", False)
        if "channel" not in story:
            raise_request(actor=actor, community_id=community, enterprise_id=enterprise, is_confidential=confidential, **said)
            return
        register_request(
            actor=actor,
            community_id=community,
            enterprise_id=enterprise,
            channel=Channel(story["channel"]),
            title=story.get("title", ""),
            is_confidential=confidential,
            **asker_of(stage, story),
            **said,
        )

    return do


def asker_of(stage: Stage, story: Text) -> Text:
    return {
        "in_name_of_enterprise": not story.get("own", False),
        "asker_id": stage.person(story["asker"]).pk if "asker" in story else None,
        "asker_name": story.get("asker_name", ""),
    }


def sent_at_once(steps: list[tuple[str, Text]]) -> Text:
    """The dispatch that is decided while the note is written: a first step to which the text gives no moment."""
    if not steps:
        return {}
    what, how = steps[0]
    return how if what == "dispatch" and not {"ago", "when", "after"} & set(how) else {}


def matter_of(stage: Stage, matter: Text) -> Matter:
    steps = [(what, how if isinstance(how, dict) else {}) for step in matter.get("steps") or [] for what, how in step.items()]
    sent = sent_at_once(steps)
    return Matter(
        client_uuid=uuid_of(matter["key"]),
        text=matter["text"],
        nature=Nature(matter["nature"]),
        urgency=Urgency(matter.get("urgency", "routine")),
        title=matter.get("title", ""),
        is_confidential=matter.get("confidential", False),
        on_site_answer=matter.get("on_site", ""),
        on_site_outcome=Case.Outcome(matter.get("on_site_outcome", "solved")),
        lead_department_id=stage.id_of("department", sent["to"]) if sent else None,
        support_department_ids=[stage.id_of("department", name) for name in sent.get("with", [])],
        message=sent.get("say", ""),
        **asker_of(stage, matter),
    )


def note(text: Text, key: str, visited_at: datetime) -> Deed:
    return lambda stage: write_note(
        actor=stage.person(text["by"]),
        enterprise_id=stage.id_of("enterprise", text["at_enterprise"]),
        client_uuid=uuid_of(key),
        seen=text.get("seen", ""),
        heard=text.get("heard", ""),
        thought=text.get("thought", ""),
        visited_at=visited_at,
        companion_ids=[stage.person(name).pk for name in text.get("with", [])],
        matters=[matter_of(stage, matter) for matter in text.get("matters", [])],
    )


# --- steps of a case ----------------------------------------------------------------------------------------------------


def step(story: Text, what: str, how: Text, lead: str) -> Deed:
    """One step of a story. `how`: by, of (a department; without it the lead), text, and what the step itself needs."""
    key, text = story["key"], how.get("text", "")

    def of_department(stage: Stage) -> tuple[int, Person]:
        department = how.get("of", lead)
        by = stage.person(how.get("by") or stage.officers.get(department, [DESK])[0])
        return stage.dispatch_id(key, department, by), by

    def by_desk(stage: Stage) -> Person:
        return stage.person(how.get("by", DESK))

    def by_asker(stage: Stage) -> Person:
        return stage.person(how.get("by") or story.get("asker") or story["by"])

    def dispatch(stage: Stage) -> None:
        support = [stage.id_of("department", name) for name in how.get("with", [])]
        target = stage.id_of("department", how["to"])
        dispatch_case(case_id=stage.case_id(key), actor=by_desk(stage), lead_department_id=target, support_department_ids=support, message=how.get("say", ""))

    def support(stage: Stage) -> None:
        department = stage.id_of("department", how["of"])
        add_support(case_id=stage.case_id(key), actor=by_desk(stage), department_id=department, message=how.get("say", ""))

    def sign(stage: Stage) -> None:
        dispatch_id, by = of_department(stage)
        acknowledge_dispatch(dispatch_id=dispatch_id, actor=by)

    def answer(stage: Stage) -> None:
        dispatch_id, by = of_department(stage)
        answer_dispatch(dispatch_id=dispatch_id, actor=by, text=text, outcome=Case.Outcome(how.get("outcome", "solved")))

    def send_back(stage: Stage) -> None:
        dispatch_id, by = of_department(stage)
        return_dispatch(dispatch_id=dispatch_id, actor=by, reason=text)

    def on_site(stage: Stage) -> None:
        resolve_on_site(case_id=stage.case_id(key), actor=by_desk(stage), text=text, outcome=Case.Outcome(how.get("outcome", "solved")))

    def confirm(stage: Stage) -> None:
        outcome = Case.Outcome(how.get("outcome", "solved"))
        confirm_answer(case_id=stage.case_id(key), actor=by_asker(stage), outcome=outcome, grade=how.get("grade"), comment=how.get("comment", ""))

    def refuse(stage: Stage) -> None:
        refuse_answer(case_id=stage.case_id(key), actor=by_asker(stage), reason=text)

    def rate(stage: Stage) -> None:
        rate_case(case_id=stage.case_id(key), actor=by_asker(stage), grade=how["grade"], comment=how.get("comment", ""))

    def remark(stage: Stage) -> None:
        remark_on_case(case_id=stage.case_id(key), actor=stage.person(how["by"]), text=text, is_for_asker=how.get("for_asker", False))

    def reveal(stage: Stage) -> None:
        reveal_asker(case_id=stage.case_id(key), actor=stage.person(how["by"]), reason=how["reason"])

    def remind(stage: Stage) -> None:
        remind_department(case_id=stage.case_id(key), actor=stage.person(how["by"]))

    deeds: dict[str, Deed] = {
        "dispatch": dispatch,
        "support": support,
        "sign": sign,
        "answer": answer,
        "return": send_back,
        "on_site": on_site,
        "confirm": confirm,
        "refuse": refuse,
        "rate": rate,
        "remark": remark,
        "reveal": reveal,
        "remind": remind,
    }
    return deeds[what]


# --- the rest -----------------------------------------------------------------------------------------------------------


def feedback(text: Text, key: str) -> Deed:
    return lambda stage: send_feedback(
        actor=stage.person(text["by"]) if "by" in text else None,
        text=text["text"],
        client_uuid=uuid_of(key),
        page=text["page"],
        way_back=text.get("way_back", ""),
    )


def feedback_answer(key: str, text: str) -> Deed:
    return lambda stage: answer_feedback(
        feedback_id=visible_feedback(stage.administrator).get(client_uuid=uuid_of(key)).pk, actor=stage.administrator, text=text
    )


def reading(name: str) -> Deed:
    return lambda stage: read_all_notices(actor=stage.person(name))
