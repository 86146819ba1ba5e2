"""Persons, what they are here (memberships), and how they come in (invitations, kept passwords)."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingyan.kernel.wires import wire
from lingyan.people.scopes import Scopes


class Role(models.TextChoices):
    """What a person may be. What each role may do is `config/roles.py`."""

    DISTRICT_ADMINISTRATOR = "district_administrator", _("区管理员")
    SECRETARY = "secretary", _("社区书记")
    SOCIAL_WORKER = "social_worker", _("社工")
    DEPARTMENT_OFFICER = "department_officer", _("部门联络员")
    POSTED_CADRE = "posted_cadre", _("下沉干部")
    ENTERPRISE_CONTACT = "enterprise_contact", _("企业联系人")
    WORKER = "worker", _("职工")
    VOLUNTEER = "volunteer", _("志愿者")
    MICRO_GRID_MEMBER = "micro_grid_member", _("微网格员")
    LAWYER = "lawyer", _("法律顾问")
    AUDITOR = "auditor", _("审计员")


class ScopeKind(models.TextChoices):
    """Over what a role extends. People knows no registry, so a scope is a kind and an id."""

    DISTRICT = "district", _("全区")
    COMMUNITY = "community", _("社区")
    DEPARTMENT = "department", _("部门")
    ENTERPRISE = "enterprise", _("企业")
    MICRO_GRID = "micro_grid", _("微网格")


# Over which kinds of scope a role is usually given: what the form of an appointment offers.
ROLE_KINDS: dict[str, tuple[str, ...]] = {
    Role.DISTRICT_ADMINISTRATOR: (ScopeKind.DISTRICT,),
    Role.SECRETARY: (ScopeKind.COMMUNITY,),
    Role.SOCIAL_WORKER: (ScopeKind.COMMUNITY,),
    Role.DEPARTMENT_OFFICER: (ScopeKind.DEPARTMENT,),
    Role.POSTED_CADRE: (ScopeKind.COMMUNITY,),
    Role.ENTERPRISE_CONTACT: (ScopeKind.ENTERPRISE,),
    Role.WORKER: (ScopeKind.ENTERPRISE, ScopeKind.COMMUNITY),
    Role.VOLUNTEER: (ScopeKind.COMMUNITY, ScopeKind.ENTERPRISE),
    Role.MICRO_GRID_MEMBER: (ScopeKind.MICRO_GRID, ScopeKind.ENTERPRISE),
    Role.LAWYER: (ScopeKind.COMMUNITY, ScopeKind.DISTRICT),
    Role.AUDITOR: (ScopeKind.DISTRICT, ScopeKind.COMMUNITY),
}


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Anybody the system knows. Without a usable password a person cannot sign in."""

    class Builtin(models.TextChoices):
        SYSTEM = "system", _("系统")
        ANONYMOUS = "anonymous", _("匿名")

    username = models.CharField(_("用户名"), max_length=60, unique=True, null=True, blank=True)
    mobile = models.CharField(_("手机号"), max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    builtin = models.CharField(_("内置身份"), max_length=12, choices=Builtin.choices, unique=True, null=True, blank=True)
    is_active = models.BooleanField(_("可用"), default=True)
    is_persona = models.BooleanField(_("演示人物"), default=False)
    created_at = models.DateTimeField(_("加入时间"))

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """What this person is at present, first granted first. Read once for each instance."""
        return list(self.memberships.filter(ended_at__isnull=True).order_by("pk"))

    @cached_property
    def _scopes(self) -> dict[str, Scopes]:
        return Scopes.union_of(self.active_memberships, wire("ROLES")) if self.is_active else {}

    def may(self, permission: str) -> bool:
        """Whether this person holds the permission in some scope."""
        return permission in self._scopes

    def scopes(self, permission: str) -> Scopes:
        """Over what this person holds the permission: the union over their roles that carry it, empty by default."""
        return self._scopes.get(permission, Scopes())

    def has_role(self, *roles: str) -> bool:
        return any(membership.role in roles for membership in self.active_memberships)

    def forget_memberships(self) -> None:
        """Read memberships anew at the next question (after a grant in the same request)."""
        self.__dict__.pop("active_memberships", None)
        self.__dict__.pop("_scopes", None)


class Membership(models.Model):
    """One person in one role over one scope, from a day until it is ended."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=30, choices=Role.choices)
    scope_kind = models.CharField(_("范围"), max_length=12, choices=ScopeKind.choices)
    scope_id = models.BigIntegerField(_("范围编号"))
    title = models.CharField(_("职务"), max_length=40, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("由谁授予"))
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("身份")
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "scope_kind", "scope_id"], condition=Q(ended_at__isnull=True), name="people_membership_once"),
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_id", "role"], condition=Q(ended_at__isnull=True), name="people_membership_scope")]


class Invitation(models.Model):
    """A one-time link that lets the person it names set a password, or act once. Only a digest of the secret is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("人员"))
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("由谁发出"))
    created_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")


class FormerPassword(models.Model):
    """The hash of a password this person had before, so that it is not taken again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=256)
    replaced_at = models.DateTimeField()

    class Meta:
        verbose_name = _("旧密码")
