"""What must travel upward: a lower module asks here for what `config/wires.py` plugs in."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings


@cache
def wire(name: str) -> Any:
    """The value of `name` in the wires module; an entry written as "package.module:attribute" is loaded."""
    value = getattr(import_module(settings.LINGYAN_WIRES), name)
    return load(value) if isinstance(value, str) else value


def load(address: str) -> Any:
    """The object at "package.module:attribute"."""
    module, attribute = address.split(":")
    return getattr(import_module(module), attribute)
