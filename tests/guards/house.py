"""What the guards know of the house: its modules, their floors, their files."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lingyan"


@cache
def floors() -> dict[str, int]:
    """Module → its floor, 0 at the top, as the import contract in pyproject.toml has it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "floors")
    return {name.strip().strip("()").strip(): floor for floor, layer in enumerate(layers) for name in layer.split("|")}


def modules() -> list[str]:
    """The modules that are there."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def sources(*, of: str = "*", tests: bool = False) -> Iterator[Path]:
    """The Python files of the modules, without migrations and, unless asked, tests."""
    for path in sorted(PACKAGE.glob(f"{of}/**/*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"
