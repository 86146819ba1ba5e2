"""The inbox: a person's own messages, newest first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingyan.kernel.access import signed_in
from lingyan.notices import services
from lingyan.notices.access import visible_notices
from lingyan.notices.reads import inbox_row, unread

PAGE = 30


@signed_in
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    only_new = request.GET.get("new") == "1"
    notices = visible_notices(request.user).order_by("-created_at", "-pk")  # type: ignore[arg-type]
    new = unread(request.user).count()  # type: ignore[arg-type]
    page = Paginator(notices.filter(read_at=None) if only_new else notices, PAGE).get_page(request.GET.get("page"))
    chips = [
        {"label": _("全部"), "url": reverse("notices:inbox"), "on": not only_new, "count": None},
        {"label": _("没看过"), "url": reverse("notices:inbox") + "?new=1", "on": only_new, "count": new},
    ]
    context = {"page": page, "rows": [inbox_row(notice) for notice in page.object_list], "new": new, "only_new": only_new, "filters": {"chips": chips}}
    return render(request, "notices/notice_list.html", context)


@signed_in
@require_safe
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Opening notes that it was seen, and leads to the page it is about; only to a page of this installation."""
    notice = services.read_notice(notice_id=notice_id, actor=request.user)
    if notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices:inbox")


@signed_in
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    seen = services.read_all_notices(actor=request.user)
    messages.success(request, _("%(n)d 条都记作看过了。") % {"n": seen} if seen else _("没有没看过的消息。"))
    return redirect("notices:inbox")
