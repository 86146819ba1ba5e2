"""The auditor's pages: what happened, whether it is whole, and the sealed blocks."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingyan.kernel.access import needs, one
from lingyan.ledger.access import visible_blocks, visible_entries
from lingyan.ledger.forms import EntryFilter
from lingyan.ledger.models import Block, Entry
from lingyan.ledger.reads import in_words, verify
from lingyan.ledger.services import record

PAGE = 50
MOST = 10_000
# 100 blocks are 50,000 entries: some seconds. All of a big ledger is for `lingyan ledger verify`.
BLOCKS_READ_BY_PAGE = 100


class NewestPaginator(Paginator):
    """Pages of the newest MOST entries: no page has to count a ledger of millions."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Entry] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: MOST + 1].count()


@needs("ledger.view_entry")
@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    form = EntryFilter(request.GET)
    rows = form.narrowed(visible_entries(request.user).order_by("-at", "-pk"))
    page = NewestPaginator(rows, PAGE).get_page(request.GET.get("page"))
    chosen = {name: value for name in form.fields if (value := request.GET.get(name, "").strip())}
    loosen = [
        {"label": form.fields[name].label, "url": f"{request.path}?{urlencode({other: value for other, value in chosen.items() if other != name})}"}
        for name in chosen
    ]
    context = {
        "form": form,
        "page": page,
        "lines": in_words(page.object_list),
        "chosen": chosen,
        "loosen": loosen,
        "is_cut": page.paginator.count > MOST,
        "most": MOST,
    }
    return render(request, "ledger/entry_list.html", context)


@needs("ledger.view_entry")
@require_POST
def ledger_verify(request: HttpRequest) -> HttpResponse:
    """Read the newest blocks and say whether they are as they were written. That somebody asked is an entry of its own."""
    verdict = verify(newest_blocks=BLOCKS_READ_BY_PAGE)
    record(actor=request.user, verb="ledger.verified", target=None, fields={"faults": len(verdict.faults)})
    context = {"verdict": verdict, "faults": verdict.faults[:50], "more_faults": max(0, len(verdict.faults) - 50), "back": reverse("ledger:list")}
    template = "ledger/verdict.html#verdict" if request.htmx else "ledger/verdict.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@needs("ledger.view_entry")
@require_safe
def block_detail(request: HttpRequest, block_id: int) -> HttpResponse:
    block = one(visible_blocks(request.user), block_id)
    lines = in_words(list(visible_entries(request.user).filter(block=block).order_by("-pk")))
    context = {
        "sealed": block,  # `block` means something else inside a template
        "before": Block.objects.filter(digest=block.previous).first(),
        "after": Block.objects.filter(previous=block.digest).first(),
        "lines": lines,
        "hidden": block.entry_count - len(lines),
        "heading": _("第 %(block)d 块") % {"block": block.pk},
    }
    return render(request, "ledger/block_detail.html", context)
