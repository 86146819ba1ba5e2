"""Walking through the house as one person: every page that a link or a known address leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.matrix.rows import arguments, query
from tests.matrix.table import TABLE

LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)')
POSTED = re.compile(r'<form[^>]*method="post"[^>]*>')
# What differs from one drawing of a page to the next.
FLEETING = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": "|client_uuid" value=")[\w-]+')
NOT_PAGES = ("/static/", "/healthz", "/files/", "/people/sign-in/", "/people/me/totp/", "/people/invitation/")
AT_MOST = 400


def addresses_of(world: Any, person: str) -> list[str]:
    """Every address of the table that this person may open, with every row."""
    found = []
    for route, methods in TABLE.items():
        for row, who in methods.get("GET", {}).items():
            if row in {403, "stranger"} or person not in (who.get("yes", "") if isinstance(who, dict) else who).split():
                continue
            if has_row(world, row):
                found.append(reverse(route, args=arguments(world, row)) + query(world, route, person))
    return [address for address in found if not address.startswith(NOT_PAGES)]


def has_row(world: Any, row: str) -> bool:
    try:
        arguments(world, row)
    except (KeyError, AttributeError):
        return False
    return True


def walk(client: Client, seeds: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Address → what the page says, for all that links lead to; and each link that leads to a closed door."""
    waiting, pages, closed = list(dict.fromkeys(seeds)), {}, []
    seen = set(waiting)
    while waiting and len(seen) < AT_MOST:
        address = waiting.pop(0)
        response = client.get(address, follow=True)
        if response.status_code != 200 or "text/html" not in response["Content-Type"]:
            if response.status_code >= 400 and response.status_code != 405:
                closed.append(f"{address}: {response.status_code}")
            pages[address] = str(response.status_code)
            continue
        text = response.content.decode()
        pages[address] = FLEETING.sub(r"\1", text)
        for link in LINK.findall(POSTED.sub("", text)):
            link = unescape(link)
            if link not in seen and not link.startswith(NOT_PAGES):
                seen.add(link)
                waiting.append(link)
    return pages, closed
