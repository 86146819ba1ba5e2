"""Persons and places for the tests of this module. A grid above is asked for by name: people knows no registry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps

from lingyan.kernel import clock
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import builtin_person, create_person, grant_membership

PASSWORD = "Geese-fly-2026"


@pytest.fixture
def moved() -> Callable[[datetime], Any]:
    return clock.at


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def system(db: None) -> Person:
    return builtin_person(Person.Builtin.SYSTEM)


@pytest.fixture
def district(db: None) -> Any:
    return apps.get_model("registry", "District").objects.create(name="云岭区", code="330299")


@pytest.fixture
def make_community(district: Any) -> Callable[..., Any]:
    def make(name: str = "灵峰工业社区", short_name: str = "灵峰") -> Any:
        return apps.get_model("registry", "IndustrialCommunity").objects.create(district=district, name=name, short_name=short_name)

    return make


@pytest.fixture
def community(make_community: Callable[..., Any]) -> Any:
    return make_community()


@pytest.fixture
def make_enterprise(community: Any) -> Callable[..., Any]:
    def make(short_name: str = "铭岳", at: Any = None) -> Any:
        model = apps.get_model("registry", "Enterprise")
        code = f"91330200MA2{model.objects.count():07d}"
        return model.objects.create(community=at or community, name=f"{short_name}精密", short_name=short_name, credit_code=code, registered_at=clock.now())

    return make


@pytest.fixture
def make_person(system: Person) -> Callable[..., Person]:
    def make(name: str, role: str = "", scope: Any = None, **values: Any) -> Person:
        password = values.pop("password", PASSWORD)
        person = create_person(actor=system, name=name, password=password, **values)
        if role:
            kind = {"District": ScopeKind.DISTRICT, "IndustrialCommunity": ScopeKind.COMMUNITY, "Enterprise": ScopeKind.ENTERPRISE}[type(scope).__name__]
            grant_membership(actor=system, person=person, role=role, scope_kind=kind, scope_id=scope.pk)
        return person

    return make


@pytest.fixture
def administrator(make_person: Callable[..., Person], district: Any) -> Person:
    return make_person("区管理员甲", Role.DISTRICT_ADMINISTRATOR, district, username="qu")


@pytest.fixture
def secretary(make_person: Callable[..., Person], community: Any) -> Person:
    return make_person("宋岚", Role.SECRETARY, community, username="songlan", mobile="13800000001")


@pytest.fixture
def social_worker(make_person: Callable[..., Person], community: Any) -> Person:
    return make_person("周婧", Role.SOCIAL_WORKER, community, username="zhoujing", mobile="13800002046")


@pytest.fixture
def stranger(make_person: Callable[..., Person], make_community: Callable[..., Any]) -> Person:
    """Somebody of another community of the same district."""
    return make_person("邻居社工", Role.SOCIAL_WORKER, make_community("东岙工业社区", "东岙"), username="linju", mobile="13900009999")


@pytest.fixture
def contact(make_person: Callable[..., Person], make_enterprise: Callable[..., Any]) -> Person:
    return make_person("沈洁", Role.ENTERPRISE_CONTACT, make_enterprise("澜石"), mobile="13700003333", password=None)
