"""Other persons: who is here, what they are, and how they get in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingyan.kernel.access import needs, one
from lingyan.kernel.refusals import Forbidden, refusals_on
from lingyan.people import reads, services
from lingyan.people.access import manages, may_appoint, visible_memberships, visible_persons
from lingyan.people.forms import PersonForm, ReasonForm, ScopeForm
from lingyan.people.models import Person, Role
from lingyan.people.pictures import qr
from lingyan.people.services.locks import key_of, locked_until
from lingyan.people.services.memberships import appointable_roles
from lingyan.people.services.totp import has_totp

PAGE_SIZE = 50


@needs("people.view_person")
def person_list(request: HttpRequest) -> HttpResponse:
    actor = request.user
    q, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    rows = reads.persons_matching(visible_persons(actor), q)
    if role in Role.values:
        rows = rows.filter(Exists(visible_memberships(actor).filter(person=OuterRef("pk"), role=role, ended_at=None)))
    page = Paginator(rows.order_by("name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    roles = reads.role_lines(page.object_list)
    persons = [{"person": person, "roles": roles[person.pk], "mobile": reads.masked_mobile(person.mobile)} for person in page.object_list]
    options = [{"value": "", "label": _("所有身份"), "selected": not role}]
    options += [{"value": each.value, "label": each.label, "selected": each.value == role} for each in Role]
    filters = {"selects": [{"name": "role", "label": _("身份"), "options": options}], "keep": {"q": q} if q else {}}
    loosen = [{"label": _("看所有身份"), "url": f"?{urlencode({'q': q})}"}] if role and q else []
    loosen += [{"label": _("看所有人"), "url": request.path}] if role or q else []
    context = {"page": page, "persons": persons, "q": q, "filters": filters, "loosen": loosen, "may_add": actor.may("people.add_person")}
    return render(request, "people/person_list.html", context)


@needs("people.view_person")
def person_detail(request: HttpRequest, person_id: int) -> HttpResponse:
    person = one(visible_persons(request.user), person_id)
    return render(request, "people/person_detail.html", detail(request.user, person, ReasonForm()))


def detail(actor: Person, person: Person, reason_form: ReasonForm, revealed: str = "") -> dict[str, Any]:
    """What the page of a person shows to `actor`, and which of its buttons there are."""
    visible = reads.with_scope_names(visible_memberships(actor).filter(person=person).select_related("granted_by").order_by("-pk"))
    active = [membership for membership in visible if membership.ended_at is None]
    for membership in active:
        membership.may_end = person.pk != actor.pk and may_appoint(actor, membership.role, membership.scope_kind, membership.scope_id)
    managed = manages(actor, person)
    until = locked_until(key_of(person))
    return {
        "person": person,
        "memberships": active,
        "ended": [membership for membership in visible if membership.ended_at is not None],
        "elsewhere": len(person.active_memberships) - len(active),
        "mobile": revealed or reads.masked_mobile(person.mobile),
        "is_revealed": bool(revealed),
        "reason_form": reason_form,
        "locked_until": until,
        "has_totp": has_totp(person),
        "open_invitation": reads.open_invitation_of(person),
        "may_grant": person.pk != actor.pk and actor.may("people.grant_membership") and bool(appointable_roles(actor)),
        "may_invite": managed and person.is_active and actor.may("people.add_person"),
        "may_unlock": bool(until) and actor.may("people.unlock_person"),
        "may_remove_totp": managed and actor.may("people.unlock_person"),
        "may_disable": managed and actor.may("people.grant_membership"),
        "may_reveal": bool(person.mobile) and not revealed and actor.may("people.reveal_mobile"),
    }


def chosen_role(request: HttpRequest) -> Role | None:
    """The role somebody has picked on the page before, if they may give it."""
    picked = request.GET.get("role", "")
    return next((role for role in appointable_roles(request.user) if role == picked), None)


def scope_form_context(request: HttpRequest, role: Role) -> dict[str, Any]:
    """The scopes on offer, and whether there are more than the form shows."""
    q = request.GET.get("scope_q", "").strip()[:60]
    scopes = reads.scope_choices(request.user, role, q, most=reads.MOST_CHOICES + 1)
    return {"role": role, "scopes": scopes[: reads.MOST_CHOICES], "are_more": len(scopes) > reads.MOST_CHOICES, "scope_q": q}


@needs("people.add_person")
def person_add(request: HttpRequest) -> HttpResponse:
    role = chosen_role(request)
    if role is None:
        return render(request, "people/person_add_role.html", {"roles": role_choices(request), "person": None})
    context = scope_form_context(request, role)
    form = PersonForm(request.POST or None, role=role, scopes=context["scopes"])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_on(form):
            kind, scope_id = form.scope_pair
            person = services.add_person(
                actor=request.user,
                name=values["name"],
                mobile=values["mobile"],
                username=values["username"],
                role=role,
                scope_kind=kind,
                scope_id=scope_id,
                title=values["title"],
            )
            messages.success(request, _("%(name)s 建好了。还没有密码，发一个邀请链接就能登录。") % {"name": person.name})
            return redirect("people:detail", person_id=person.pk)
    return render(request, "people/person_add.html", context | {"form": form}, status=422 if form.is_bound else 200)


def role_choices(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"role": role, "icon": reads.ROLE_ICONS[role], "url": f"?{urlencode({'role': role.value})}"} for role in appointable_roles(request.user)]


@needs("people.grant_membership")
def membership_grant(request: HttpRequest, person_id: int) -> HttpResponse:
    person = one(visible_persons(request.user), person_id)
    role = chosen_role(request)
    if role is None:
        return render(request, "people/person_add_role.html", {"roles": role_choices(request), "person": person})
    context = scope_form_context(request, role)
    form = ScopeForm(request.POST or None, role=role, scopes=context["scopes"])
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            kind, scope_id = form.scope_pair
            services.grant_membership(actor=request.user, person=person, role=role, scope_kind=kind, scope_id=scope_id, title=form.cleaned_data["title"])
            messages.success(request, _("%(name)s 现在是%(role)s。") % {"name": person.name, "role": role.label})
            return redirect("people:detail", person_id=person.pk)
    return render(request, "people/membership_grant.html", context | {"form": form, "person": person}, status=422 if form.is_bound else 200)


@needs("people.view_person")
@require_POST
def membership_end(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = services.end_membership(actor=request.user, membership_id=membership_id)
    messages.success(request, _("%(role)s的身份结束了。") % {"role": membership.get_role_display()})
    return redirect("people:detail", person_id=membership.person_id)


@needs("people.add_person")
@require_POST
def person_invite(request: HttpRequest, person_id: int) -> HttpResponse:
    person = one(visible_persons(request.user, "people.add_person"), person_id)
    secret = services.invite(actor=request.user, person=person)
    path = reverse("people:invitation", args=[secret])
    address = f"{settings.ORIGIN}{path}" if settings.ORIGIN else request.build_absolute_uri(path)
    return render(request, "people/person_invite.html", {"person": person, "address": address, "picture": qr(address, _("邀请链接的二维码"))})


@needs("people.unlock_person")
@require_POST
def person_unlock(request: HttpRequest, person_id: int) -> HttpResponse:
    person = services.unlock_person(actor=request.user, person_id=person_id)
    messages.success(request, _("%(name)s 可以登录了。") % {"name": person.name})
    return redirect("people:detail", person_id=person.pk)


@needs("people.unlock_person")
@require_POST
def person_totp_remove(request: HttpRequest, person_id: int) -> HttpResponse:
    person = services.remove_totp_of(actor=request.user, person_id=person_id)
    messages.success(request, _("%(name)s 登录只要密码了。") % {"name": person.name})
    return redirect("people:detail", person_id=person.pk)


@needs("people.grant_membership")
@require_POST
def person_disable(request: HttpRequest, person_id: int) -> HttpResponse:
    person = services.disable_person(actor=request.user, person_id=person_id)
    messages.success(request, _("%(name)s 停用了，已经退出所有登录。") % {"name": person.name})
    return redirect("people:detail", person_id=person.pk)


@needs("people.grant_membership")
@require_POST
def person_enable(request: HttpRequest, person_id: int) -> HttpResponse:
    person = services.enable_person(actor=request.user, person_id=person_id)
    messages.success(request, _("%(name)s 恢复了。") % {"name": person.name})
    return redirect("people:detail", person_id=person.pk)


@needs("people.reveal_mobile")
@require_POST
def person_mobile(request: HttpRequest, person_id: int) -> HttpResponse:
    person = one(visible_persons(request.user, "people.reveal_mobile"), person_id)
    if not request.user.may("people.view_person"):
        raise Forbidden("people.view_person", _("您的身份不能查看人员。"))
    form, revealed = ReasonForm(request.POST), ""
    if form.is_valid():
        with refusals_on(form):
            revealed = services.reveal_mobile(person_id=person.pk, actor=request.user, reason=form.cleaned_data["reason"])
    context = detail(request.user, person, ReasonForm() if revealed else form, revealed)
    return render(request, "people/person_detail.html", context, status=200 if revealed else 422)
