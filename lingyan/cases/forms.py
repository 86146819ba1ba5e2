"""What people fill in about cases. Rules live in the services; a form only reads, and shows their refusals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lingyan.cases.models import Case, Channel, Nature, Rating, Urgency
from lingyan.people.models import Person
from lingyan.registry.access import communities_of, enterprises_of
from lingyan.registry.models import Department
from lingyan.registry.reads import communities_around, enterprises_with


class SentOnceForm(forms.Form):
    """A form that carries its own identity, so that a double tap is written once."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class RaiseForm(SentOnceForm):
    """提一件: somebody asks for themselves, or in the name of their enterprise."""

    on_behalf = forms.ChoiceField(label=_("以谁的名义"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("什么事"), widget=forms.Textarea(attrs={"rows": 5}), strip=False, required=False, help_text=_("像说话一样写就行：在哪里，什么事，想怎么办。")
    )
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, initial=Nature.HELP)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, initial=Urgency.ROUTINE, help_text=_("着火、有人受伤：先打 119、120，再来登记。"))
    is_confidential = forms.BooleanField(
        label=_("替我保密"),
        required=False,
        help_text=_("部门和区里只看到“职工，保密”，要看是谁得写理由，您会收到消息；社区的社工看得到，好联系您。您以个人名义提的事，您的单位一概看不到。"),
    )

    def __init__(self, *args: Any, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communities = list(communities_around(actor))
        self.enterprises = list(enterprises_with(actor.scopes("cases.view_case").of("enterprise")).select_related("community"))
        several = len(self.communities) > 1
        choices = [(f"enterprise:{enterprise.pk}", enterprise.name) for enterprise in self.enterprises]
        choices += [
            (f"person:{community.pk}", _now("我自己，向%(community)s") % {"community": community.name} if several else _now("我自己"))
            for community in self.communities
        ]
        self.fields["on_behalf"].choices = choices
        self.fields["on_behalf"].initial = choices[0][0] if choices else None
        if len(choices) == 1:
            self.fields["on_behalf"].widget = forms.HiddenInput()
        if not self.communities:
            self.fields["is_confidential"].widget = forms.HiddenInput()

    @property
    def asked(self) -> dict[str, Any]:
        """The words for `raise_request`: whom it is asked for, and all the rest."""
        kind, _colon, pk = self.cleaned_data["on_behalf"].partition(":")
        values = {name: self.cleaned_data[name] for name in ("text", "nature", "urgency", "client_uuid", "is_confidential")}
        if kind == "enterprise":
            return values | {"enterprise_id": int(pk), "community_id": 0}
        return values | {"community_id": int(pk)}


class RegisterForm(SentOnceForm):
    """登记: somebody of the community writes down what another asks, at the desk or on the telephone."""

    community = forms.ModelChoiceField(label=_("社区"), queryset=None, empty_label=None)
    channel = forms.ChoiceField(
        label=_("来路"), choices=[(Channel.DESK, Channel.DESK.label), (Channel.TELEPHONE, Channel.TELEPHONE.label), (Channel.VISIT, Channel.VISIT.label)]
    )
    enterprise = forms.ModelChoiceField(label=_("企业"), queryset=None, required=False, empty_label=_("不是企业的事"))
    whose = forms.ChoiceField(
        label=_("谁的事"),
        choices=[("enterprise", _("企业的事，企业联系人看得到")), ("person", _("职工个人的事，企业看不到"))],
        widget=forms.RadioSelect,
        initial="enterprise",
    )
    asker_name = forms.CharField(label=_("怎么称呼"), required=False)
    asker_mobile = forms.CharField(label=_("手机号"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    text = forms.CharField(label=_("原话"), widget=forms.Textarea(attrs={"rows": 5}), strip=False, required=False)
    title = forms.CharField(label=_("题目"), required=False, help_text=_("不写就取原话的第一句。"))
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, initial=Nature.HELP)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, initial=Urgency.ROUTINE)
    is_confidential = forms.BooleanField(label=_("替职工保密"), required=False, help_text=_("部门和区里只看到“职工，保密”。"))

    def __init__(self, *args: Any, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities = communities_of(actor, "cases.register_request").order_by("pk")
        self.fields["community"].queryset = communities
        self.fields["enterprise"].queryset = (
            enterprises_of(actor, "registry.view_enterprise").filter(community_id__in=communities.values("pk")).order_by("short_name")
        )
        if len(communities) == 1:
            self.fields["community"].initial = communities[0]
            self.fields["community"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("whose") == "enterprise" and "enterprise" in said and not said["enterprise"]:
            self.add_error("enterprise", _now("是企业的事，请选哪家企业；是职工自己的事，请在下面改成职工个人的事。"))
        return said

    @property
    def registered(self) -> dict[str, Any]:
        """The words for `register_request`."""
        names = ("text", "title", "nature", "urgency", "channel", "asker_name", "asker_mobile", "is_confidential", "client_uuid")
        return {name: self.cleaned_data[name] for name in names} | {
            "community_id": self.cleaned_data["community"].pk,
            "enterprise_id": self.cleaned_data["enterprise"].pk if self.cleaned_data["enterprise"] else None,
            "in_name_of_enterprise": self.cleaned_data["whose"] == "enterprise",
        }


def department_choices(departments: list[Department]) -> list[tuple[Any, Any]]:
    return [(department.pk, department.short_name) for department in departments]


class DispatchForm(forms.Form):
    """派单: one lead department, any number of supporting ones, and a word to them."""

    lead_department = forms.TypedChoiceField(label=_("主办"), coerce=int, error_messages={"required": _("请选主办部门。")})
    support_departments = forms.TypedMultipleChoiceField(label=_("协办"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    message = forms.CharField(label=_("给部门的话"), required=False, widget=forms.Textarea(attrs={"rows": 2}), strip=False)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = department_choices(departments)
        self.fields["lead_department"].choices = [("", _("选一个部门")), *choices]
        self.fields["support_departments"].choices = choices


class SupportForm(forms.Form):
    """加协办: one more department for a case under way."""

    department = forms.TypedChoiceField(label=_("请哪个部门协办"), coerce=int, error_messages={"required": _("没有这个部门，请重新选。")})
    message = forms.CharField(label=_("给部门的话"), required=False, widget=forms.Textarea(attrs={"rows": 2}), strip=False)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("选一个部门")), *department_choices(departments)]


OUTCOMES = [(Case.Outcome.SOLVED, _("解决了")), (Case.Outcome.EXPLAINED, _("办不了，把原因说清楚"))]


class AnswerForm(forms.Form):
    """答复: how it was done, or why it cannot be."""

    text = forms.CharField(
        label=_("答复"), widget=forms.Textarea(attrs={"rows": 4}), strip=False, required=False, help_text=_("提的人会看到。写清楚做了什么，谁还能再问。")
    )
    outcome = forms.ChoiceField(label=_("结论"), choices=OUTCOMES, widget=forms.RadioSelect, initial=Case.Outcome.SOLVED)


class OnSiteForm(AnswerForm):
    """现场办结: the answer given on the spot."""

    text = forms.CharField(label=_("当场怎么答复的"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, required=False)


class ReasonForm(forms.Form):
    """One sentence why: for a returned order, a refused answer, a look at a name."""

    reason = forms.CharField(label=_("原因"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, required=False)


class RemarkForm(forms.Form):
    """补充: one more line."""

    text = forms.CharField(label=_("补充"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, required=False)
    is_for_asker = forms.BooleanField(label=_("提的人也能看到"), required=False)


class RatingForm(forms.Form):
    """五档评价，可以不评。"""

    grade = forms.TypedChoiceField(label=_("评价"), choices=Rating.Grade.choices, coerce=int, required=False, empty_value=None, widget=forms.RadioSelect)
    comment = forms.CharField(label=_("想说的话"), required=False, widget=forms.Textarea(attrs={"rows": 2}), strip=False)


class ConfirmForm(RatingForm):
    """确认: solved, or explained and understood; with a grade if the asker likes."""

    outcome = forms.ChoiceField(choices=Case.Outcome.choices, initial=Case.Outcome.SOLVED, widget=forms.HiddenInput, required=False)


class FeedbackForm(SentOnceForm):
    """意见与投诉, to the district."""

    text = forms.CharField(label=_("您的意见"), widget=forms.Textarea(attrs={"rows": 5}), strip=False, required=False)
    way_back = forms.CharField(label=_("怎么回您"), required=False, help_text=_("电话或邮箱。不写也收。"))
    page = forms.CharField(widget=forms.HiddenInput, required=False)


class FeedbackAnswerForm(forms.Form):
    text = forms.CharField(label=_("答复"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, required=False)
