"""Who somebody is: user name or mobile number, and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from lingyan.people.models import Person
from lingyan.people.reads import person_called


class NameOrMobileBackend(BaseBackend):
    """A user name or a mobile number with the password. The same work is done whether the person exists or not."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_other: Any) -> Person | None:
        if not username or password is None:
            return None
        person = person_called(username)
        if person is None:
            Person().set_password(password)  # as long as a real check takes
            return None
        fits = person.check_password(password)
        return person if fits and person.is_active and person.builtin is None else None

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session; somebody disabled is out at the next request."""
        return Person.objects.filter(pk=user_id, is_active=True, builtin__isnull=True).first()
