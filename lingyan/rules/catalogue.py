"""All policies and facts of the installation, loaded once from the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.facts import FactCatalogue, load_facts
from lingyan.rules.policy import Policy, read_policy

MOST_POLICIES = 20_000


class Catalogue:
    """The facts and policies, by id, in a fixed order; and which policy works out which fact."""

    def __init__(self, facts: FactCatalogue, policies: Iterable[Policy]) -> None:
        self.facts = facts
        self.policies: Mapping[str, Policy] = {policy.id: policy for policy in policies}
        self.deriving: Mapping[str, Policy] = {policy.derives: policy for policy in self.policies.values() if policy.derives}

    def policy(self, policy_id: Any) -> Policy:
        """The policy with this id; `BadInput` if there is none."""
        found = self.policies.get(policy_id) if isinstance(policy_id, str) else None
        if found is None:
            raise BadInput(f"没有编号为“{str(policy_id)[:60]}”的政策")
        return found


def load(folder: Path | None = None, *, with_tests: bool = False) -> Catalogue:
    """The catalogue from the package, or from a folder laid out like it (`facts.yaml`, `policies/*.yaml`).

    Raises `BadPolicyFile` for the first file that is not right. Test cases are the tail of a policy file and are read only if asked for.
    """
    root: Any = folder if folder is not None else resources.files("lingyan.rules")
    facts = load_facts(read_text(root / "facts.yaml"), "facts.yaml")
    policies: dict[str, Policy] = {}
    for entry in policy_files(folder):
        policy = read_file(read_text(entry), str(entry.name), facts, with_tests=with_tests)
        if policy.id in policies:
            raise BadPolicyFile(entry.name, 1, f"政策编号“{policy.id}”已被 {policies[policy.id].file} 使用")
        policies[policy.id] = policy
    return Catalogue(facts, policies.values())


def policy_files(folder: Path | None) -> list[Any]:
    """The policy files of the package or of a folder, by name."""
    root: Any = folder if folder is not None else resources.files("lingyan.rules")
    inner = root / "policies"
    found = [entry for entry in (inner if inner.is_dir() else root).iterdir() if entry.name.endswith(".yaml") and entry.name != "facts.yaml"]
    if len(found) > MOST_POLICIES:
        raise BadPolicyFile("policies", 1, f"政策文件多于 {MOST_POLICIES} 个，拒绝载入")
    return sorted(found, key=lambda entry: str(entry.name))


def read_text(entry: Any) -> str:
    """A file as UTF-8 text; `BadPolicyFile` where it is not."""
    try:
        text: str = entry.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadPolicyFile(str(entry.name), 1, "不是 UTF-8 编码") from None
    return text


def read_file(text: str, name: str, facts: FactCatalogue, *, with_tests: bool) -> Policy:
    """One policy file, whose name must be its id."""
    if not with_tests:
        text = text.split("\ntests:", 1)[0] + "\n"
    policy = read_policy(text, name, facts)
    if name != f"{policy.id}.yaml":
        raise BadPolicyFile(name, 1, f"文件名应与编号一致：{policy.id}.yaml")
    return policy


@lru_cache(maxsize=1)
def installed() -> Catalogue:
    """The catalogue of the package, read once."""
    return load()
