"""The notebook: choose the enterprise, write, read again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lingyan.cases.reads import lines_of, with_lines
from lingyan.files.reads import attachments_of, file_drop
from lingyan.files.services import check_all
from lingyan.kernel.access import needs, one
from lingyan.kernel.paging import page_of
from lingyan.kernel.refusals import Refused
from lingyan.registry.access import enterprises_of
from lingyan.visits import reads, services
from lingyan.visits.access import visible_notes
from lingyan.visits.forms import MATTERS_AT_MOST, MatterFormSet, NoteForm

PAGE_SIZE = 40


@needs("visits.view_note")
@require_safe
def note_list(request: HttpRequest) -> HttpResponse:
    notes = visible_notes(request.user)
    q, enterprise, mine = request.GET.get("q", "").strip()[:60], request.GET.get("enterprise", ""), request.GET.get("mine", "")
    if q:
        notes = notes.filter(Q(enterprise__short_name__icontains=q) | Q(heard__icontains=q) | Q(seen__icontains=q) | Q(thought__icontains=q))
    if enterprise.isdecimal() and len(enterprise) < 19:
        notes = notes.filter(enterprise_id=int(enterprise))
    if mine:
        notes = notes.filter(author=request.user)
    page = page_of(reads.with_rows(notes).order_by("-visited_at", "-pk"), request.GET.get("page"), PAGE_SIZE)
    filters = {
        "chips": [
            {"label": _("全部"), "url": "?", "on": not mine, "count": None},
            {"label": _("我写的"), "url": "?mine=1", "on": bool(mine), "count": None},
        ],
        "selects": [],
        "keep": {},
    }
    rows = [reads.row_of(note) for note in page.object_list]
    return render(request, "visits/note_list.html", {"rows": rows, "page": page, "q": q, "filters": filters, "is_narrowed": bool(q or enterprise or mine)})


@needs("visits.write_note")
@require_safe
def note_choose(request: HttpRequest) -> HttpResponse:
    """Which enterprise: by search, and those visited longest ago first."""
    if request.GET.get("enterprise", "").isdecimal():
        return redirect("visits:write_at", enterprise_id=int(request.GET["enterprise"]))
    q = request.GET.get("q", "").strip()[:60]
    enterprises = enterprises_of(request.user, "visits.write_note").select_related("grid", "grid__leader")
    if q:
        enterprises = enterprises.filter(Q(short_name__icontains=q) | Q(name__icontains=q) | Q(credit_code__startswith=q.upper()))
    enterprises = enterprises.annotate(last_visit=reads.last_visit_at_enterprise())
    page = page_of(enterprises.order_by(F("last_visit").asc(nulls_first=True), "pk"), request.GET.get("page"), PAGE_SIZE)
    return render(request, "visits/note_choose.html", {"page": page, "q": q})


@needs("visits.write_note")
@require_http_methods(["GET", "POST"])
def note_write(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    enterprise = one(enterprises_of(request.user, "visits.write_note").select_related("community", "grid"), enterprise_id)
    form = NoteForm(request.POST or None, actor=request.user, enterprise=enterprise)
    matters = MatterFormSet(request.POST or None, prefix="matter", initial=[{}] * rows_asked_for(request), form_kwargs={"enterprise": enterprise})
    adding = "add" in request.POST
    if request.POST and not adding and form.is_valid() and matters.is_valid():
        written = [matter for matter in matters if matter.cleaned_data.get("text", "").strip()]
        try:
            files = check_all(request.FILES.getlist("files"))
            asked = [matter.matter for matter in written]
            note = services.write_note(actor=request.user, enterprise_id=enterprise.pk, matters=asked, files=files, **form.written)
        except Refused as refused:
            place(refused, form, written)
        else:
            count = note.requests.count()
            messages.success(request, ngettext("记好了，%(n)d 件诉求。", "记好了，%(n)d 件诉求。", count) % {"n": count} if count else _("记好了。"))
            return redirect("visits:detail", note_id=note.pk)
    if adding:
        matters = one_more(request, enterprise)
    context = {"form": form, "matters": matters, "enterprise": enterprise, "may_add": matters.total_form_count() < MATTERS_AT_MOST, "drop": file_drop()}
    return render(request, "visits/note_write.html", context, status=422 if request.POST and not adding else 200)


def rows_asked_for(request: HttpRequest) -> int:
    """How many empty matters the page shall draw (?rows=2), for text that the browser has kept."""
    rows = request.GET.get("rows", "")
    return min(int(rows), MATTERS_AT_MOST) if rows.isdecimal() and len(rows) < 4 else 0


def one_more(request: HttpRequest, enterprise: Any) -> Any:
    """The matters as typed, and an empty one more; nothing is checked yet."""
    values = request.POST.copy()
    count = int(values.get("matter-TOTAL_FORMS", "0") if values.get("matter-TOTAL_FORMS", "0").isdecimal() else 0)
    initial = [
        {
            name: values.getlist(f"matter-{index}-{name}") if name == "support_departments" else values.get(f"matter-{index}-{name}")
            for name in MatterFormSet.form.base_fields
        }
        for index in range(min(count, MATTERS_AT_MOST - 1))
    ]
    said = {"text": values.get("heard", "").strip()} if not initial else {}  # the first matter is mostly what was just written down
    return MatterFormSet(prefix="matter", initial=[*initial, said], form_kwargs={"enterprise": enterprise})


def place(refused: Refused, form: NoteForm, written: list[Any]) -> None:
    """Show a refusal where it belongs: "matter-<index>-<field>" on that matter, a field of the note on the note, else above."""
    name = refused.field or ""
    if name.startswith("matter-"):
        _matter, index, field = name.split("-", 2)
        matter = written[int(index)]
        matter.add_error(field if field in matter.fields else "text", refused.sentence)
    else:
        form.add_error(name if name in form.fields else None, refused.sentence)


@needs("visits.view_note")
@require_safe
def note_detail(request: HttpRequest, note_id: int) -> HttpResponse:
    note = one(visible_notes(request.user).select_related("enterprise", "author").prefetch_related("companions"), note_id)
    lines = lines_of(with_lines(reads.cases_of(note, request.user)), request.user)
    return render(request, "visits/note_detail.html", {"note": note, "lines": lines, "files": attachments_of(note), "back": reverse("visits:list")})
