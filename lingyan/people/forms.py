"""What people type about themselves and others. Lengths and rules are in the services; a refusal comes back to its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingyan.people.models import Role, ScopeKind


class Line(forms.CharField):
    """One line. No `maxlength` on the control: a browser would cut without a word what was pasted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["required"] = kwargs.get("error_messages", {}).get("required", _("这一栏要写。"))


class Password(forms.CharField):
    """A password as it is typed, blanks included."""

    def __init__(self, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "data-keep-not": True})
        super().__init__(strip=False, widget=widget, error_messages={"required": _("请写密码。")}, **kwargs)


class SignInForm(forms.Form):
    username = Line(
        label=_("用户名或手机号"),
        error_messages={"required": _("请写用户名或手机号。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = Password("current-password", label=_("密码"))


class CodeForm(forms.Form):
    code = Line(
        label=_("验证码"),
        help_text=_("打开手机上的验证器，写六位数。手机不在身边，就写一个恢复码。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "data-keep-not": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = Password("new-password", label=_("新密码"), help_text=_("至少 10 个字符；大写字母、小写字母、数字、符号至少三样；不要和姓名、手机号像。"))
    again = Password("new-password", label=_("再写一遍"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", gettext("两遍写得不一样，请再写一遍。"))
        return values


class ChangePasswordForm(NewPasswordForm):
    current = Password("current-password", label=_("现在的密码"))
    field_order = ["current", "password", "again"]


class OwnPasswordForm(forms.Form):
    """Somebody signed in shows that it is they."""

    current = Password("current-password", label=_("现在的密码"))


class EnableTotpForm(OwnPasswordForm):
    code = Line(
        label=_("手机上的六位数"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "data-keep-not": True}),
    )
    field_order = ["code", "current"]


class ScopeForm(forms.Form):
    """Over what a role extends, among the scopes the person who appoints may give."""

    scope = forms.ChoiceField(label=_("管到哪里"), error_messages={"required": _("请选范围。"), "invalid_choice": _("这个范围您给不了，请重选。")})
    title = Line(label=_("职务"), required=False, help_text=_("写在名字旁边，如“服务中心·派单”；不写就显示身份。"))

    def __init__(self, *args: Any, role: str, scopes: list[tuple[str, int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = Role(role)
        kinds = {kind for kind, _pk, _name in scopes}
        choices = [(f"{kind}:{pk}", name if len(kinds) == 1 else f"{ScopeKind(kind).label}·{name}") for kind, pk, name in scopes]
        field: Any = self.fields["scope"]
        field.choices = choices if len(choices) == 1 else [("", gettext("请选")), *choices]

    @property
    def scope_pair(self) -> tuple[str, int]:
        kind, _colon, pk = self.cleaned_data["scope"].partition(":")
        return kind, int(pk)


class PersonForm(ScopeForm):
    name = Line(label=_("姓名"), error_messages={"required": _("请写姓名。")}, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    mobile = Line(
        label=_("手机号"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("本人用它登录，别人只看到头尾。没有就给一个用户名。"),
    )
    username = Line(label=_("用户名"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}))
    field_order = ["name", "mobile", "username", "scope", "title"]


class ReasonForm(forms.Form):
    reason = Line(label=_("为什么要看"), error_messages={"required": _("请写一句为什么要看，会留下记录。")}, help_text=_("写一句，会留下记录。"))
