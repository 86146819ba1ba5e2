"""QR codes, drawn into the page itself: nothing is fetched, nothing is stored."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote, urlencode

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lingyan.people.models import Person


def qr(text: str, label: str) -> SafeString:
    """An inline SVG of a QR code, dark on white in every theme, with a label for those who cannot see it."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="w-56 h-56 rounded",
        lineclass=None,
    )
    svg = picture.getvalue().decode().strip().replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
    return mark_safe(svg)  # the only text in it is escaped above


def app_address(person: Person, secret: str) -> str:
    """What an authenticator app reads: otpauth://totp/领雁:姓名?secret=…"""
    issuer = _("领雁")
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{person.username or person.name}')}?{query}"
