"""Permissions: every page and every API operation names one, or says that it is for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, get_resolver

from lingyan.kernel.access import PUBLIC, SIGNED_IN
from lingyan.kernel.permissions import labels
from lingyan.kernel.wires import wire


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


def test_every_page_names_a_permission():
    allowed = {PUBLIC, SIGNED_IN, *labels()}
    faults = [
        f"/{path} → {entry.callback.__module__}.{entry.callback.__name__}: {getattr(entry.callback, 'permission', 'none')}"
        for path, entry in routes()
        if not path.startswith("api/") and getattr(entry.callback, "permission", None) not in allowed and not entry.callback.__module__.startswith("ninja.")
    ]

    assert not faults, "mark each with @needs, @signed_in or @public:\n" + "\n".join(faults)


def test_every_api_operation_names_a_permission():
    if not find_spec("lingyan.config.api"):
        return
    allowed = {PUBLIC, SIGNED_IN, *labels()}
    faults = [
        f"{method} {prefix}{path} → {operation.view_func.__name__}"
        for prefix, router in import_module("lingyan.config.api").api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if getattr(operation.view_func, "permission", None) not in allowed
    ]

    assert not faults, "mark each with @needs, @signed_in or @public:\n" + "\n".join(faults)


def test_roles_hold_only_permissions_that_exist():
    unknown = {f"{role}: {permission}" for role, held in wire("ROLES").items() for permission in held if permission not in labels()}

    assert not unknown


def test_every_permission_is_held_by_some_role():
    held = {permission for permissions in wire("ROLES").values() for permission in permissions}

    assert not set(labels()) - held
