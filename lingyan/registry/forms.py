"""What somebody fills in. Lengths and rules are the services' to judge, so that a long text is refused with a sentence and never cut."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingyan.kernel.refusals import Refused
from lingyan.people.models import Person
from lingyan.registry.access import communities_of, grids_of
from lingyan.registry.credit_code import checked
from lingyan.registry.models import Enterprise, EnterpriseContact, Grid, IndustrialCommunity
from lingyan.registry.reads import leader_candidates


def words(label: Any, *, needed: Any = "", help: Any = "", **attributes: str) -> forms.CharField:
    """A line of text; `needed` is the sentence when it is missing, without it the line may stay empty."""
    return forms.CharField(
        label=label,
        required=bool(needed),
        error_messages={"required": needed},
        help_text=help,
        widget=forms.TextInput(attrs={"autocomplete": "off"} | attributes),
    )


class EnterpriseForm(forms.Form):
    credit_code = words(
        _("统一社会信用代码"), needed=_("请写统一社会信用代码，营业执照上有。"), help=_("18 位，在营业执照上；小写、带空格都行。"), spellcheck="false"
    )
    name = words(_("名称"), needed=_("请写企业名称。"), help=_("营业执照上的全称。"))
    short_name = words(_("简称"), help=_("平时怎么叫，名单里就怎么写；不写就用全称的前 30 个字。"))
    community = forms.ChoiceField(label=_("社区"), error_messages={"required": _("请选社区。"), "invalid_choice": _("请从名单里选社区。")})
    grid = forms.ChoiceField(label=_("网格"), required=False, error_messages={"invalid_choice": _("请从名单里选网格。")})
    address = words(_("地址"))
    industry = words(_("行业"))
    headcount = forms.IntegerField(
        label=_("职工人数"),
        required=False,
        error_messages={"invalid": _("职工人数写整数，如 186。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, actor: Person, enterprise: Enterprise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if enterprise:
            grids = Grid.objects.filter(community_id=enterprise.community_id)
            del self.fields["community"]
        else:
            communities = list(communities_of(actor, "registry.edit_enterprise").order_by("pk"))
            grids = grids_of(actor, "registry.edit_enterprise")
            self.fields["community"].choices = [(community.pk, community.name) for community in communities]  # type: ignore[attr-defined]
            if len(communities) == 1:
                self.fields["community"].widget = forms.HiddenInput()
                self.fields["community"].initial = communities[0].pk
        self.grids = list(grids.select_related("community").order_by("community_id", "pk"))
        several = len({grid.community_id for grid in self.grids}) > 1
        labels = [(grid.pk, f"{grid.community.short_name}·{grid.name}" if several else grid.name) for grid in self.grids]
        self.fields["grid"].choices = [("", _("还没分")), *labels]  # type: ignore[attr-defined]

    def clean_credit_code(self) -> str:
        """Wrong figures are said in the same round as everything else; the service checks again."""
        try:
            return checked(self.cleaned_data["credit_code"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        grid_id, community_id = values.get("grid"), values.get("community")
        if grid_id and community_id and not any(str(grid.pk) == grid_id and str(grid.community_id) == community_id for grid in self.grids):
            self.add_error("grid", _("这个网格不在所选的社区里，请重选。"))
        return values

    def changes(self) -> dict[str, Any]:
        """The values as the services take them."""
        values = dict(self.cleaned_data)
        values["grid_id"] = int(values.pop("grid")) if values.get("grid") else values.pop("grid", None) or None
        values.pop("community", None)
        return values

    @staticmethod
    def initial_of(enterprise: Enterprise) -> dict[str, Any]:
        kept = {name: getattr(enterprise, name) for name in ("name", "short_name", "credit_code", "industry", "address", "headcount")}
        return kept | {"grid": str(enterprise.grid_id or "")}  # as the browser sends it, so that an untouched choice is no change


class ContactForm(forms.Form):
    name = words(_("姓名"), needed=_("请写姓名。"))
    mobile = words(_("手机号"), needed=_("请写手机号：用它登录，也用它认人。"), inputmode="tel")
    capacity = forms.ChoiceField(
        label=_("职责"),
        choices=EnterpriseContact.Capacity.choices,
        initial=EnterpriseContact.Capacity.OWNER,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选这位联系人的职责。"), "invalid_choice": _("请从名单里选职责。")},
    )
    remark = words(_("备注"), help=_("如“上午好找”。"))
    same_person = forms.CharField(required=False, widget=forms.HiddenInput)


class MicroGridForm(forms.Form):
    name = words(_("微网格名称"), needed=_("请写微网格的名称，如“一车间”。"))


class CommunityForm(forms.Form):
    name = words(_("名称"), needed=_("请写社区名称。"))
    short_name = words(_("简称"), needed=_("请写简称，诉求编号以它开头。"), help=_("写在诉求编号前面，如“灵峰”。定了就不能改：给出去的编号以它开头。"))
    subdistrict = words(_("街道"))
    telephone = words(_("电话"), inputmode="tel")
    address = words(_("服务中心地址"))

    def __init__(self, *args: Any, community: IndustrialCommunity | None = None, districts: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if community:
            del self.fields["short_name"]
        elif districts and len(districts) > 1:
            self.fields["district"] = forms.ChoiceField(label=_("区"), choices=districts, error_messages={"invalid_choice": _("请从名单里选区。")})


class GridForm(forms.Form):
    name = words(_("名称"), needed=_("请写网格名称，如“二网格”。"))
    leader = forms.ChoiceField(
        label=_("网格长"), required=False, help_text=_("从这个社区的社工、书记、下沉干部里选。"), error_messages={"invalid_choice": _("请从名单里选网格长。")}
    )

    def __init__(self, *args: Any, community_id: int, leader: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {person.pk: person for person in [*leader_candidates(community_id), *([leader] if leader else [])]}
        self.fields["leader"].choices = [("", _("还没有"))] + [(pk, person.name) for pk, person in self.candidates.items()]  # type: ignore[attr-defined]

    def leader_id(self) -> int | None:
        return int(self.cleaned_data["leader"]) if self.cleaned_data["leader"] else None


class DepartmentForm(forms.Form):
    telephone = words(_("电话"), inputmode="tel")


class ReasonForm(forms.Form):
    reason = words(_("为什么要看"), needed=_("请写一句为什么要看，会留下记录。"), help=_("会和您的名字、时间一起记进流水账。"))
