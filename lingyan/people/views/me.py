"""我: who I am here, and how I come in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lingyan.kernel.access import signed_in
from lingyan.kernel.refusals import refusals_on
from lingyan.people import reads, services
from lingyan.people.devices import device_in_words
from lingyan.people.forms import ChangePasswordForm, EnableTotpForm, OwnPasswordForm
from lingyan.people.pictures import app_address, qr
from lingyan.people.services.passwords import check_own_password
from lingyan.people.services.sessions import present_sessions, sessions_of
from lingyan.people.services.totp import has_totp, new_secret, recovery_codes_left

SECRET = "totp_secret"


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    person = request.user
    context = {
        "person": person,
        "memberships": reads.with_scope_names(person.active_memberships),
        "mobile": reads.masked_mobile(person.mobile),
        "has_totp": has_totp(person),
        "session_count": sessions_of(person).count(),
    }
    return render(request, "people/me.html", context)


@signed_in
@sensitive_post_parameters("current", "password", "again")
def password_change(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            ended = services.change_password(request=request, person=request.user, current=form.cleaned_data["current"], password=form.cleaned_data["password"])
            said = _("密码换好了。")
            if ended:
                said += ngettext("别处的 %(n)d 处登录已经退出。", "别处的 %(n)d 处登录已经退出。", ended) % {"n": ended}
            messages.success(request, said)
            return redirect("people:me")
    return render(request, "people/password_change.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@sensitive_post_parameters("current")
def totp(request: HttpRequest) -> HttpResponse:
    if has_totp(request.user):
        context = {"form": OwnPasswordForm(prefix="off"), "codes_form": OwnPasswordForm(prefix="codes"), "left": recovery_codes_left(request.user)}
        return render(request, "people/totp_on.html", context)
    secret = request.session.get(SECRET)
    if not secret:
        secret = request.session[SECRET] = new_secret()
    form = EnableTotpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            check_own_password(person=request.user, password=form.cleaned_data["current"])
            codes = services.enable_totp(actor=request.user, secret=secret, code=form.cleaned_data["code"])
            del request.session[SECRET]
            return render(request, "people/recovery_codes.html", {"codes": codes, "is_new": True})
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"form": form, "secret": " ".join(groups), "picture": qr(app_address(request.user, secret), _("给验证器扫的二维码"))}
    return render(request, "people/totp.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
@sensitive_post_parameters("off-current")
def totp_remove(request: HttpRequest) -> HttpResponse:
    if not has_totp(request.user):
        return redirect("people:totp")
    form = OwnPasswordForm(request.POST, prefix="off")
    if form.is_valid():
        with refusals_on(form):
            check_own_password(person=request.user, password=form.cleaned_data["current"])
            services.disable_totp(actor=request.user)
            messages.success(request, _("动态验证码关了，登录只要密码。"))
            return redirect("people:me")
    context = {"form": form, "codes_form": OwnPasswordForm(prefix="codes"), "left": recovery_codes_left(request.user)}
    return render(request, "people/totp_on.html", context, status=422)


@signed_in
@require_POST
@sensitive_post_parameters("codes-current")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    if not has_totp(request.user):
        return redirect("people:totp")
    form = OwnPasswordForm(request.POST, prefix="codes")
    if form.is_valid():
        with refusals_on(form):
            check_own_password(person=request.user, password=form.cleaned_data["current"])
            return render(request, "people/recovery_codes.html", {"codes": services.renew_recovery_codes(actor=request.user)})
    context = {"form": OwnPasswordForm(prefix="off"), "codes_form": form, "left": recovery_codes_left(request.user)}
    return render(request, "people/totp_on.html", context, status=422)


@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    rows = [
        {"session": row, "device": device_in_words(row.user_agent), "is_current": row.session_key == request.session.session_key}
        for row in present_sessions(request.user)
    ]
    rows.sort(key=lambda row: not row["is_current"])
    return render(request, "people/sessions.html", {"rows": rows, "others": sum(not row["is_current"] for row in rows)})


@signed_in
@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    services.end_session(actor=request.user, session_id=session_id)
    messages.success(request, _("那一处已经退出。"))
    return redirect("people:sessions")


@signed_in
@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    ended = services.end_other_sessions(actor=request.user, session_key=request.session.session_key)
    messages.success(request, ngettext("退出了别处的 %(n)d 处登录。", "退出了别处的 %(n)d 处登录。", ended) % {"n": ended} if ended else _("别处没有登录。"))
    return redirect("people:sessions")
