"""What the auditor looks for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lingyan.kernel.wires import wire
from lingyan.ledger.models import Entry
from lingyan.ledger.reads import kinds
from lingyan.ledger.services import verbs

TARGET = re.compile(r"^(?P<kind>[^\s:：#\d]+)\s*[:：#]?\s*(?P<key>[0-9]{1,18})?$")


def is_a_day_of_ours(value: date) -> None:
    if not 2000 <= value.year < 2200:
        raise forms.ValidationError(_("年份不对，请再看一遍。"))


def day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        validators=[is_a_day_of_ours],
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日子写成 2026-11-24 这样。")},
    )


def begins(value: date) -> datetime:
    """The first moment of a day where the community is."""
    return timezone.make_aware(datetime.combine(value, time.min))


class EntryFilter(forms.Form):
    verb = forms.ChoiceField(label=_("做了什么"), required=False, error_messages={"invalid_choice": _("没有这种动作，请从名单里选。")})
    since = day(_("从哪天"))
    until = day(_("到哪天"))
    actor = forms.CharField(label=_("谁"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("姓名或编号")}))
    target = forms.CharField(label=_("对象"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("如：案件 12")}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = sorted(((verb, f"{label}（{verb}）") for verb, label in verbs().items()), key=lambda pair: pair[0])
        self.fields["verb"].choices = [("", _("全部")), *labels]  # type: ignore[attr-defined]

    def clean_target(self) -> tuple[str, int | None] | None:
        """(model label, key or None) of what is meant: “案件 12”, “cases.case:12”, “案件”."""
        text = self.cleaned_data["target"].strip()
        if not text:
            return None
        found = TARGET.match(text)
        names = {name: label for label, name in kinds().items()} | {label: label for label in kinds()}
        if not found or found["kind"] not in names:
            raise forms.ValidationError(_("对象写类别和编号，如“案件 12”。"))
        return names[found["kind"]], int(found["key"]) if found["key"] else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            self.add_error("until", _("“到哪天”早于“从哪天”，请对调。"))
        return values

    def narrowed(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """The entries that fit what was filled in; a field that could not be read narrows nothing."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        if values.get("verb"):
            entries = entries.filter(verb=values["verb"])
        if values.get("since"):
            entries = entries.filter(at__gte=begins(values["since"]))
        if values.get("until"):
            entries = entries.filter(at__lt=begins(values["until"]) + timedelta(days=1))
        if actor := values.get("actor", "").strip():
            is_key = actor.isascii() and actor.isdigit() and len(actor) < 19
            entries = entries.filter(actor_id__in=[int(actor)] if is_key else wire("ACTOR_IDS")(actor))
        if values.get("target"):
            kind, key = values["target"]
            entries = entries.filter(target_type=kind, **({"target_id": key} if key is not None else {}))
        return entries
