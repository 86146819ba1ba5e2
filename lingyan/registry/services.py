"""Every change to the registry."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from lingyan.kernel.access import one
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import NotVisible, Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import person_called
from lingyan.people.services import create_person, end_membership, grant_membership
from lingyan.registry import credit_code as credit_codes
from lingyan.registry.access import communities_of, contacts_of, departments_of, enterprises_of, grids_of
from lingyan.registry.models import Department, District, Enterprise, EnterpriseContact, Grid, IndustrialCommunity, MicroGrid
from lingyan.registry.reads import leader_candidates, masked_name
from lingyan.registry.wording import checked_headcount, checked_short_name, written

# The 34 departments of the alliance, and three more addressees; the short names are identifiers.
ALLIANCE = (  # noqa: SIM905
    "发改 经信 科技 教育 公安 司法 人社 资规 生态环境 住建 交通 水务 农业农村 商务 文旅 卫健 退役军人 应急管理 市场监管 统计 "
    "医保 综合执法 大数据局 金融 税务 海关 消防 邮政 电力 燃气 组织部 总工会 团委 妇联"
).split()
COMMUNITY_ITSELF = "社区"
OTHERS = ["公积金中心", "通信管理"]


def is_system(actor: Person) -> bool:
    return actor.builtin == Person.Builtin.SYSTEM


@transaction.atomic
def create_district(*, actor: Person, name: str, code: str = "") -> District:
    """Make a district with its departments (锋领企服: 34, and three more addressees)."""
    if not is_system(actor):
        raise Refused("district.system", _("区由安装程序建立。"), status=403)
    district = District(name=name.strip(), code=code.strip())
    district.full_clean()
    district.save()
    kinds = [(short_name, Department.Kind.ALLIANCE) for short_name in ALLIANCE]
    kinds += [(COMMUNITY_ITSELF, Department.Kind.COMMUNITY)] + [(short_name, Department.Kind.OTHER) for short_name in OTHERS]
    Department.objects.bulk_create(
        Department(district=district, short_name=short_name, kind=kind, position=position) for position, (short_name, kind) in enumerate(kinds)
    )
    record(actor=actor, verb="district.created", target=district, fields={"name": district.name})
    return district


def one_district(actor: Person, district_id: int, permission: str) -> District:
    if is_system(actor) or district_id in actor.scopes(permission).of("district"):
        return one(District.objects.all(), district_id)
    raise NotVisible


def one_community(actor: Person, community_id: int, permission: str) -> IndustrialCommunity:
    return one(IndustrialCommunity.objects.all() if is_system(actor) else communities_of(actor, permission), community_id)


def save_once(row: models.Model, code: str, sentence: str, field: str) -> None:
    """Save a row whose name may be taken already; the refusal names the field."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(code, sentence, field=field) from error


@transaction.atomic
def create_community(
    *, actor: Person, district_id: int, name: str, short_name: str, subdistrict: str = "", telephone: str = "", address: str = ""
) -> IndustrialCommunity:
    """Make a community in a district; its short name begins the numbers of its cases."""
    district = one_district(actor, district_id, "registry.edit_community")
    community = IndustrialCommunity(
        district=district,
        name=written(IndustrialCommunity, "name", name, required=True),
        short_name=checked_short_name(written(IndustrialCommunity, "short_name", short_name, required=True)),
        subdistrict=written(IndustrialCommunity, "subdistrict", subdistrict),
        telephone=written(IndustrialCommunity, "telephone", telephone),
        address=written(IndustrialCommunity, "address", address),
    )
    taken = _("简称“%(name)s”已有社区在用，诉求编号会分不清，请换一个。") % {"name": community.short_name}
    save_once(community, "community.short_name", taken, "short_name")
    record(actor=actor, verb="community.created", target=community, community_id=community.pk)
    return community


@transaction.atomic
def change_community(*, actor: Person, community_id: int, **changes: str) -> IndustrialCommunity:
    """Change name, subdistrict, telephone or address. The short name stays: numbers already given begin with it."""
    community = one_community(actor, community_id, "registry.edit_community")
    for field, value in changes.items():
        if field not in {"name", "subdistrict", "telephone", "address"}:
            raise Refused("community.field", _("这一项不能改。"), field=field)
        setattr(community, field, written(IndustrialCommunity, field, value, required=field == "name"))
    community.save(update_fields=list(changes))
    record(actor=actor, verb="community.changed", target=community, community_id=community.pk, fields={field: getattr(community, field) for field in changes})
    return community


def one_leader(community_id: int, leader_id: int | None) -> Person | None:
    """The person who is to lead a grid: somebody who works in this community."""
    if leader_id is None:
        return None
    leader = next((person for person in leader_candidates(community_id) if person.pk == leader_id), None)
    if leader is None:
        raise Refused("grid.leader", _("网格长要从这个社区的书记、社工、下沉干部里选。"), field="leader")
    return leader


@transaction.atomic
def create_grid(*, actor: Person, community_id: int, name: str, leader: Person | None = None) -> Grid:
    """Make a grid of a community."""
    community = one_community(actor, community_id, "registry.edit_community")
    if leader and not is_system(actor):
        one_leader(community.pk, leader.pk)
    grid = Grid(community=community, name=written(Grid, "name", name, required=True), leader=leader)
    save_once(grid, "grid.name", _("这个社区已有“%(name)s”。") % {"name": grid.name}, "name")
    record(actor=actor, verb="grid.created", target=grid)
    return grid


@transaction.atomic
def change_grid(*, actor: Person, grid_id: int, name: str, leader_id: int | None) -> Grid:
    """Change a grid's name and its leader, who is one of those who work in the community, or nobody yet."""
    grid = one(grids_of(actor, "registry.edit_community").select_for_update(of=("self",)), grid_id)
    grid.name = written(Grid, "name", name, required=True)
    if leader_id != grid.leader_id:
        grid.leader = one_leader(grid.community_id, leader_id)
    save_once(grid, "grid.name", _("这个社区已有“%(name)s”。") % {"name": grid.name}, "name")
    record(actor=actor, verb="grid.changed", target=grid, fields={"name": grid.name, "leader": grid.leader_id})
    return grid


@transaction.atomic
def register_enterprise(
    *,
    actor: Person,
    community_id: int,
    name: str,
    short_name: str,
    credit_code: str,
    grid_id: int | None = None,
    industry: str = "",
    address: str = "",
    headcount: int | None = None,
) -> Enterprise:
    """Register an enterprise with a checked credit code; one that is already here is refused by name."""
    community = one_community(actor, community_id, "registry.edit_enterprise")
    enterprise = Enterprise(
        community=community,
        grid=one(community.grids.all(), grid_id) if grid_id else None,
        name=written(Enterprise, "name", name, required=True),
        short_name=written(Enterprise, "short_name", short_name) or written(Enterprise, "name", name)[:30],
        credit_code=credit_codes.checked(credit_code),
        industry=written(Enterprise, "industry", industry),
        address=written(Enterprise, "address", address),
        headcount=checked_headcount(headcount),
        registered_at=now(),
    )
    existing = Enterprise.objects.filter(community=community, credit_code=enterprise.credit_code).first()
    taken = _("这个统一社会信用代码已登记，是“%(name)s”。") % {"name": existing.name if existing else credit_code}
    save_once(enterprise, "enterprise.known", taken, "credit_code")
    record(actor=actor, verb="enterprise.registered", target=enterprise, fields={"name": enterprise.name, "credit_code": enterprise.credit_code})
    return enterprise


@transaction.atomic
def change_enterprise(*, actor: Person, enterprise_id: int, **changes: Any) -> Enterprise:
    """Change what is registered about an enterprise: name, short_name, credit_code, grid_id, industry, address, headcount."""
    enterprise = one(enterprises_of(actor, "registry.edit_enterprise").select_for_update(of=("self",)), enterprise_id)
    if "credit_code" in changes:
        changes["credit_code"] = credit_codes.checked(changes["credit_code"])
    if changes.get("grid_id"):
        one(Grid.objects.filter(community_id=enterprise.community_id), changes["grid_id"])
    for field, value in changes.items():
        if field not in {"name", "short_name", "credit_code", "grid_id", "industry", "address", "headcount"}:
            raise Refused("enterprise.field", _("这一项不能改。"), field=field)
        if field in {"name", "short_name", "industry", "address"}:
            value = written(Enterprise, field, value, required=field in {"name", "short_name"})
        setattr(enterprise, field, checked_headcount(value) if field == "headcount" else value)
    save_once(enterprise, "enterprise.known", _("这个统一社会信用代码已登记在别的企业名下。"), "credit_code")
    record(actor=actor, verb="enterprise.changed", target=enterprise, fields=changes)
    return enterprise


@transaction.atomic
def create_micro_grid(*, actor: Person, enterprise_id: int, name: str) -> MicroGrid:
    """Make a micro-grid in an enterprise."""
    rows = Enterprise.objects.all() if is_system(actor) else enterprises_of(actor, "registry.edit_enterprise")
    enterprise = one(rows, enterprise_id)
    micro_grid = MicroGrid(enterprise=enterprise, name=written(MicroGrid, "name", name, required=True))
    save_once(micro_grid, "micro_grid.name", _("这家企业已有微网格“%(name)s”。") % {"name": micro_grid.name}, "name")
    record(actor=actor, verb="micro_grid.created", target=micro_grid, community_id=enterprise.community_id)
    return micro_grid


@transaction.atomic
def add_contact(*, actor: Person, enterprise_id: int, person: Person, capacity: str, remark: str = "") -> EnterpriseContact:
    """Let a person speak for an enterprise: they see its matters and confirm its answers."""
    rows = Enterprise.objects.all() if is_system(actor) else enterprises_of(actor, "registry.edit_contact")
    enterprise = one(rows, enterprise_id)
    if capacity not in EnterpriseContact.Capacity.values:
        raise Refused("contact.capacity", _("请选这位联系人的职责。"), field="capacity")
    if not person.is_active or person.builtin:
        raise Refused("contact.inactive", _("这个人的账号已停用，不能登记为联系人，请先找社区书记恢复。"), field="mobile")
    contact, made = EnterpriseContact.objects.get_or_create(
        enterprise=enterprise,
        person=person,
        capacity=EnterpriseContact.Capacity(capacity),
        ended_at=None,
        defaults={"remark": written(EnterpriseContact, "remark", remark)},
    )
    if made:
        title = str(EnterpriseContact.Capacity(capacity).label)
        grant_membership(actor=actor, person=person, role=Role.ENTERPRISE_CONTACT, scope_kind=ScopeKind.ENTERPRISE, scope_id=enterprise.pk, title=title)
        record(actor=actor, verb="contact.added", target=contact, community_id=enterprise.community_id)
    return contact


def person_with(mobile: str) -> Person | None:
    """The person with this mobile number; a user name in its place finds nobody."""
    person = person_called(mobile)
    digits = "".join(letter for letter in unicodedata.normalize("NFKC", mobile) if letter.isdigit())
    return person if person and person.mobile and person.mobile == digits[-11:] else None


@transaction.atomic
def register_contact(
    *, actor: Person, enterprise_id: int, name: str, mobile: str, capacity: str, remark: str = "", same_person: bool = False
) -> EnterpriseContact:
    """Let somebody speak for an enterprise, found by mobile number or made anew.

    A number that is registered already is refused (`contact.known_mobile`) until `same_person` says that the person is meant whose masked name
    the refusal shows. The same person in the same capacity again changes nothing.
    """
    enterprise = one(Enterprise.objects.all() if is_system(actor) else enterprises_of(actor, "registry.edit_contact"), enterprise_id)
    if not mobile.strip():
        raise Refused("contact.mobile_empty", _("请写手机号：用它登录，也用它认人。"), field="mobile")
    person = person_with(mobile)
    if person is None:
        person = create_person(actor=actor, name=name, mobile=mobile)
    else:
        is_contact_here = enterprise.contacts.filter(person=person, ended_at=None, capacity=capacity).exists()
        if not same_person and not (is_contact_here and person.name == name.strip()):
            sentence = _("这个手机号已登记，名字是“%(name)s”。是同一个人就确认一下，不是就核对号码。")
            raise Refused("contact.known_mobile", sentence % {"name": masked_name(person.name)}, field="mobile")
    return add_contact(actor=actor, enterprise_id=enterprise.pk, person=person, capacity=capacity, remark=remark)


@transaction.atomic
def end_contact(*, actor: Person, contact_id: int) -> EnterpriseContact:
    """A person no longer speaks for an enterprise; what came with it ends too."""
    contact = one(contacts_of(actor, "registry.edit_contact").select_for_update(of=("self",)), contact_id)
    if contact.ended_at:
        raise Refused("contact.ended", _("这位联系人已经离开了。"))
    contact.ended_at = now()
    contact.save(update_fields=["ended_at"])
    if not EnterpriseContact.objects.filter(enterprise=contact.enterprise, person=contact.person, ended_at=None).exists():
        for membership in contact.person.memberships.filter(
            role=Role.ENTERPRISE_CONTACT, scope_kind=ScopeKind.ENTERPRISE, scope_id=contact.enterprise_id, ended_at=None
        ):
            end_membership(actor=actor, membership_id=membership.pk)
    record(actor=actor, verb="contact.ended", target=contact, community_id=contact.enterprise.community_id)
    return contact


@transaction.atomic
def change_department(*, actor: Person, department_id: int, telephone: str) -> Department:
    """Change a department's telephone."""
    department = one(departments_of(actor, "registry.edit_department"), department_id)
    department.telephone = written(Department, "telephone", telephone)
    department.save(update_fields=["telephone"])
    record(actor=actor, verb="department.changed", target=department, fields={"telephone": department.telephone})
    return department
