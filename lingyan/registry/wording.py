"""What somebody wrote, made fit for a column, or refused with a sentence: nothing is cut, and no engine is left to complain."""

from __future__ import annotations

import unicodedata

from django.db import models
from django.utils.translation import gettext as _

from lingyan.kernel.refusals import Refused

MOST_HEADCOUNT = 1_000_000


def one_line(text: str) -> str:
    """The text on one line, without blanks around it, control characters, halves of characters, or marks that turn the reading direction."""
    kept = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text if not is_harmful(letter))
    return " ".join(kept.split())


def is_harmful(letter: str) -> bool:
    return unicodedata.category(letter) == "Cs" or "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"


def written(model: type[models.Model], name: str, text: str, *, required: bool = False) -> str:
    """The text as this field of the model keeps it, or `Refused` when it is missing or too long."""
    column = model._meta.get_field(name)
    kept = one_line(text)
    label = str(column.verbose_name)  # type: ignore[union-attr]
    if required and not kept:
        raise Refused(f"{model._meta.model_name}.{name}_empty", _("请写“%(what)s”。") % {"what": label}, field=name)
    most = column.max_length or 0  # type: ignore[union-attr]
    if len(kept) > most:
        sentence = _("“%(what)s”最多 %(most)d 个字，这里有 %(length)d 个，请写短一些。")
        raise Refused(f"{model._meta.model_name}.{name}_long", sentence % {"what": label, "most": most, "length": len(kept)}, field=name)
    return kept


def checked_headcount(number: int | None) -> int | None:
    """A number of workers that can be one."""
    if number is not None and not 0 <= number <= MOST_HEADCOUNT:
        raise Refused("enterprise.headcount", _("职工人数是 0 到 %(most)d 之间的整数。") % {"most": MOST_HEADCOUNT}, field="headcount")
    return number


def checked_short_name(text: str) -> str:
    """The short name with which the numbers of a community's cases begin: letters, figures and Chinese characters only."""
    if text and not text.isalnum():
        raise Refused("community.short_name_sign", _("简称只用汉字、字母和数字：诉求编号以它开头。"), field="short_name")
    return text
