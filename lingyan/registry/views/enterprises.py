"""Enterprises: the list, the page of one, adding, changing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingyan.kernel.access import needs, one
from lingyan.kernel.refusals import refusals_on
from lingyan.kernel.wires import load, wire
from lingyan.people.access import visible_persons
from lingyan.people.models import Person
from lingyan.people.reads import masked_mobile
from lingyan.registry import services
from lingyan.registry.access import enterprises_of, holds_over, visible_enterprises, visible_grids, visible_micro_grids
from lingyan.registry.forms import EnterpriseForm, MicroGridForm
from lingyan.registry.models import Enterprise, Grid
from lingyan.registry.reads import enterprises_matching, present_contacts
from lingyan.registry.wording import one_line

PAGE = 50


def as_key(text: str) -> int | None:
    """A key from the address, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def address(request: HttpRequest, **changes: Any) -> str:
    """This list with some filters changed and the others kept; an empty value takes a filter away."""
    kept = {name: request.GET[name] for name in ("q", "grid") if request.GET.get(name)} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path


@needs("registry.view_enterprise")
@require_safe
def enterprise_list(request: HttpRequest) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    scopes = actor.scopes("registry.view_enterprise")
    only = scopes.of("enterprise")
    if len(only) == 1 and not scopes.of("community") and not scopes.of("district"):
        return redirect("registry:enterprise", enterprise_id=next(iter(only)))
    q = one_line(request.GET.get("q", ""))[:100]
    grids = list(visible_grids(actor).select_related("community").order_by("community_id", "pk"))
    several = len({grid.community_id for grid in grids}) > 1
    chosen = request.GET.get("grid", "")
    rows = enterprises_matching(visible_enterprises(actor), q)
    if chosen == "none":
        rows = rows.filter(grid=None)
    elif as_key(chosen):
        rows = rows.filter(grid_id=as_key(chosen))
    page = Paginator(rows.select_related("grid", "community").order_by("community_id", "short_name", "pk"), PAGE).get_page(request.GET.get("page"))
    loosen = [{"label": _("搜“%(words)s”") % {"words": q}, "url": address(request, q="")}] if q else []
    if chosen:
        loosen.append({"label": _("网格"), "url": address(request, grid="")})
    options = [("", _("全部")), *((grid.pk, f"{grid.community.short_name}·{grid.name}" if several else grid.name) for grid in grids), ("none", _("还没分"))]
    return render(
        request,
        "registry/enterprise_list.html",
        {
            "page": page,
            "q": q,
            "several": several,
            "has_grids": bool(grids),
            "is_filtered": bool(q or chosen),
            "loosen": loosen,
            "may_add": actor.may("registry.edit_enterprise"),
            "filters": {
                "selects": [
                    {
                        "name": "grid",
                        "label": _("网格"),
                        "options": [{"value": value, "label": label, "selected": str(value) == chosen} for value, label in options],
                    }
                ],
                "keep": {"q": q} if q else {},
            },
        },
    )


def actions_for(actor: Person, enterprise: Enterprise) -> list[dict[str, Any]]:
    """What this person may begin at this enterprise; an action whose page is not built in is left out."""
    found = []
    for action in wire("ENTERPRISE_ACTIONS"):
        if holds_over(actor, action["permission"], enterprise):
            try:
                url = reverse(action["route"])
            except NoReverseMatch:
                continue
            found.append(action | {"url": f"{url}?enterprise={enterprise.pk}"})
    return found


def enterprise_page(request: HttpRequest, enterprise: Enterprise, micro_grid_form: MicroGridForm | None = None) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    may_edit = holds_over(actor, "registry.edit_enterprise", enterprise)
    contacts = present_contacts(enterprise) if holds_over(actor, "registry.view_contact", enterprise) else []
    leader = enterprise.grid.leader if enterprise.grid else None
    persons = {person.pk for person in [*(contact.person for contact in contacts), *([leader] if leader else [])]}
    revealable = (
        set(visible_persons(actor, "people.reveal_mobile").filter(pk__in=persons).values_list("pk", flat=True)) if actor.may("people.reveal_mobile") else set()
    )
    panels = [panel for panel in (load(name)(actor, enterprise) for name in wire("ENTERPRISE_PANELS")) if panel]
    return render(
        request,
        "registry/enterprise_detail.html",
        {
            "enterprise": enterprise,
            "grid": enterprise.grid,
            "leader": leader,
            "leader_mobile": masked_mobile(leader.mobile) if leader else "",
            "contacts": [
                {"contact": contact, "mobile": masked_mobile(contact.person.mobile), "may_reveal": contact.person_id in revealable} for contact in contacts
            ],
            "may_reveal_leader": bool(leader and leader.pk in revealable),
            "micro_grids": visible_micro_grids(actor).filter(enterprise=enterprise).order_by("pk"),
            "micro_grid_form": (micro_grid_form or MicroGridForm()) if may_edit else None,
            "panels": panels,
            "actions": actions_for(actor, enterprise),
            "may_edit": may_edit,
            "may_edit_contacts": holds_over(actor, "registry.edit_contact", enterprise),
            "is_staff": bool(actor.scopes("registry.view_enterprise").of("community") or actor.scopes("registry.view_enterprise").of("district")),
        },
        status=422 if micro_grid_form and micro_grid_form.errors else 200,
    )


def with_surroundings(actor: Person) -> Any:
    return visible_enterprises(actor).select_related("community", "grid__leader")


@needs("registry.view_enterprise")
@require_safe
def enterprise_detail(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    return enterprise_page(request, one(with_surroundings(request.user), enterprise_id))  # type: ignore[arg-type]


@needs("registry.edit_enterprise")
@require_POST
def micro_grid_create(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    enterprise = one(with_surroundings(request.user), enterprise_id)  # type: ignore[arg-type]
    form = MicroGridForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.create_micro_grid(actor=request.user, enterprise_id=enterprise.pk, name=form.cleaned_data["name"])
            messages.success(request, _("加上了微网格“%(name)s”。") % {"name": form.cleaned_data["name"].strip()})
            return redirect(reverse("registry:enterprise", args=[enterprise.pk]) + "#micro-grids")
    return enterprise_page(request, enterprise, form)


@needs("registry.edit_enterprise")
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_create(request: HttpRequest) -> HttpResponse:
    grid = Grid.objects.filter(pk=as_key(request.GET.get("grid", ""))).first()
    initial = {"grid": grid.pk, "community": grid.community_id} if grid else {}
    form = EnterpriseForm(request.POST or None, actor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            enterprise = services.register_enterprise(actor=request.user, community_id=int(form.cleaned_data["community"]), **form.changes())
            messages.success(request, _("登记好了：%(name)s。接着写下找谁。") % {"name": enterprise.short_name})
            return redirect("registry:enterprise", enterprise_id=enterprise.pk)
    return render(
        request,
        "registry/enterprise_form.html",
        {"form": form, "enterprise": None, "back": reverse("registry:enterprises")},
        status=422 if form.errors else 200,
    )


@needs("registry.edit_enterprise")
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_change(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    enterprise = one(enterprises_of(actor, "registry.edit_enterprise").select_related("community"), enterprise_id)
    form = EnterpriseForm(request.POST or None, actor=actor, enterprise=enterprise, initial=EnterpriseForm.initial_of(enterprise))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changed = {("grid_id" if name == "grid" else name): form.changes()["grid_id" if name == "grid" else name] for name in form.changed_data}
            if changed:
                services.change_enterprise(actor=actor, enterprise_id=enterprise.pk, **changed)
            messages.success(request, _("改好了。") if changed else _("没有改动。"))
            return redirect("registry:enterprise", enterprise_id=enterprise.pk)
    back = reverse("registry:enterprise", args=[enterprise.pk])
    return render(request, "registry/enterprise_form.html", {"form": form, "enterprise": enterprise, "back": back}, status=422 if form.errors else 200)
