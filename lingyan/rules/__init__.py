"""The policy engine: real policies as exact, dated, explained rules. Pure Python; see README.md for its words and doors."""

from lingyan.rules.catalogue import Catalogue, installed, load
from lingyan.rules.check import ClauseResult, Result, check, checkup, size_class
from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.facts import Fact

__all__ = ["BadInput", "BadPolicyFile", "Catalogue", "ClauseResult", "Fact", "Result", "check", "checkup", "installed", "load", "size_class"]
