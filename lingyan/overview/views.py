"""The home of each person, and the search box."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingyan.cases.access import visible_cases
from lingyan.cases.reads import lines_of, with_lines
from lingyan.kernel.access import signed_in
from lingyan.kernel.clock import now
from lingyan.kernel.wires import load, wire
from lingyan.overview import homes
from lingyan.registry.access import visible_enterprises

FOUND_AT_MOST = 20


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    role = homes.first_role(request.user)
    if role is None:
        return render(request, "overview/home_nobody.html", {"today": now()})
    template, reader = wire("HOMES")[role]
    return render(request, template, {"today": now(), **load(reader)(request.user)})


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A case number jumps to the case; other words find cases by title and enterprises by name, among what the viewer may see."""
    q = request.GET.get("q", "").strip()[:60]
    cases, enterprises = [], []
    if q:
        jump = visible_cases(request.user).filter(number__iexact=q).first()
        if jump:
            return redirect("cases:detail", case_id=jump.pk)
        found = visible_cases(request.user).filter(Q(title__icontains=q) | Q(number__icontains=q))
        cases = [line.row for line in lines_of(with_lines(found).order_by("-opened_at")[:FOUND_AT_MOST], request.user)]
        matching = visible_enterprises(request.user).filter(Q(short_name__icontains=q) | Q(name__icontains=q) | Q(credit_code__startswith=q.upper()))
        enterprises = [
            {"icon": "factory", "title": enterprise.short_name, "lines": [enterprise.name], "url": reverse("registry:enterprise", args=[enterprise.pk])}
            for enterprise in matching.order_by("short_name")[:FOUND_AT_MOST]
        ]
    return render(request, "overview/search.html", {"q": q, "cases": cases, "enterprises": enterprises})
