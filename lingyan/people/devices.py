"""A browser in words a person recognizes: “安卓手机·微信”."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def device_in_words(user_agent: str) -> str:
    """What kind of machine and which browser this user agent is, as far as it says."""
    return "·".join(part for part in (machine(user_agent), browser(user_agent)) if part) or _("说不清的设备")


def machine(agent: str) -> str:
    if "iPhone" in agent:
        return _("苹果手机")
    if "iPad" in agent:
        return _("苹果平板")
    if "HarmonyOS" in agent or "OpenHarmony" in agent:
        return _("鸿蒙手机") if "Mobile" in agent or "Phone" in agent else _("鸿蒙设备")
    if "Android" in agent:
        return _("安卓手机") if "Mobile" in agent else _("安卓平板")
    if "Windows" in agent:
        return _("Windows 电脑")
    if "Macintosh" in agent:
        return _("苹果电脑")
    return _("Linux 电脑") if "Linux" in agent or "X11" in agent else ""


# The first that fits: many browsers name the ones they are built on as well.
BROWSERS = [
    ("DingTalk", gettext_lazy("钉钉")),
    ("wxwork", gettext_lazy("企业微信")),
    ("MicroMessenger", gettext_lazy("微信")),
    ("QQBrowser", gettext_lazy("QQ 浏览器")),
    ("UCBrowser", gettext_lazy("UC 浏览器")),
    ("HuaweiBrowser", gettext_lazy("华为浏览器")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]


def browser(agent: str) -> str:
    return next((str(name) for mark, name in BROWSERS if mark in agent), "")
