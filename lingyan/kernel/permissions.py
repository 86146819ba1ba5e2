"""Named permissions. Each module lists its own in `permissions.py`; which role holds them is `config/roles.py`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@cache
def labels() -> dict[str, str]:
    """Every permission of every module with its label, as "module.verb_object" → 中文."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("lingyan.") and find_spec(f"{app.name}.permissions") and app.label != "kernel":
            for name, label in import_module(f"{app.name}.permissions").PERMISSIONS.items():
                found[f"{app.label}.{name}"] = label
    return found
