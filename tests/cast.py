"""One cast of persons, used by every test: a small community of two, with somebody in each role. Plain `make_*` fixtures for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import builtin_person, create_person, grant_membership
from lingyan.registry.models import Department, District, Enterprise, Grid, IndustrialCommunity, MicroGrid
from lingyan.registry.services import add_contact, create_community, create_district, create_grid, create_micro_grid, register_enterprise

PASSWORD = "Yan-lead-7-flock"
CODES = ["91330100799655058B", "914403001922038216", "9144030071526726XG", "91110000802100433B", "11320000MB151840XJ"]


@dataclass
class Cast:
    """Who is who. `lingfeng` is the community most tests are about; `dagang` is the neighbour nobody there may look into."""

    system: Person
    district: District
    lingfeng: IndustrialCommunity
    dagang: IndustrialCommunity
    grid: Grid
    lanshi: Enterprise
    mingyue: Enterprise
    elsewhere: Enterprise
    micro_grid: MicroGrid
    administrator: Person
    secretary: Person
    social_worker: Person
    second_worker: Person
    officer: Person
    other_officer: Person
    posted_cadre: Person
    contact: Person
    other_contact: Person
    worker: Person
    volunteer: Person
    micro_grid_member: Person
    lawyer: Person
    auditor: Person
    outsider: Person
    nobody: Person
    departments: dict[str, Department] = field(default_factory=dict)

    @property
    def everybody(self) -> dict[str, Person]:
        names = (
            "administrator secretary social_worker second_worker officer other_officer posted_cadre contact other_contact worker volunteer "
            "micro_grid_member lawyer auditor outsider nobody"
        )
        return {name: getattr(self, name) for name in names.split()}


def build_cast() -> Cast:
    """Make the cast through the services. `officer` is 住建, `other_officer` 交通; `outsider` is a social worker of 大港; `nobody` has no role."""
    system = builtin_person("system")
    district = create_district(actor=system, name="北仑区", code="330206")
    lingfeng = create_community(
        actor=system, district_id=district.pk, name="灵峰工业社区", short_name="灵峰", subdistrict="大碶街道", telephone="0574-00000000"
    )
    dagang = create_community(actor=system, district_id=district.pk, name="大港工业社区", short_name="大港")
    departments = {department.short_name: department for department in Department.objects.filter(district=district)}

    def person(name: str, username: str, mobile: str | None = None) -> Person:
        return create_person(actor=system, name=name, username=username, mobile=mobile)

    def hold(who: Person, role: Role, kind: ScopeKind, scope_id: int, title: str = "") -> Person:
        grant_membership(actor=system, person=who, role=role, scope_kind=kind, scope_id=scope_id, title=title)
        return who

    social_worker = hold(person("周婧", "zhoujing", "13900000001"), Role.SOCIAL_WORKER, ScopeKind.COMMUNITY, lingfeng.pk)
    grid = create_grid(actor=system, community_id=lingfeng.pk, name="二网格", leader=social_worker)
    secretary = hold(person("宋岚", "songlan", "13900000002"), Role.SECRETARY, ScopeKind.COMMUNITY, lingfeng.pk)
    outsider = hold(person("何文", "hewen"), Role.SOCIAL_WORKER, ScopeKind.COMMUNITY, dagang.pk)
    lanshi = register_enterprise(
        actor=secretary,
        community_id=lingfeng.pk,
        name="宁波澜石精密模具有限公司",
        short_name="澜石精密模具",
        credit_code=CODES[0],
        grid_id=grid.pk,
        headcount=186,
    )
    mingyue = register_enterprise(
        actor=secretary, community_id=lingfeng.pk, name="宁波铭岳压铸有限公司", short_name="铭岳压铸", credit_code=CODES[1], grid_id=grid.pk, headcount=320
    )
    elsewhere = register_enterprise(actor=outsider, community_id=dagang.pk, name="宁波远处机械有限公司", short_name="远处机械", credit_code=CODES[2])
    micro_grid = create_micro_grid(actor=system, enterprise_id=lanshi.pk, name="一车间")
    contact, other_contact = person("沈洁", "shenjie", "13900000003"), person("顾明舟", "gumingzhou", "13900000004")
    add_contact(actor=system, enterprise_id=lanshi.pk, person=contact, capacity="hr")
    add_contact(actor=system, enterprise_id=mingyue.pk, person=other_contact, capacity="owner")
    return Cast(
        system=system,
        district=district,
        lingfeng=lingfeng,
        dagang=dagang,
        grid=grid,
        lanshi=lanshi,
        mingyue=mingyue,
        elsewhere=elsewhere,
        micro_grid=micro_grid,
        administrator=hold(person("区企服中心", "quqifu"), Role.DISTRICT_ADMINISTRATOR, ScopeKind.DISTRICT, district.pk),
        secretary=secretary,
        social_worker=social_worker,
        second_worker=hold(person("许可", "xuke"), Role.SOCIAL_WORKER, ScopeKind.COMMUNITY, lingfeng.pk),
        officer=hold(person("傅工", "fugong", "13900000005"), Role.DEPARTMENT_OFFICER, ScopeKind.DEPARTMENT, departments["住建"].pk),
        other_officer=hold(person("小郭", "xiaoguo"), Role.DEPARTMENT_OFFICER, ScopeKind.DEPARTMENT, departments["交通"].pk),
        posted_cadre=hold(person("老秦", "laoqin"), Role.POSTED_CADRE, ScopeKind.COMMUNITY, lingfeng.pk),
        contact=contact,
        other_contact=other_contact,
        worker=hold(person("小吴", "xiaowu", "13900000006"), Role.WORKER, ScopeKind.ENTERPRISE, lanshi.pk),
        volunteer=hold(person("朱师傅", "zhushifu"), Role.VOLUNTEER, ScopeKind.COMMUNITY, lingfeng.pk),
        micro_grid_member=hold(person("小裴", "xiaopei"), Role.MICRO_GRID_MEMBER, ScopeKind.MICRO_GRID, micro_grid.pk),
        lawyer=hold(person("黎律师", "lilvshi"), Role.LAWYER, ScopeKind.COMMUNITY, lingfeng.pk),
        auditor=hold(person("审计员", "shenji"), Role.AUDITOR, ScopeKind.DISTRICT, district.pk),
        outsider=outsider,
        nobody=person("路人", "luren"),
        departments=departments,
    )


@pytest.fixture
def cast(db: None) -> Cast:
    made = build_cast()
    for person in made.everybody.values():
        person.forget_memberships()
    return made


@pytest.fixture
def make_case(cast: Cast):  # type: ignore[no-untyped-def]
    """A case by the contact of 澜石, brought as far as `stage`: waiting, sent, in_hand, answered, closed."""
    from lingyan.cases import services

    def make(
        stage: str = "waiting",
        *,
        text: str = "门口货车排队，早班员工进不来。",
        nature: str = "help",
        asker: Person | None = None,
        support: tuple[str, ...] = (),
        confidential: bool = False,
    ):  # type: ignore[no-untyped-def]
        asker = asker or cast.contact
        enterprise = cast.lanshi if asker == cast.contact else cast.mingyue if asker == cast.other_contact else None
        request = services.raise_request(
            actor=asker,
            text=text,
            nature=nature,
            client_uuid=uuid4(),
            community_id=cast.lingfeng.pk,
            enterprise_id=enterprise.pk if enterprise else None,
            is_confidential=confidential,
        )
        case = request.case
        steps = ["waiting", "sent", "in_hand", "answered", "closed"].index(stage)
        if steps >= 1:
            services.dispatch_case(
                case_id=case.pk,
                actor=cast.social_worker,
                lead_department_id=cast.departments["住建"].pk,
                support_department_ids=[cast.departments[name].pk for name in support],
            )
        lead = case.dispatches.filter(part="lead").first()
        if steps >= 2:
            services.acknowledge_dispatch(dispatch_id=lead.pk, actor=cast.officer)
        if steps >= 3:
            services.answer_dispatch(dispatch_id=lead.pk, actor=cast.officer, text="门口 60 米划了禁停线，早高峰有人值守。")
        if steps >= 4:
            services.confirm_answer(case_id=case.pk, actor=asker)
        case.refresh_from_db()
        return case

    return make
