"""Refusals become pages or fragments; every answer carries the headers that keep foreign code out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from lingyan.kernel.refusals import Refused

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page_before(path: str) -> str:
    """The page an address for sending belongs to (/cases/12/refuse/ → /cases/12/), empty when there is none."""
    before = path.rstrip("/").rpartition("/")[0] + "/"
    try:
        resolve(before)
    except Resolver404:
        return ""
    return before


class RefusalMiddleware:
    """A `Refused` that no form has taken becomes an answer: a fragment for htmx, a page for everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not getattr(request, "htmx", False):
            return render(request, "405.html", {"page_before": page_before(request.path)}, status=405)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {"sentence": exception.sentence, "code": exception.code}
        if getattr(request, "htmx", False):
            return render(request, "ui/refusal.html", context, status=exception.status)
        return render(request, "403.html" if exception.status == 403 else "409.html", context, status=exception.status)


class SecurityHeadersMiddleware:
    """Nothing is loaded from elsewhere, and pages with a person's matters stay out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A NUL behind the question mark means nothing to anybody, and PostgreSQL refuses it.
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "").replace("\x00", "")
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(self), microphone=(self), payment=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
