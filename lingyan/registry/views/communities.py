"""Communities and their grids, and the departments of the district."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingyan.kernel.access import needs, one
from lingyan.kernel.refusals import NotVisible, refusals_on
from lingyan.people.models import Person
from lingyan.registry import services
from lingyan.registry.access import communities_of, departments_of, grids_of, visible_communities, visible_departments
from lingyan.registry.forms import CommunityForm, DepartmentForm, GridForm
from lingyan.registry.models import District
from lingyan.registry.reads import communities_with_figures, grids_with_figures


def districts_to_build_in(actor: Person) -> list[District]:
    """The districts in which this person may make communities."""
    return list(District.objects.filter(pk__in=actor.scopes("registry.edit_community").of("district")).order_by("pk"))


@needs("registry.view_community")
@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    may_add = bool(actor.scopes("registry.edit_community").of("district"))
    communities = list(communities_with_figures(visible_communities(actor).select_related("district")))
    if len(communities) == 1 and not may_add:
        return redirect("registry:community", community_id=communities[0].pk)
    return render(request, "registry/community_list.html", {"communities": communities, "may_add": may_add})


@needs("registry.view_community")
@require_safe
def community_detail(request: HttpRequest, community_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    community = one(communities_with_figures(visible_communities(actor).select_related("district")), community_id)
    grids = list(grids_with_figures(community))
    scopes, seen = actor.scopes("registry.edit_community"), actor.scopes("registry.view_community")
    return render(
        request,
        "registry/community_detail.html",
        {
            "community": community,
            "grids": grids,
            "micro_grid_count": sum(grid.micro_grid_count for grid in grids),
            "ungridded": community.enterprise_count - sum(grid.enterprise_count for grid in grids),
            "has_others": bool(seen.of("district")) or len(seen.of("community")) > 1,
            "may_edit": community.pk in scopes.of("community") or community.district_id in scopes.of("district"),
        },
    )


@needs("registry.edit_community")
@require_http_methods(["GET", "HEAD", "POST"])
def community_create(request: HttpRequest) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    districts = districts_to_build_in(actor)
    if not districts:
        raise NotVisible
    form = CommunityForm(request.POST or None, districts=[(district.pk, district.name) for district in districts])
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        district_id = int(values.pop("district", districts[0].pk))
        with refusals_on(form):
            community = services.create_community(actor=actor, district_id=district_id, **values)
            messages.success(request, _("建好了：%(name)s。接着分网格。") % {"name": community.name})
            return redirect("registry:community", community_id=community.pk)
    context = {
        "form": form,
        "heading": _("建社区"),
        "back": reverse("registry:communities"),
        "back_text": _("社区和网格"),
        "yes": _("建社区"),
        "keep": "community",
    }
    return render(request, "registry/small_form.html", context, status=422 if form.errors else 200)


@needs("registry.edit_community")
@require_http_methods(["GET", "HEAD", "POST"])
def community_change(request: HttpRequest, community_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    community = one(communities_of(actor, "registry.edit_community"), community_id)
    initial = {name: getattr(community, name) for name in ("name", "subdistrict", "telephone", "address")}
    form = CommunityForm(request.POST or None, community=community, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            if changed:
                services.change_community(actor=actor, community_id=community.pk, **changed)
            messages.success(request, _("改好了。") if changed else _("没有改动。"))
            return redirect("registry:community", community_id=community.pk)
    back = reverse("registry:community", args=[community.pk])
    context = {"form": form, "heading": _("改社区资料"), "back": back, "back_text": initial["name"], "yes": _("保存"), "keep": "community"}
    return render(request, "registry/small_form.html", context, status=422 if form.errors else 200)


@needs("registry.edit_community")
@require_http_methods(["GET", "HEAD", "POST"])
def grid_create(request: HttpRequest, community_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    community = one(communities_of(actor, "registry.edit_community"), community_id)
    form = GridForm(request.POST or None, community_id=community.pk)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            leader = form.candidates.get(form.leader_id() or 0)
            grid = services.create_grid(actor=actor, community_id=community.pk, name=form.cleaned_data["name"], leader=leader)
            messages.success(request, _("建好了：%(name)s。") % {"name": grid.name})
            return redirect("registry:community", community_id=community.pk)
    back = reverse("registry:community", args=[community.pk])
    context = {"form": form, "heading": _("建网格"), "back": back, "back_text": community.name, "yes": _("建网格"), "keep": "grid"}
    return render(request, "registry/small_form.html", context, status=422 if form.errors else 200)


@needs("registry.edit_community")
@require_http_methods(["GET", "HEAD", "POST"])
def grid_change(request: HttpRequest, grid_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    grid = one(grids_of(actor, "registry.edit_community").select_related("leader", "community"), grid_id)
    initial = {"name": grid.name, "leader": str(grid.leader_id or "")}
    form = GridForm(request.POST or None, community_id=grid.community_id, leader=grid.leader, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            if form.changed_data:
                services.change_grid(actor=actor, grid_id=grid.pk, name=form.cleaned_data["name"], leader_id=form.leader_id())
            messages.success(request, _("改好了。") if form.changed_data else _("没有改动。"))
            return redirect("registry:community", community_id=grid.community_id)
    back = reverse("registry:community", args=[grid.community_id])
    context = {"form": form, "heading": initial["name"], "back": back, "back_text": grid.community.name, "yes": _("保存"), "keep": "grid"}
    return render(request, "registry/small_form.html", context, status=422 if form.errors else 200)


@needs("registry.view_department")
@require_safe
def department_list(request: HttpRequest) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    departments = list(visible_departments(actor).order_by("district_id", "position", "pk"))
    editable = actor.scopes("registry.edit_department").of("district")
    rows = [{"department": department, "may_edit": department.district_id in editable} for department in departments]
    return render(request, "registry/department_list.html", {"rows": rows, "may_edit": bool(editable)})


@needs("registry.edit_department")
@require_http_methods(["GET", "HEAD", "POST"])
def department_change(request: HttpRequest, department_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    department = one(departments_of(actor, "registry.edit_department"), department_id)
    form = DepartmentForm(request.POST or None, initial={"telephone": department.telephone})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.change_department(actor=actor, department_id=department.pk, telephone=form.cleaned_data["telephone"])
            messages.success(request, _("记下了%(name)s的电话。") % {"name": department.short_name})
            return redirect("registry:departments")
    context = {
        "form": form,
        "heading": department.short_name,
        "back": reverse("registry:departments"),
        "back_text": _("部门"),
        "yes": _("保存"),
        "keep": "department",
    }
    return render(request, "registry/small_form.html", context, status=422 if form.errors else 200)
