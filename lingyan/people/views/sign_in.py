"""The way in and out: password, code, one tap of the demonstration, one-time link."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lingyan.kernel.access import public
from lingyan.kernel.refusals import Refused, refusals_on
from lingyan.people import reads
from lingyan.people.forms import CodeForm, NewPasswordForm, SignInForm
from lingyan.people.middleware import local_path
from lingyan.people.services import sign_in as ways_in
from lingyan.people.services.invitations import digest_of, open_invitation, redeem_invitation
from lingyan.people.services.sessions import leave

LINK = "invitation"


def next_page(request: HttpRequest) -> str:
    """Where somebody wanted to go, only ever an address of this installation."""
    return local_path(request, request.POST.get("next") or request.GET.get("next"))


def onward(name: str, page: str) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({'next': page})}" if page != "/" else reverse(name))


@public
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    page = next_page(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(page)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = ways_in.sign_in(request=request, identifier=form.cleaned_data["username"], password=form.cleaned_data["password"])
                return redirect(page) if done else onward("people:sign_in_code", page)
            except Refused as refused:
                form.add_error(None, refused.sentence)
                status = refused.status
    personas = reads.personas() if settings.DEMONSTRATION else []
    context = {"form": form, "next": page, "personas": personas, "place": reads.place_name(), "left_idle": "idle" in request.GET, "is_open": form.is_bound}
    return render(request, "people/sign_in.html", context, status=status)


@public
def sign_in_code(request: HttpRequest) -> HttpResponse:
    page = next_page(request)
    person = ways_in.person_awaiting_code(request)
    if person is None:
        return onward("people:sign_in", page)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ways_in.sign_in_with_code(request=request, code=form.cleaned_data["code"])
                return redirect(page)
            except Refused as refused:
                form.add_error("code" if refused.field == "code" else None, refused.sentence)
                status = refused.status
    return render(request, "people/sign_in_code.html", {"form": form, "next": page, "person": person, "place": reads.place_name()}, status=status)


@public
@require_POST
def sign_in_persona(request: HttpRequest, person_id: int) -> HttpResponse:
    if not settings.DEMONSTRATION:
        raise Http404
    ways_in.sign_in_as_persona(request=request, person_id=person_id)
    return redirect(next_page(request))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        leave(request=request)
    return redirect("people:sign_in")


@public
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address bar, the history and the referrer before anything is shown."""
    request.session[LINK] = digest_of(secret)
    response = redirect("people:invitation_open")
    response["Referrer-Policy"] = "no-referrer"
    return response


@public
@sensitive_post_parameters("password", "again")
def invitation_open(request: HttpRequest) -> HttpResponse:
    digest = request.session.get(LINK, "")
    try:
        person = open_invitation(digest).person
    except Refused as refused:
        return render(request, "people/invitation_refused.html", {"sentence": refused.sentence, "place": reads.place_name()}, status=refused.status)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            person = redeem_invitation(digest=digest, password=form.cleaned_data["password"])
            del request.session[LINK]
            done = ways_in.start_or_ask_code(request=request, person=person)
            return redirect("/" if done else "people:sign_in_code")
    context = {"form": form, "person": person, "place": reads.place_name()}
    return render(request, "people/invitation.html", context, status=422 if form.is_bound else 200)
