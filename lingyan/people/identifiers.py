"""How a user name and a mobile number are written down, however somebody types them (full width, spaces, capitals, +86)."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from lingyan.kernel.refusals import Refused

MOBILE = re.compile(r"^1[3-9]\d{9}$", re.ASCII)
USERNAME = re.compile(r"^[\w.@+\-]{2,60}$")
LONGEST_NAME = 60


def compact(text: str) -> str:
    """One spelling for all: NFKC, without spaces and control characters, small letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter)[0] not in "ZC").casefold()


def mobile_of(text: str) -> str | None:
    """Eleven half-width digits, or None when this is no mobile number."""
    digits = re.sub(r"[\-()]", "", compact(text)).removeprefix("+86")
    return digits if MOBILE.match(digits) else None


def normalized_mobile(text: str) -> str:
    """Eleven half-width digits, or `Refused` with a sentence."""
    digits = mobile_of(text)
    if digits is None:
        raise Refused("mobile.wrong", _("手机号是 1 开头的 11 位数字，请再看一遍。"), field="mobile")
    return digits


def normalized_username(text: str) -> str:
    """A user name as it is kept, or `Refused` with a sentence. It never looks like a mobile number: one word means one person."""
    username = compact(text)
    if not USERNAME.match(username):
        raise Refused("username.wrong", _("用户名用 2 到 60 个字母、汉字、数字或 . _ - @ +，不带空格。"), field="username")
    if mobile_of(username):
        raise Refused("username.mobile", _("用户名不能是手机号的样子；手机号填在“手机号”一栏，一样能登录。"), field="username")
    return username


def checked_name(text: str) -> str:
    """A person's name without blanks around it, or `Refused` when it is empty or too long to be one."""
    name = "".join(letter for letter in text if unicodedata.category(letter) != "Cc").strip()
    if not name:
        raise Refused("name.empty", _("请写姓名。"), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused("name.long", _("姓名最多 %(most)d 个字，现在有 %(length)d 个。") % {"most": LONGEST_NAME, "length": len(name)}, field="name")
    return name
