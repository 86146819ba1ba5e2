"""The tags and filters every template may use without loading them: the widgets of `ui/` and the house's way to write time and money.

Arguments and examples of the widgets are in `templates/ui/README.md`; `/ui/` shows each of them in development.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import dateformat, timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django_vite.core.asset_loader import DjangoViteAssetLoader  # type: ignore[import-untyped]
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError  # type: ignore[import-untyped]

from lingyan.kernel import clock as kernel_clock

register = template.Library()
logger = logging.getLogger(__name__)

MINUTES_OF_A_WORKING_DAY = 480
WIDTH_OF_A_DAY_OFF = 0.45  # as in `.ruler > i.off`


# --- the built front end ------------------------------------------------------------------------------------------------


def built(name: str) -> str | None:
    """The address of a built file, or None where the front end has not been built (tests, a fresh clone)."""
    try:
        return static(DjangoViteAssetLoader.instance()._apps["default"].manifest.get(name).file)
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError, FileNotFoundError):
        return None


@register.simple_tag
def front_end() -> SafeString:
    """The style sheet, the script and the favicon. Nothing where they have not been built: a page works without them."""
    try:
        tags = DjangoViteAssetLoader.instance().generate_vite_asset("src/main.ts", "default")
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError, FileNotFoundError):
        logger.info("the front end has not been built: npm --prefix frontend run build")
        return SafeString("")
    favicon = format_html('<link rel="icon" type="image/svg+xml" href="{}">', built("favicon.svg"))
    return SafeString(f"{tags}\n{favicon}")


def svg(name: str, css: str, size: int = 20) -> SafeString:
    """A drawing of the sprite. The size in the tag is for a page whose style sheet has not come; otherwise the classes decide."""
    address = built("icons.svg") or ""
    return format_html('<svg class="{}" width="{}" height="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, size, size, address, name)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A line icon beside a word: {% icon "phone" %}. Names are in `frontend/icons/names.txt`; `css` adds classes ("text-over")."""
    return svg(name, f"i {css}".strip())


@register.simple_tag
def mark(name: str = "mark", css: str = "size-9") -> SafeString:
    """The geese: {% mark %}, {% mark "mark-small" %}, {% mark "flock" "size-80" %}. Cover, sign-in, map centre and print head only."""
    return svg(name, f"mark {css}".strip(), 34)


@register.simple_tag
def goose() -> SafeString:
    """The goose of an empty page; `ui/empty.html` uses it."""
    return svg("goose", "goose", 120)


@register.simple_tag(takes_context=True)
def html_look(context: Context) -> SafeString:
    """The attributes of <html> for the theme and type size the person chose (cookies `theme` and `type`)."""
    cookies = context["request"].COOKIES if context.get("request") else {}
    pairs = []
    if cookies.get("theme") in {"paper", "lamp"}:
        pairs.append(("data-theme", cookies["theme"]))
    if cookies.get("type") == "large":
        pairs.append(("data-type", "large"))
    return format_html_join(" ", '{}="{}"', pairs)


@register.simple_tag
def sign_in_url() -> str:
    """Where a person signs in, for the script that meets an expired session."""
    try:
        return resolve_url(settings.LOGIN_URL)
    except NoReverseMatch:
        return "/"


@register.simple_tag
def present() -> datetime:
    """The present moment, for the head of a printed page."""
    return kernel_clock.now()


@register.simple_tag(takes_context=True)
def way_back(context: Context) -> str:
    """The page this person came from, if it is one of ours; otherwise empty."""
    request: HttpRequest | None = context.get("request")
    if not request:
        return ""
    came_from: str = request.headers.get("Referer", "")
    if came_from and url_has_allowed_host_and_scheme(came_from, {request.get_host()}) and came_from != request.build_absolute_uri():
        return came_from
    return ""


STATE_ICONS = {
    "wait": "circle-dashed",
    "hand": "circle-dot",
    "near": "hourglass",
    "over": "alarm-clock",
    "said": "message-circle-question-mark",
    "done": "circle-check",
    "told": "message-circle-more",
}


@register.simple_tag
def state_icon(kind: str, name: str = "", css: str = "") -> SafeString:
    """The glyph of a kind of state, or the icon named instead. "said" is the department's word that waits for the asker's."""
    return icon(name or STATE_ICONS.get(kind, "circle-dashed"), css)


@register.filter
def state_colour(kind: str) -> str:
    """The colour of a kind of state, for class names: "said" shares the colour of "near"."""
    return {"said": "near"}.get(kind, kind or "wait")


@register.filter
def state_text(kind: str) -> str:
    """The class that colours a glyph on its own."""
    return f"text-{state_colour(kind)}"


@register.inclusion_tag("ui/rating.html", name="rating")
def rating(
    name: str = "rating",
    legend: str = "",
    selected: Any = None,
    error: str = "",
    help: str = "",
    required: bool = False,
    grades: Sequence[tuple[Any, str]] | None = None,
) -> dict[str, Any]:
    """The five grades of 好差评 as a radio group, none chosen beforehand: {% rating name="grade" %}.

    Values are 5 (非常满意) to 1 (非常不满意) unless `grades` gives other pairs of value and label.
    """
    if grades is None:
        grades = [(5, gettext("非常满意")), (4, gettext("满意")), (3, gettext("基本满意")), (2, gettext("不满意")), (1, gettext("非常不满意"))]
    chosen = next((value for value, _label in grades if selected not in {None, ""} and str(value) == str(selected)), None)
    return {"name": name, "legend": legend, "selected": chosen, "error": error, "help": help, "required": required, "grades": grades}


# --- widgets that wrap others -------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    count: Any = "",
    more_url: str = "",
    more: str = "",
    more_icon: str = "",
    id: str = "",
    css: str = "",
    pad: bool = False,
    now: bool = False,
    level: int = 2,
) -> str:
    """A sheet: {% card title=_("等我办") count="4 件" more_url=url more=_("全部") %}…{% endcard %}.

    `pad` pads the content (leave it off around rows and tables), `now` puts the ribbon and the lamp wash on it (one sheet of a page).
    """
    return render_to_string(
        "ui/card.html",
        {
            "content": content,
            "title": title,
            "count": count,
            "more_url": more_url,
            "more": more or gettext("全部"),
            "more_icon": more_icon,
            "id": id,
            "css": css,
            "pad": pad,
            "now": now,
            "level": level,
        },
    )


@register.simple_block_tag
def dialog(content: str, id: str = "", title: str = "", wide: bool = False) -> str:
    """A native dialog, opened by any element with data-open="<id>"; without JavaScript a plain section of the page."""
    return render_to_string("ui/dialog.html", {"content": content, "id": id, "title": title, "wide": wide})


@register.simple_block_tag
def table(content: str, label: str = "", id: str = "", stack: bool = False, rows: bool = False, css: str = "") -> str:
    """A ledger table: the content is <thead> and <tbody>. `stack` makes cards of the rows on a phone (give each <td> a data-label),
    `rows` turns on J, K, Enter and X for the rows of <tbody>."""
    return render_to_string("ui/table.html", {"content": content, "label": label, "id": id, "stack": stack, "rows": rows, "css": css})


# --- form fields --------------------------------------------------------------------------------------------------------


def kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "input"


CLASSES = {
    "input": "input w-full",
    "textarea": "textarea w-full",
    "select": "select w-full",
    "check": "checkbox",
    "file": "file-input w-full",
    "radios": "radio",
    "checks": "checkbox",
}


def attributes(field: BoundField, kind: str, focus: bool) -> dict[str, Any]:
    told = [f"{field.auto_id}-help"] if field.help_text else []
    if field.errors:
        told.append(f"{field.auto_id}-error")
    values: dict[str, Any] = {"class": f"{field.field.widget.attrs.get('class', '')} {CLASSES[kind]}".strip()}
    if told and kind not in {"radios", "checks"}:
        values["aria-describedby"] = " ".join(told)
    if field.errors:
        values["aria-invalid"] = "true"
        if focus and kind not in {"radios", "checks"}:
            values["autofocus"] = True
    return values


@register.simple_tag
def field(field: BoundField, label: str = "", help: str = "", optional: bool = True, focus: bool = True, css: str = "") -> SafeString:
    """One field of a form: label, control, help and error, tied together for a screen reader: {% field form.title %}.

    The first field with an error takes the focus. A field that may stay empty says so (`optional=False` keeps quiet).
    A hidden field is only its control.
    """
    if field.is_hidden:
        return field.as_widget()
    if help:
        field.help_text = help
    kind = kind_of(field.field.widget)
    first = next((each.name for each in field.form if each.errors and not each.is_hidden), None)
    attrs = attributes(field, kind, focus and first == field.name)
    return render_to_string(
        "ui/field.html",
        {
            "field": field,
            "kind": kind,
            "label": label or field.label,
            "control": "" if kind in {"radios", "checks"} else field.as_widget(attrs=attrs),
            "choices": list(field.subwidgets) if kind in {"radios", "checks"} else [],
            "first_is_wrong": focus and first == field.name,
            "is_optional": optional and not field.field.required and kind != "check",
            "css": css,
        },
    )


# --- the ruler of a clock -----------------------------------------------------------------------------------------------


@register.filter
def ruler(clock: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a clock's ruler and the places of its pin and flag, in per cent of its width.

    `clock["days"]` is a sequence of booleans, True for a working day; `used_from`, `used_to`, `now` and `due` count cells: 5.3 is three tenths
    into the sixth cell. Days off are narrow, so that the eye sees they do not count.
    """
    days: Sequence[bool] = clock["days"]
    widths = [1.0 if working else WIDTH_OF_A_DAY_OFF for working in days]
    total = sum(widths) or 1.0

    def place(cells: float | None) -> str | None:
        if cells is None:
            return None
        whole = min(int(cells), len(widths))
        rest = (cells - whole) * widths[whole] if whole < len(widths) else 0.0
        return f"{min(max(100 * (sum(widths[:whole]) + rest) / total, 0.3), 99.4):.1f}%"

    used_from, used_to = clock.get("used_from") or 0.0, clock.get("used_to") or 0.0

    def used(index: int) -> dict[str, str]:
        start, end = (min(max(moment - index, 0.0), 1.0) for moment in (used_from, used_to))
        return {"from": f"{100 * start:.0f}%", "part": f"{100 * max(end - start, 0.0):.0f}%"}

    cells = [{"off": not working} | used(index) for index, working in enumerate(days)]
    due = clock.get("due")
    return {"cells": cells, "now": place(clock.get("now")), "due": place(due), "due_at_end": due is not None and due >= len(days) - 0.4}


# --- how the house writes time, length and money ------------------------------------------------------------------------


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def when(value: datetime | date | None) -> str:
    """A moment as a person says it: 今天 10:58, 昨天 16:05, 明天 09:00, 23日 16:05 in this month, 11月18日, 2025年11月18日.

    A date without a time leaves the time out. Shown in the zone of the community.
    """
    if value is None:
        return ""
    moment = local(value) if isinstance(value, datetime) else None
    day = moment.date() if moment else value
    today = kernel_clock.today()
    near = {today: gettext("今天"), today - timedelta(days=1): gettext("昨天"), today + timedelta(days=1): gettext("明天")}
    time = f" {moment:%H:%M}" if moment else ""
    if day in near:
        return near[day] + time
    this_month = (day.year, day.month) == (today.year, today.month)
    if is_english():
        return dateformat.format(day, "j M" if day.year == today.year else "j M Y") + (time if this_month else "")
    if this_month:
        return f"{day.day}日{time}"
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


@register.filter
def when_day(value: datetime | date | None) -> str:
    """The day alone, as `when` says it: 今天, 23日, 11月18日. For the margin of a time line, above `clock_time`."""
    return when(local(value).date() if isinstance(value, datetime) else value)


@register.filter
def clock_time(value: datetime | None) -> str:
    """The time of day in the zone of the community: 09:10."""
    return f"{local(value):%H:%M}" if value else ""


DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones or not tens else "")


@register.filter
def day_title(value: datetime | date | None) -> str:
    """A day as the title of a page: 十一月二十四日 周二."""
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    if is_english():
        return dateformat.format(day, "l j F")
    return f"{chinese_number(day.month)}月{chinese_number(day.day)}日 周{'一二三四五六日'[day.weekday()]}"


def plain(number: Decimal) -> str:
    """Grouped by thousands, at most two decimals, none that say nothing."""
    return f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}".rstrip("0").rstrip(".")


def unit_of(yuan: Decimal) -> tuple[Decimal, str]:
    """The unit in which a sum reads best, and its name in the language of the page."""
    if is_english():
        steps = [(Decimal(10**9), " billion"), (Decimal(10**6), " million")]
    else:
        steps = [(Decimal(10**8), gettext("亿元")), (Decimal(10**4), gettext("万元"))]
    return next(((size, name) for size, name in steps if abs(yuan) >= size), (Decimal(1), "" if is_english() else gettext("元")))


@register.filter
def money(fen: int | None, form: str = "") -> str:
    """An integer number of 分 as a person reads it: 12.5 元, 1,860 万元, 1.73 亿元; at most two decimals of the unit, rounded half up.

    `{{ sum|money:"exact" }}` writes every 分: 18,604,200.35 元.
    """
    if fen is None:
        return ""
    yuan = Decimal(fen) / 100
    size, unit = (Decimal(1), "" if is_english() else gettext("元")) if form == "exact" else unit_of(yuan)
    return f"¥{plain(yuan / size)}{unit}" if is_english() else f"{plain(yuan / size)} {unit}"


@register.filter
def money_to(low: int, high: int) -> str:
    """A range of sums in one unit: 18—36 万元."""
    size, unit = unit_of(Decimal(high) / 100)
    lower, upper = plain(Decimal(low) / 100 / size), plain(Decimal(high) / 100 / size)
    return f"¥{lower}–{upper}{unit}" if is_english() else f"{lower}—{upper} {unit}"


@register.filter
def duration(minutes: int | float | timedelta | None, working_day: int = MINUTES_OF_A_WORKING_DAY) -> str:
    """A length of working time in words: 38 分钟, 4 小时, 1 天半, 3 天. Rounded down to half days, hours or minutes.

    `working_day` is the number of minutes in one working day. The sign is dropped: `left` says which side of the limit it is.
    """
    if minutes is None:
        return ""
    total = abs(int(minutes.total_seconds() // 60 if isinstance(minutes, timedelta) else minutes))
    if total >= working_day:
        days, halves = divmod(total * 2 // working_day, 2)
        if halves:
            return gettext("%(days)d 天半") % {"days": days}
        return ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}
    if total >= 60:
        hours = total // 60
        return ngettext("%(hours)d 小时", "%(hours)d 小时", hours) % {"hours": hours}
    return ngettext("%(minutes)d 分钟", "%(minutes)d 分钟", total) % {"minutes": total}


@register.filter
def left(minutes: int | float | timedelta | None, working_day: int = MINUTES_OF_A_WORKING_DAY) -> str:
    """What is left of a limit, or by how much it is passed: 剩 4 小时, 超 1 天半. Working minutes, negative when it is passed."""
    if minutes is None:
        return ""
    over = minutes < timedelta(0) if isinstance(minutes, timedelta) else minutes < 0
    words = {"length": duration(minutes, working_day)}
    return gettext("超 %(length)s") % words if over else gettext("剩 %(length)s") % words
