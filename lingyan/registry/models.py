"""Who is here: district, communities, grids, micro-grids, departments, enterprises and the persons who speak for them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingyan.people.models import Person


class District(models.Model):
    """The owner of an installation (区)."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    code = models.CharField(_("行政区划代码"), max_length=6, blank=True, validators=[RegexValidator(r"^\d{6}$", _("行政区划代码是六位数字。"))])

    class Meta:
        verbose_name = _("区")

    def __str__(self) -> str:
        return self.name


class IndustrialCommunity(models.Model):
    """A community whose residents are enterprises and their workers; every domain row carries one."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="communities", verbose_name=_("区"))
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=12, help_text=_("写在诉求编号前面，如“灵峰”。"))
    subdistrict = models.CharField(_("街道"), max_length=40, blank=True)
    telephone = models.CharField(_("电话"), max_length=30, blank=True)
    address = models.CharField(_("服务中心地址"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("工业社区")
        constraints = [models.UniqueConstraint(fields=["district", "short_name"], name="registry_community_short_name")]

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    """Part of a community, about twenty enterprises, with a leader."""

    community = models.ForeignKey(IndustrialCommunity, on_delete=models.PROTECT, related_name="grids", verbose_name=_("社区"))
    name = models.CharField(_("名称"), max_length=30)
    leader = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="led_grids", verbose_name=_("网格长"))

    class Meta:
        verbose_name = _("网格")
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="registry_grid_name")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """One of the departments of the alliance, or another addressee. Its short name is its identifier in imports and exports."""

    class Kind(models.TextChoices):
        ALLIANCE = "alliance", _("锋领企服成员")
        COMMUNITY = "community", _("社区自办")
        OTHER = "other", _("其他单位")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="departments", verbose_name=_("区"))
    short_name = models.CharField(_("简称"), max_length=20)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.ALLIANCE)
    telephone = models.CharField(_("电话"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("部门")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["district", "short_name"], name="registry_department_short_name")]

    def __str__(self) -> str:
        return self.short_name


class Enterprise(models.Model):
    """A legal entity in a community, known by its unified social credit code."""

    community = models.ForeignKey(IndustrialCommunity, on_delete=models.PROTECT, related_name="enterprises", verbose_name=_("社区"))
    grid = models.ForeignKey(Grid, on_delete=models.SET_NULL, null=True, blank=True, related_name="enterprises", verbose_name=_("网格"))
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=30)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18)
    industry = models.CharField(_("行业"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    headcount = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    registered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("企业")
        constraints = [models.UniqueConstraint(fields=["community", "credit_code"], name="registry_enterprise_credit_code")]
        indexes = [models.Index(fields=["community", "short_name"], name="registry_enterprise_by_name")]

    def __str__(self) -> str:
        return self.short_name


class MicroGrid(models.Model):
    """The smallest unit, at least one for every enterprise."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="micro_grids", verbose_name=_("企业"))
    name = models.CharField(_("名称"), max_length=40)

    class Meta:
        verbose_name = _("微网格")
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="registry_micro_grid_name")]

    def __str__(self) -> str:
        return self.name


class EnterpriseContact(models.Model):
    """A person who speaks for an enterprise, in one capacity."""

    class Capacity(models.TextChoices):
        OWNER = "owner", _("负责人")
        HR = "hr", _("人事")
        FINANCE = "finance", _("财务")
        SAFETY = "safety", _("安全")
        OTHER = "other", _("联系人")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("企业"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_for", verbose_name=_("人员"))
    capacity = models.CharField(_("职责"), max_length=10, choices=Capacity.choices)
    remark = models.CharField(_("备注"), max_length=60, blank=True, help_text=_("如“上午好找”。"))
    ended_at = models.DateTimeField(_("离开时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("企业联系人")
        constraints = [models.UniqueConstraint(fields=["enterprise", "person", "capacity"], condition=Q(ended_at__isnull=True), name="registry_contact_once")]
