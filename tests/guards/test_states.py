"""States: a `state` changes by `move` alone."""

from __future__ import annotations

import ast

from django.apps import apps

from lingyan.kernel.states import Stateful
from tests.guards.house import PACKAGE, place, sources, tree


def sets_state(node: ast.AST) -> bool:
    """Whether this is `x.state = …`, `setattr(x, "state", …)` or `.update(state=…)`."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets) and not (
            isinstance(node, ast.AnnAssign) and node.value is None
        )
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "setattr":
            return len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "bulk_update"}:
            return any(keyword.arg == "state" for keyword in node.keywords) or any(
                isinstance(argument, ast.List | ast.Tuple) and any(isinstance(item, ast.Constant) and item.value == "state" for item in argument.elts)
                for argument in node.args
            )
    return False


def test_only_move_sets_a_state():
    faults = [place(path, node) for path in sources() if path != PACKAGE / "kernel" / "states.py" for node in ast.walk(tree(path)) if sets_state(node)]

    assert not faults, "states change by `move`: " + ", ".join(faults)


def test_every_model_with_a_state_has_its_table_of_moves():
    faults = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("lingyan.") and any(field.name == "state" for field in model._meta.fields) and not issubclass(model, Stateful)
    ]

    assert not faults


def test_every_move_leads_from_states_to_a_state_that_exist():
    faults = []
    for model in apps.get_models():
        if not issubclass(model, Stateful):
            continue
        states = set(model._meta.get_field("state").flatchoices and [value for value, _label in model._meta.get_field("state").flatchoices])
        for name, (starts, end) in model.MOVES.items():
            if not {str(state) for state in starts} | {str(end)} <= {str(state) for state in states}:
                faults.append(f"{model._meta.label}: {name}")
            if name not in model.MOVE_LABELS:
                faults.append(f"{model._meta.label}: {name} has no label in MOVE_LABELS")

    assert not faults
