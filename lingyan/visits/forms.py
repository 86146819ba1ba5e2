"""The writing page: one note, and the matters that arise from it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lingyan.cases.models import Case, Nature, Urgency
from lingyan.people.models import Person
from lingyan.people.reads import persons_with
from lingyan.registry.models import Enterprise
from lingyan.registry.reads import departments_of
from lingyan.visits.reads import companions_for
from lingyan.visits.services import Matter

MATTERS_AT_MOST = 8


class NoteForm(forms.Form):
    """看到的、听到的、想到的. Nothing is compulsory but that there is something."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    heard = forms.CharField(
        label=_("听到的"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "ruled-text", "placeholder": _("他们怎么说的，就怎么写")}),
    )
    seen = forms.CharField(
        label=_("看到的"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3, "class": "ruled-text", "placeholder": _("车间、门口、食堂")})
    )
    thought = forms.CharField(
        label=_("想到的"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "ruled-text", "placeholder": _("回头要做什么，只有社区看得到")}),
    )
    visited_at = forms.DateTimeField(
        label=_("什么时候去的"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    companions = forms.ModelMultipleChoiceField(label=_("一起去的"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Person, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["companions"].queryset = companions_for(actor, enterprise)

    @property
    def written(self) -> dict[str, Any]:
        """The words for `write_note`."""
        names = ("client_uuid", "heard", "seen", "thought", "visited_at")
        return {name: self.cleaned_data[name] for name in names} | {"companion_ids": [person.pk for person in self.cleaned_data["companions"]]}


class MatterForm(forms.Form):
    """One request that arises from the note, and what becomes of it at once."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    text = forms.CharField(label=_("什么事"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}))
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, initial=Nature.HELP)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, initial=Urgency.ROUTINE)
    asker = forms.ModelChoiceField(label=_("谁说的"), queryset=None, required=False, empty_label=_("名单上没有"))
    asker_name = forms.CharField(label=_("怎么称呼"), required=False)
    asker_mobile = forms.CharField(label=_("手机号"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    whose = forms.ChoiceField(
        label=_("谁的事"), choices=[("enterprise", _("企业的事")), ("person", _("职工个人的事，企业看不到"))], widget=forms.RadioSelect, initial="enterprise"
    )
    then = forms.ChoiceField(
        label=_("接下来"),
        choices=[("later", _("先登记，等派单")), ("on_site", _("当场答复了")), ("dispatch", _("现在就派"))],
        widget=forms.RadioSelect,
        initial="later",
    )
    on_site_answer = forms.CharField(label=_("当场怎么答复的"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2}))
    on_site_outcome = forms.ChoiceField(
        label=_("结论"),
        choices=[(Case.Outcome.SOLVED, _("解决了")), (Case.Outcome.EXPLAINED, _("办不了，原因说清楚了"))],
        required=False,
        initial=Case.Outcome.SOLVED,
    )
    lead_department = forms.ModelChoiceField(label=_("主办"), queryset=None, required=False, empty_label=_("选一个部门"))
    support_departments = forms.ModelMultipleChoiceField(label=_("协办"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = persons_with(enterprise.contacts.filter(ended_at=None).values("person_id")).order_by("pk")
        departments = departments_of(enterprise.community.district_id)
        self.fields["asker"].queryset = people
        self.fields["lead_department"].queryset = departments
        self.fields["support_departments"].queryset = departments

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("then") == "on_site" and not said.get("on_site_answer", "").strip():
            self.add_error("on_site_answer", _("请写下当场是怎么答复的。"))
        if said.get("then") == "dispatch" and not said.get("lead_department"):
            self.add_error("lead_department", _("请选主办部门。"))
        return said

    @property
    def matter(self) -> Matter:
        """The words for `write_note`."""
        said = self.cleaned_data
        is_dispatched = said["then"] == "dispatch"
        return Matter(
            client_uuid=said["client_uuid"],
            text=said["text"],
            nature=said["nature"],
            urgency=said["urgency"],
            in_name_of_enterprise=said["whose"] == "enterprise",
            asker_id=said["asker"].pk if said["asker"] else None,
            asker_name=said["asker_name"],
            asker_mobile=said["asker_mobile"],
            is_confidential=said["whose"] == "person",
            on_site_answer=said["on_site_answer"] if said["then"] == "on_site" else "",
            on_site_outcome=said["on_site_outcome"] or Case.Outcome.SOLVED,
            lead_department_id=said["lead_department"].pk if is_dispatched else None,
            support_department_ids=[department.pk for department in said["support_departments"]] if is_dispatched else [],
        )


MatterFormSet = forms.formset_factory(MatterForm, extra=0, max_num=MATTERS_AT_MOST, validate_max=True)
