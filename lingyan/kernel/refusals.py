"""The one way to say no.

A service raises `Refused` with a sentence the person understands; `NotVisible` says that a row does not exist for this person.
`RefusalMiddleware` makes pages and fragments of them, `api_errors` in `lingyan.config.api` makes JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404


class Refused(Exception):
    """A rule says no. `code` is stable and for programs, `sentence` is for the person, `field` names the input to mend."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None, status: int = 409) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.status = status


class NotVisible(Http404):
    """The row is not there, or this person may not know that it is: the answer is the same."""


class Forbidden(Refused):
    """This role may not do this at all (403), whatever the row."""

    def __init__(self, permission: str, sentence: str) -> None:
        super().__init__("permission.missing", sentence, status=403)
        self.permission = permission


@contextmanager
def refusals_on(form: Any) -> Iterator[None]:
    """Show a refusal on the form it answers, so that what was typed stays: `with refusals_on(form): services.do(...)`."""
    try:
        yield
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.sentence)
