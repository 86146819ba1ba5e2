"""The cast (`tests/cast.py`) under short names, some of them with a password, and more of them when many are needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import create_person, grant_membership

PASSWORD = "Geese-fly-2026"


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


@pytest.fixture
def system(cast: Any) -> Person:
    return cast.system


@pytest.fixture
def administrator(cast: Any) -> Person:
    return with_password(cast.administrator)


@pytest.fixture
def secretary(cast: Any) -> Person:
    return with_password(cast.secretary)


@pytest.fixture
def social_worker(cast: Any) -> Person:
    """周婧: user name zhoujing, mobile 13900000001."""
    return with_password(cast.social_worker)


@pytest.fixture
def contact(cast: Any) -> Person:
    """沈洁 of 澜石, mobile 13900000003, without a password."""
    return cast.contact


@pytest.fixture
def make_person(cast: Any) -> Callable[..., Person]:
    """A person with a role over 灵峰, or over another scope."""

    def make(name: str, role: Role | None = None, kind: ScopeKind = ScopeKind.COMMUNITY, scope_id: int | None = None, **values: Any) -> Person:
        person = create_person(actor=cast.system, name=name, **values)
        if role:
            grant_membership(actor=cast.system, person=person, role=role, scope_kind=kind, scope_id=scope_id or cast.lingfeng.pk)
        return person

    return make
