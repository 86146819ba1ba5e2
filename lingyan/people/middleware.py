"""Who is out after a long silence, and what somebody who is out gets to see: the way in, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lingyan.kernel.access import PUBLIC
from lingyan.kernel.clock import now
from lingyan.people.services.sessions import SEEN, leave, touch_session

SECONDS_BETWEEN_TOUCHES = 60


class IdleSignOutMiddleware:
    """After `IDLE_MINUTES` without a page a person is signed out. At most one write a minute for each session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.left_idle = False  # type: ignore[attr-defined]
        if request.session.session_key and request.user.is_authenticated:
            silence = int(now().timestamp()) - request.session.get(SEEN, 0)
            if SEEN not in request.session:
                request.session[SEEN] = int(now().timestamp())
            elif silence > settings.IDLE_MINUTES * 60:
                leave(request=request, idle=True)
                request.left_idle = True  # type: ignore[attr-defined]
            elif silence >= SECONDS_BETWEEN_TOUCHES:
                touch_session(request)
        return self.get_response(request)


class SignInRequiredMiddleware:
    """A view that is not marked public is for signed-in persons; anybody else is shown the way in, and back to where they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        if getattr(view, "permission", None) == PUBLIC or request.path.startswith(settings.STATIC_URL) or request.path == "/healthz":
            return None
        if request.user.is_authenticated:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "signed_out", "sentence": _("请先登录。")}, status=401)
        if getattr(request, "htmx", False):
            return render(request, "people/signed_out.html", {"url": sign_in_url(request)}, status=401)
        return redirect(sign_in_url(request))


def sign_in_url(request: HttpRequest) -> str:
    """The address of the sign-in page that leads back to the page this request came from."""
    query = {"next": page_of(request)}
    if getattr(request, "left_idle", False):
        query["idle"] = "1"
    return f"{reverse('people:sign_in')}?{urlencode(query)}"


def page_of(request: HttpRequest) -> str:
    """The page somebody is on: what they asked for, or, when they sent a form, the page the form stands on."""
    if getattr(request, "htmx", False):
        return local_path(request, request.htmx.current_url)  # type: ignore[attr-defined]
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return local_path(request, request.META.get("HTTP_REFERER"))


def local_path(request: HttpRequest, address: str | None) -> str:
    """Path and query of an address of this installation; "/" for any other address, and for the sign-in pages themselves."""
    if not address or not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(address)
    if not parts.path.startswith("/") or parts.path.startswith(("//", reverse("people:sign_in"))):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
