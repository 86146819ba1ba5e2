"""意见与投诉: from any page, to the district."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingyan.cases import services
from lingyan.cases.access import visible_feedback
from lingyan.cases.forms import FeedbackAnswerForm, FeedbackForm
from lingyan.kernel.access import needs, public, signed_in
from lingyan.kernel.refusals import refusals_on


@public
@require_http_methods(["GET", "POST"])
def feedback_send(request: HttpRequest) -> HttpResponse:
    person = request.user if request.user.is_authenticated else None
    form = FeedbackForm(request.POST or None, initial={"page": urlsplit(request.headers.get("Referer", "")).path})
    if form.is_valid():
        with refusals_on(form):
            services.send_feedback(actor=person, **form.cleaned_data)
            messages.success(request, _("区里收到了，会有人看。"))
            return redirect("cases:feedback_mine" if person else "cases:feedback")
    return render(request, "cases/feedback_send.html", {"form": form, "person": person}, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def feedback_mine(request: HttpRequest) -> HttpResponse:
    rows = visible_feedback(request.user).filter(person=request.user).select_related("answered_by").order_by("-sent_at", "-pk")
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "cases/feedback_mine.html", {"page": page})


@needs("cases.answer_feedback")
@require_safe
def feedback_inbox(request: HttpRequest) -> HttpResponse:
    return inbox(request)


@needs("cases.answer_feedback")
@require_POST
def feedback_answer(request: HttpRequest, feedback_id: int) -> HttpResponse:
    form = FeedbackAnswerForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.answer_feedback(feedback_id=feedback_id, actor=request.user, **form.cleaned_data)
            messages.success(request, _("答复了。"))
            return redirect("cases:feedback_inbox")
    return inbox(request, refused=(feedback_id, form))


def inbox(request: HttpRequest, refused: tuple[int, FeedbackAnswerForm] | None = None) -> HttpResponse:
    rows = visible_feedback(request.user).filter(district_id__in=request.user.scopes("cases.answer_feedback").of("district"))
    page = Paginator(rows.select_related("person", "answered_by").order_by("-state", "-sent_at", "-pk"), 30).get_page(request.GET.get("page"))
    for feedback in page.object_list:
        feedback.form = refused[1] if refused and refused[0] == feedback.pk else FeedbackAnswerForm(auto_id=f"id_{feedback.pk}_%s")
    return render(request, "cases/feedback_inbox.html", {"page": page}, status=422 if refused else 200)
