"""The floors: who may import whom, whose rows a key may point at, and who may write them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models.fields.related import ForeignObject, ManyToManyField

from tests.guards.house import PACKAGE, ROOT, floors, modules, place, sources, tree

WRITING = {"save", "create", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "update"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def test_modules_import_only_from_floors_below():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_key_points_at_its_own_module_or_a_lower_floor():
    faults = []
    for model in apps.get_models(include_auto_created=True):
        module = model._meta.app_config.name.removeprefix("lingyan.")
        if not model._meta.app_config.name.startswith("lingyan."):
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if not isinstance(field, ForeignObject | ManyToManyField):
                continue
            target = field.related_model._meta.app_config.name
            lower = target.removeprefix("lingyan.")
            if target.startswith("lingyan.") and lower != module and floors()[lower] <= floors()[module]:
                faults.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")

    assert not faults


def models_of(module: str) -> set[str]:
    """The names of the models that a module defines."""
    return {model.__name__ for config in apps.get_app_configs() if config.name == f"lingyan.{module}" for model in config.get_models()}


def foreign_models(path: Path) -> set[str]:
    """The names under which a file imports models of other modules."""
    own = path.relative_to(PACKAGE).parts[0]
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lingyan."):
            module = (node.module or "").split(".")[1]
            if module != own:
                found |= {alias.asname or alias.name for alias in node.names if alias.name in models_of(module)}
    return found


def touches(module: ast.AST, foreign: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Each place that goes to the rows of these models without asking their module.

    Seen are `Model.objects` and the like, and writing through a variable or argument that is known, by annotation or by being made, to hold a row.
    """
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS | WRITING and isinstance(node.value, ast.Name) and node.value.id in foreign:
            yield node, f"{node.value.id}.{node.attr}"
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        arguments = [*node.args.args, *node.args.kwonlyargs]
        held = {argument.arg for argument in arguments if isinstance(argument.annotation, ast.Name) and argument.annotation.id in foreign}
        for inner in ast.walk(node):
            if (
                isinstance(inner, ast.Assign)
                and isinstance(inner.value, ast.Call)
                and isinstance(inner.value.func, ast.Name)
                and inner.value.func.id in foreign
            ):
                held |= {target.id for target in inner.targets if isinstance(target, ast.Name)}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr in WRITING and isinstance(inner.value, ast.Name) and inner.value.id in held:
                yield inner, f"{inner.value.id}.{inner.attr}"


def test_no_module_reaches_for_the_rows_of_another():
    faults = [f"{place(path, node)} {what}" for path in sources() for node, what in touches(tree(path), foreign_models(path))]

    assert not faults, "ask the other module's services or reads:\n" + "\n".join(faults)


def test_only_services_reads_and_models_are_doors():
    """From another domain module only `services`, `reads`, `models`, and what describes it: access, permissions, scopes. `config` wires all together."""
    doors = {"services", "reads", "models", "access", "permissions", "scopes"}
    domain = set(modules()) - {"kernel", "rules", "config"}
    faults = []
    for path in sources():
        own = path.relative_to(PACKAGE).parts[0]
        if own in {"config", "kernel", "rules"}:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lingyan."):
                parts = (node.module or "").split(".")
                names = [parts[2]] if len(parts) > 2 else [alias.name for alias in node.names]
                if parts[1] in domain - {own} and not set(names) <= doors:
                    faults.append(f"{place(path, node)} {node.module}")

    assert not faults, "\n".join(faults)


def test_nothing_is_imported_inside_a_function():
    """An import inside a function means the floor is wrong. The commands of `config` load Django late, and say so by being there."""
    faults = [
        place(path, node)
        for path in sources()
        if path.relative_to(PACKAGE).parts[0] != "config" and path.relative_to(PACKAGE).as_posix() != "rules/command.py"
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lingyan")
    ]

    assert not faults


def test_every_module_says_what_it_is_for():
    missing = [module for module in modules() if not (PACKAGE / module / "README.md").exists()]

    assert not missing
