"""What people ask, and what becomes of it: request → case → dispatches → answer → the asker's word."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingyan.kernel.states import Stateful
from lingyan.people.models import Person
from lingyan.registry.models import Department, District, Enterprise, IndustrialCommunity

TEXT_LIMIT = 5000
TITLE_LIMIT = 60


class Nature(models.TextChoices):
    """What kind of thing is asked (departments.md: six)."""

    HELP = "help", _("求助")
    INQUIRY = "inquiry", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("一般")
    PRESSING = "pressing", _("较急")
    URGENT = "urgent", _("紧急")


class Channel(models.TextChoices):
    VISIT = "visit", _("走访")
    PORTAL = "portal", _("自己提")
    DESK = "desk", _("窗口")
    TELEPHONE = "telephone", _("电话")


class CaseCounter(models.Model):
    """The last serial number given in a community in a year; locked while the next is taken."""

    community = models.ForeignKey(IndustrialCommunity, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号计数")
        constraints = [models.UniqueConstraint(fields=["community", "year"], name="cases_counter_once")]


class Case(models.Model):
    """One matter with its number. `stage` is computed from the dispatches and the ending (`cases.stages`), never chosen."""

    class Stage(models.TextChoices):
        WAITING = "waiting", _("等派单")
        SENT = "sent", _("等签收")
        IN_HAND = "in_hand", _("在办")
        ANSWERED = "answered", _("待确认")
        CLOSED = "closed", _("结案")

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("已解决")
        EXPLAINED = "explained", _("已说明，不能解决")

    community = models.ForeignKey(IndustrialCommunity, on_delete=models.PROTECT, related_name="cases", verbose_name=_("社区"))
    number = models.CharField(_("编号"), max_length=30, unique=True)
    title = models.CharField(_("什么事"), max_length=TITLE_LIMIT)
    nature = models.CharField(_("性质"), max_length=12, choices=Nature.choices)
    urgency = models.CharField(_("缓急"), max_length=10, choices=Urgency.choices, default=Urgency.ROUTINE)
    channel = models.CharField(_("来路"), max_length=10, choices=Channel.choices)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("企业"))
    is_confidential = models.BooleanField(_("保密"), default=False)
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage.choices, default=Stage.WAITING)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True)
    is_on_site = models.BooleanField(_("现场办结"), default=False)
    redo_count = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    lead_department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="led_cases", verbose_name=_("主办"))
    lead_handler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="led_cases", verbose_name=_("主办经办人"))
    # Whose the first request is, so that a list of cases is one query.
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="asked_cases", verbose_name=_("谁提的"))
    asker_name = models.CharField(_("称呼"), max_length=60, blank=True)
    is_enterprise_matter = models.BooleanField(_("以企业名义"), default=False)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="opened_cases", verbose_name=_("登记人"))
    opened_at = models.DateTimeField(_("登记时间"))
    waiting_since = models.DateTimeField(_("到这一步的时间"))
    due_at = models.DateTimeField(_("到期"), null=True, blank=True)
    near_at = models.DateTimeField(_("快到的时间"), null=True, blank=True)
    due_is_provisional = models.BooleanField(_("到期日暂定"), default=False)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("案件")
        constraints = [
            models.CheckConstraint(
                name="cases_case_ending",
                condition=Q(stage="closed", closed_at__isnull=False) & ~Q(outcome="") | ~Q(stage="closed") & Q(closed_at__isnull=True, outcome=""),
            ),
        ]
        indexes = [
            models.Index(fields=["community", "stage", "due_at"], name="cases_case_due"),
            models.Index(fields=["community", "-opened_at", "-id"], name="cases_case_newest"),
            models.Index(fields=["lead_department", "stage", "due_at"], name="cases_case_lead"),
            models.Index(fields=["enterprise", "-opened_at"], name="cases_case_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number


class Request(models.Model):
    """What somebody said, in their words, by whatever channel. It belongs to a case."""

    client_uuid = models.UUIDField(_("提交标识"), unique=True)
    community = models.ForeignKey(IndustrialCommunity, on_delete=models.PROTECT, related_name="requests", verbose_name=_("社区"))
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="requests", verbose_name=_("案件"))
    text = models.TextField(_("原话"), max_length=TEXT_LIMIT)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("谁提的"))
    asker_name = models.CharField(_("称呼"), max_length=60, blank=True)
    asker_mobile = models.CharField(_("电话"), max_length=20, blank=True)
    for_enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("以企业名义"))
    is_confidential = models.BooleanField(_("保密"), default=False)
    said_at = models.DateTimeField(_("说的时间"))
    arrived_at = models.DateTimeField(_("到达时间"))
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registered_requests", verbose_name=_("登记人"))

    class Meta:
        verbose_name = _("诉求")
        constraints = [
            models.CheckConstraint(name="cases_request_confidential", condition=~Q(is_confidential=True, for_enterprise__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["asker", "-arrived_at"], name="cases_request_asker"),
            models.Index(fields=["for_enterprise"], name="cases_request_enterprise"),
        ]


class Dispatch(Stateful, models.Model):
    """One department's share of a case: lead or supporting, with its own state."""

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        SUPPORT = "support", _("协办")

    class State(models.TextChoices):
        SENT = "sent", _("等签收")
        ACKNOWLEDGED = "acknowledged", _("在办")
        ANSWERED = "answered", _("已答复")
        RETURNED = "returned", _("已退单")
        DROPPED = "dropped", _("不用再办")

    MOVES = {
        "acknowledge": ({State.SENT}, State.ACKNOWLEDGED),
        "answer": ({State.ACKNOWLEDGED}, State.ANSWERED),
        "return_order": ({State.SENT}, State.RETURNED),
        "redo": ({State.ANSWERED}, State.ACKNOWLEDGED),
        "drop": ({State.SENT, State.ACKNOWLEDGED}, State.DROPPED),
    }
    MOVE_LABELS = {"acknowledge": _("签收"), "answer": _("答复"), "return_order": _("退单"), "redo": _("重办"), "drop": _("撤下")}

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="dispatches", verbose_name=_("案件"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="dispatches", verbose_name=_("部门"))
    part = models.CharField(_("主办或协办"), max_length=8, choices=Part.choices)
    state = models.CharField(_("状态"), max_length=14, choices=State.choices, default=State.SENT)
    handler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatches", verbose_name=_("经办人"))
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sent_dispatches", verbose_name=_("派单人"))
    sent_at = models.DateTimeField(_("派单时间"))
    sign_by = models.DateTimeField(_("签收期限"))
    due_at = models.DateTimeField(_("办结期限"))
    due_is_provisional = models.BooleanField(_("期限暂定"), default=False)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer = models.TextField(_("答复"), max_length=TEXT_LIMIT, blank=True)
    answer_outcome = models.CharField(_("部门的结论"), max_length=10, choices=Case.Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("派单")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(part="lead") & ~Q(state="returned"), name="cases_dispatch_one_lead"),
            models.UniqueConstraint(fields=["case", "department"], condition=~Q(state="returned"), name="cases_dispatch_department_once"),
            models.CheckConstraint(name="cases_dispatch_answered", condition=~Q(state="answered") | Q(answered_at__isnull=False) & ~Q(answer="")),
        ]
        indexes = [models.Index(fields=["department", "state", "due_at"], name="cases_dispatch_department")]


class Progress(models.Model):
    """One line of a case's history: who did what, and what was said. The asker sees the lines meant for them."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("登记")
        DISPATCHED = "dispatched", _("派单")
        ACKNOWLEDGED = "acknowledged", _("签收")
        RETURNED = "returned", _("退单")
        SUPPORTED = "supported", _("协办答复")
        ANSWERED = "answered", _("答复")
        RESOLVED_ON_SITE = "resolved_on_site", _("现场办结")
        CONFIRMED = "confirmed", _("确认")
        REFUSED = "refused", _("没解决，重办")
        RATED = "rated", _("评价")
        REMARKED = "remarked", _("补充")
        REVEALED = "revealed", _("看了是谁提的")
        REMINDED = "reminded", _("催办")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="progress", verbose_name=_("案件"))
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, null=True, blank=True, related_name="progress", verbose_name=_("派单"))
    kind = models.CharField(_("做了什么"), max_length=16, choices=Kind.choices)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("何人"))
    at = models.DateTimeField(_("时间"))
    text = models.TextField(_("说了什么"), max_length=TEXT_LIMIT, blank=True)
    departments = models.JSONField(_("部门"), default=list)
    is_for_asker = models.BooleanField(_("给提的人看"), default=True)
    is_by_asker = models.BooleanField(_("提的人说的"), default=False)

    class Meta:
        verbose_name = _("进展")
        indexes = [models.Index(fields=["case", "at", "id"], name="cases_progress_line")]


class Rating(models.Model):
    """What the asker thinks of the handling (好差评, five grades). No row means: not rated, which is never satisfied."""

    class Grade(models.IntegerChoices):
        VERY_GOOD = 5, _("非常满意")
        GOOD = 4, _("满意")
        FAIR = 3, _("基本满意")
        POOR = 2, _("不满意")
        VERY_POOR = 1, _("非常不满意")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="rating", verbose_name=_("案件"))
    grade = models.PositiveSmallIntegerField(_("评价"), choices=Grade.choices)
    comment = models.TextField(_("想说的话"), max_length=TEXT_LIMIT, blank=True)
    rated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("评价人"))
    by_call_back = models.BooleanField(_("回访时说的"), default=False)
    rated_at = models.DateTimeField(_("评价时间"))

    class Meta:
        verbose_name = _("评价")


class Feedback(Stateful, models.Model):
    """A complaint or suggestion about the service or the system itself, to the district, from any page."""

    class State(models.TextChoices):
        OPEN = "open", _("等答复")
        ANSWERED = "answered", _("已答复")

    MOVES = {"answer": ({State.OPEN}, State.ANSWERED)}
    MOVE_LABELS = {"answer": _("答复")}

    client_uuid = models.UUIDField(_("提交标识"), unique=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("区"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name=_("谁提的"))
    way_back = models.CharField(_("怎么回您"), max_length=60, blank=True)
    page = models.CharField(_("在哪一页"), max_length=200, blank=True)
    text = models.TextField(_("内容"), max_length=TEXT_LIMIT)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    sent_at = models.DateTimeField(_("时间"))
    answer = models.TextField(_("答复"), max_length=TEXT_LIMIT, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("意见与投诉")
        indexes = [models.Index(fields=["district", "state", "-sent_at"], name="cases_feedback_inbox")]
