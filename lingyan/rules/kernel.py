"""All policies for very many enterprises: the same three-valued, exact outcome as `check`, column by column.

Every fact (and every share, growth or sum a rule compares) becomes one byte for each enterprise: 0 for not known, else between which bounds of the
rules it lies. What a clause makes of those bytes is worked out once, when the rules are compiled, by walking all codes; running a population
is then looking up, for each byte, which policies it refuses and which it leaves open (one bit for each policy), and or-ing the answers together.

Rows whose figures do not fit a column go through `check`. How facts become bytes: `coding.py`; how conditions do: `compiling.py`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lingyan.rules.catalogue import Catalogue, installed
from lingyan.rules.check import (
    CLASSIFIED,
    ELIGIBLE,
    INELIGIBLE,
    LEVIED,
    MANUAL_REVIEW,
    NOT_APPLICABLE,
    NOT_IN_FORCE,
    UNKNOWN,
    check,
    today_here,
)
from lingyan.rules.coding import NO, OPEN, YES, Byte, CannotCompile, Population
from lingyan.rules.columns import Array, Column, Columns, columns_from_profiles
from lingyan.rules.compiling import All, Compiler, Due, OneClass, SizeClasses, meant
from lingyan.rules.derive import NINGBO, ZHEJIANG, years_after
from lingyan.rules.errors import BadInput
from lingyan.rules.policy import LEVIES, Policy, Version
from lingyan.rules.terms import (
    And,
    Choice,
    Truth,
)

BLOCK = 16_384  # rows at a time, so that what is in use fits the cache
LARGEST_GROUP = 1024  # codes of one table: its answers then fit the cache too
STATUS_CODES = (NOT_IN_FORCE, NOT_APPLICABLE, INELIGIBLE, UNKNOWN, MANUAL_REVIEW, ELIGIBLE, CLASSIFIED, LEVIED, "refused")
_CODE = {status: code for code, status in enumerate(STATUS_CODES)}


@dataclass(frozen=True, slots=True)
class Codes:
    """A population coded for one kernel: packed bytes, and what needs the single path."""

    count: int
    packed: list[Array]
    application_type: Array
    columns: Columns
    contradicts: Array

    @property
    def bytes_a_row(self) -> int:
        """Memory for each enterprise."""
        return sum(code.itemsize for code in self.packed)


@dataclass(slots=True)
class Outcome:
    """What became of every enterprise for every policy, one bit each: out of scope, refused, open, left to people."""

    kernel: Kernel
    codes: Codes
    words: dict[str, Array]  # role → (words, rows) of uint64
    _status: dict[str, Array] = field(default_factory=dict)

    def status(self, policy_id: str) -> Array:
        """For each enterprise the code of its outcome; `STATUS_CODES` says what it means."""
        found = self._status.get(policy_id)
        if found is None:
            found = self._status[policy_id] = self._work_out(policy_id)
        return found

    def enterprises(self, policy_id: str, *statuses: str) -> Array:
        """The rows with one of these outcomes (default: eligible): the reverse question."""
        wanted = [_CODE[status] for status in statuses or (ELIGIBLE,)]
        return np.flatnonzero(np.isin(self.status(policy_id), wanted))

    def counts(self, policy_id: str) -> dict[str, int]:
        """How many enterprises have each outcome."""
        found = np.bincount(self.status(policy_id), minlength=len(STATUS_CODES))
        return {status: int(found[code]) for code, status in enumerate(STATUS_CODES) if found[code]}

    def _work_out(self, policy_id: str) -> Array:
        kernel, codes = self.kernel, self.codes
        policy = kernel.catalogue.policy(policy_id)
        result = self._of_version(kernel.bit_of.get((policy_id, None)))
        for application_type, bit in kernel.special.get(policy_id, []):
            result = np.where(codes.application_type == application_type, self._of_version(bit), result)
        result[codes.contradicts] = _CODE["refused"]
        for row in codes.columns.refused:
            result[row] = _CODE["refused"]
        for row, profile in codes.columns.odd.items():
            try:
                single = check(policy.id, profile, kernel.as_of, kernel.known_as_of, catalogue=kernel.catalogue)
                result[row] = _CODE[single.status]
            except BadInput:
                result[row] = _CODE["refused"]
        return result

    def _of_version(self, bit: int | None) -> Array:
        if bit is None:
            return np.full(self.codes.count, _CODE[NOT_IN_FORCE], dtype=np.uint8)
        word, place = divmod(bit, 64)
        result = np.full(self.codes.count, _CODE[self.kernel.label[bit]], dtype=np.uint8)
        for role, status in (("people", MANUAL_REVIEW), ("open", UNKNOWN), ("no", INELIGIBLE), ("scope", NOT_APPLICABLE)):
            words = self.words.get(role)
            if words is not None:
                result[(words[word] >> np.uint64(place) & np.uint64(1)).astype(bool)] = _CODE[status]
        return result


@dataclass(frozen=True, slots=True)
class Delta:
    """Who gains, loses and becomes unknown when one outcome follows another."""

    gains: Array
    loses: Array
    becomes_unknown: Array


def delta(before: Outcome, after: Outcome, policy_id: str) -> Delta:
    """The rows that change between two states of the rules (another day, or another catalogue) for the same enterprises."""
    good = [_CODE[status] for status in (ELIGIBLE, CLASSIFIED, LEVIED)]
    uncertain = [_CODE[status] for status in (UNKNOWN, MANUAL_REVIEW)]
    old, new = before.status(policy_id), after.status(policy_id)
    had, has = np.isin(old, good), np.isin(new, good)
    open_before, open_now = np.isin(old, uncertain), np.isin(new, uncertain)
    return Delta(np.flatnonzero(~had & has), np.flatnonzero(had & ~has & ~open_now), np.flatnonzero(~open_before & open_now))


class Kernel:
    """Every version in force on a day, compiled; the days as for `check`. Raises `CannotCompile` for a condition that has no column form."""

    def __init__(self, as_of: dt.date, known_as_of: dt.date | None = None, *, catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or installed()
        self.as_of, self.known_as_of = as_of, known_as_of or max(as_of, today_here())
        self.bit_of: dict[tuple[str, str | None], int] = {}
        self.special: dict[str, list[tuple[int, int]]] = {}
        self.label: list[str] = []
        self.sizes: SizeClasses | None = None
        possible: dict[str, str] = {}
        deriving = {name: policy.version_for(as_of, self.known_as_of, None) for name, policy in self.catalogue.deriving.items()}
        for name, version in deriving.items():
            if version is not None and version.classes is not None:
                self.sizes = SizeClasses(version.classes, self.catalogue.facts.by_name[name], as_of)
                possible[name] = f"{name} possible"
        self.compiler = Compiler(as_of, possible)
        versions = self._versions()
        conditions = [And([clause.test for clause in version.clauses]) for version in deriving.values() if version is not None and version.classes is None]
        self.derived = [
            (name, And([clause.test for clause in version.clauses])) for name, version in deriving.items() if version is not None and version.classes is None
        ]
        for node in [*conditions, *(clause.test for version in versions for clause in version.clauses)]:
            self.compiler.register(node)
        for version in versions:
            for formula in version.formulas() if version.benefit.kind in LEVIES else ():
                for part in formula.walk():
                    if isinstance(part, Choice):
                        self.compiler.register(part.condition)
            if version.score is not None:
                self.compiler.register_score(version.score)
        self._pack(versions)

    def _versions(self) -> list[Version]:
        """The versions in force, in the order of their bits; kept alive for one application type ones after their policy's own."""
        versions: list[Version] = []
        types = self.catalogue.facts.by_name.get("application_type")
        for policy in self.catalogue.policies.values():
            usual = policy.version_for(self.as_of, self.known_as_of, None)
            if usual is not None:
                self.bit_of[policy.id, None] = self._bit(policy, usual, versions)
            for place, word in enumerate(types.values if types else ()):
                other = policy.version_for(self.as_of, self.known_as_of, word)
                if other is not None and other is not usual:
                    self.special.setdefault(policy.id, []).append((place, self._bit(policy, other, versions)))
        return versions

    def _bit(self, policy: Policy, version: Version, versions: list[Version]) -> int:
        versions.append(version)
        self.label.append(CLASSIFIED if version.classes is not None else LEVIED if version.benefit.kind in LEVIES else ELIGIBLE)
        return len(versions) - 1

    def _pack(self, versions: Sequence[Version]) -> None:
        """Gather what each byte decides, and put small bytes together as long as they stay one byte."""
        roles: dict[int, dict[str, list[list[int]]]] = {}
        bytes_used: dict[int, Byte] = {}

        def note(byte: Byte, code: int, role: str, bit: int) -> None:
            table = roles.setdefault(id(byte), {}).setdefault(role, [[] for _ in range(byte.size)])
            table[code].append(bit)

        uses = [
            Use(byte, tuple(meaning), bit, scope, people)
            for bit, version in enumerate(versions)
            for (byte, meaning), scope, people in self._parts(version)
            if set(meaning) != {YES}
        ]
        self.conditions = len(uses)
        for use in _gathered(uses):
            bytes_used[id(use.byte)] = use.byte
            for code, truth in enumerate(use.meaning):
                if truth == NO:
                    note(use.byte, code, "scope" if use.scope else "no", use.bit)
                elif truth == OPEN:
                    note(use.byte, code, "people" if use.people else "open", use.bit)
        self.groups = _packed(list(bytes_used.values()))
        self.words = (len(versions) + 63) // 64
        self.tables: list[dict[str, Array]] = []
        for group in self.groups:
            total = math.prod(byte.size for byte in group)
            tables: dict[str, Array] = {}
            stride = 1
            for byte in group:
                places = np.arange(total) // stride % byte.size
                stride *= byte.size
                for role, rows in roles[id(byte)].items():
                    table = tables.setdefault(role, np.zeros((self.words, total), dtype=np.uint64))
                    for code, bits in enumerate(rows):
                        for bit in bits:
                            table[bit // 64, places == code] |= np.uint64(1 << bit % 64)
            self.tables.append(tables)

    def _parts(self, version: Version) -> Iterable[tuple[tuple[Byte, list[int]], bool, bool]]:
        for clause in version.clauses:
            for part in _conjuncts(clause.test):
                facts = part.facts().values()
                people = bool(facts) and all(fact.judged for fact in facts)
                if not people and any(fact.judged for fact in facts):
                    raise CannotCompile(f"{clause.says}: what people judge stands beside other facts")
                yield self.compiler.compile(part), clause.scope, people
        if version.classes is not None:
            assert self.sizes is not None
            yield (OneClass(self.sizes.key), [NO, OPEN, YES]), False, False
        elif version.benefit.kind in LEVIES and version.benefit.amount is not None:
            yield (Due(version.benefit.amount, self.compiler), [NO, OPEN, YES]), False, False

    def encode(self, columns: Columns) -> Codes:
        """Code a population: every figure becomes the place it takes among the bounds of the rules."""
        packed = [np.empty(columns.count, dtype=np.uint8 if math.prod(byte.size for byte in group) <= 256 else np.uint16) for group in self.groups]
        application_type = np.empty(columns.count, dtype=np.int8)
        contradicts = np.empty(columns.count, dtype=bool)
        for start in range(0, columns.count, BLOCK):
            rows = slice(start, min(start + BLOCK, columns.count))
            facts = {name: Column(column.values[rows], column.known[rows]) for name, column in columns.facts.items()}
            population = Population(Columns(rows.stop - rows.start, facts))
            self._derive(population)
            for group, codes in zip(self.groups, packed, strict=True):
                code = codes[rows]
                code[:] = group[0].codes(population)
                stride = group[0].size
                for byte in group[1:]:
                    np.add(code, byte.codes(population) * code.dtype.type(stride), out=code)
                    stride *= byte.size
            application = population.column("application_type")
            application_type[rows] = np.where(application.known, application.values, -1)
            contradicts[rows] = population.contradicts
        return Codes(columns.count, packed, application_type, columns, contradicts)

    def encode_profiles(self, profiles: Iterable[Mapping[str, Any]]) -> Codes:
        """Code profiles in catalogue units."""
        return self.encode(columns_from_profiles(profiles, self.catalogue, self.as_of))

    def _derive(self, population: Population) -> None:
        region = population.column("region_code")
        if region.known.any():
            population.settle("in_ningbo", (region.values // 100 == int(NINGBO)).astype(np.int64), region.known)
            population.settle("registered_in_zhejiang", (region.values // 10000 == int(ZHEJIANG)).astype(np.int64), region.known)
        ningbo = population.column("in_ningbo")
        if ningbo.known.any():
            inside = ningbo.known & (ningbo.values == 1) & ~population.column("registered_in_zhejiang").known
            population.settle("registered_in_zhejiang", np.ones(population.count, dtype=np.int64), inside)
        established = population.column("established_on")
        if established.known.any():
            computed = established.known & ~population.column("established_within_3y").known  # a given answer stands
            population.settle("established_within_3y", (established.values >= self._three_years_ago()).astype(np.int64), computed)
        if self.sizes is not None:
            self.sizes.settle(population)
        for name, condition in self.derived:
            byte, meaning = self.compiler.compile(condition)
            truth = meant(byte, meaning, population)
            population.settle(name, (truth == YES).astype(np.int64), truth != OPEN)

    def _three_years_ago(self) -> int:
        """The first day of establishment that is still within three years."""
        day = self.as_of.replace(year=self.as_of.year - 3, day=min(self.as_of.day, 28)) - dt.timedelta(days=3)
        while years_after(day, 3) < self.as_of:
            day += dt.timedelta(days=1)
        return day.toordinal()

    def run(self, codes: Codes) -> Outcome:
        """Every policy for every enterprise."""
        found = {role: np.zeros((self.words, codes.count), dtype=np.uint64) for role in ("no", "open", "scope", "people")}
        for word in range(self.words):
            pairs = [_pair(tables, word) for tables in self.tables]
            rare = [(role, at, tables[role][word]) for at, tables in enumerate(self.tables) for role in ("scope", "people") if role in tables]
            size = min(BLOCK, codes.count)
            looked_up = np.empty(size, dtype=np.complex128)
            for start in range(0, codes.count, BLOCK):
                rows = slice(start, min(start + BLOCK, codes.count))
                length = rows.stop - rows.start
                buffer = looked_up[:length]
                both = np.zeros(length * 2, dtype=np.uint64)
                bits = buffer.view(np.uint64)
                for table, code in zip(pairs, codes.packed, strict=True):
                    np.take(table, code[rows], out=buffer, mode="clip")
                    np.bitwise_or(both, bits, out=both)
                found["no"][word, rows] = both[0::2]
                found["open"][word, rows] = both[1::2]
                for role, at, one in rare:
                    found[role][word, rows] |= one[codes.packed[at][rows]]
        return Outcome(self, codes, found)


def _pair(tables: Mapping[str, Array], word: int) -> Array:
    """The tables of "no" and "open" side by side, as 16-byte elements that are copied whole (complex128 is only the container)."""
    some = next(iter(tables.values()))
    both = np.zeros((some.shape[1], 2), dtype=np.uint64)
    for place, role in enumerate(("no", "open")):
        if role in tables:
            both[:, place] = tables[role][word]
    return both.view(np.complex128).reshape(-1)


def _conjuncts(node: Truth) -> Iterable[Truth]:
    if isinstance(node, And):
        for part in node.of:
            yield from _conjuncts(part)
    else:
        yield node


@dataclass(frozen=True, slots=True)
class Use:
    """A byte that a policy asks, and what its codes mean to it."""

    byte: Byte
    meaning: tuple[int, ...]
    bit: int
    scope: bool
    people: bool


def _gathered(uses: Sequence[Use]) -> list[Use]:
    """Conditions that exactly the same policies ask become one: fewer bytes to look up."""
    asked: dict[int, list[Use]] = {}
    for use in uses:
        asked.setdefault(id(use.byte), []).append(use)
    alike: dict[Any, list[list[Use]]] = {}
    kept: list[Use] = []
    for of_byte in asked.values():
        meanings = {use.meaning for use in of_byte}
        if len(meanings) == 1 and meanings <= {(NO, OPEN, YES), (YES, OPEN, NO)}:
            alike.setdefault(frozenset((use.bit, use.scope, use.people) for use in of_byte), []).append(of_byte)
        else:
            kept += of_byte
    for same in alike.values():
        if len(same) == 1:
            kept += same[0]
            continue
        together = All([(of_byte[0].byte, of_byte[0].meaning[0] == YES) for of_byte in same])
        kept += [Use(together, (NO, OPEN, YES), use.bit, use.scope, use.people) for use in same[0]]
    return kept


def _packed(every: list[Byte]) -> list[list[Byte]]:
    """Groups of bytes whose codes together stay within one table, few and full."""
    groups: list[list[Byte]] = []
    for byte in sorted(every, key=lambda byte: -byte.size):
        room = [group for group in groups if math.prod(other.size for other in group) * byte.size <= LARGEST_GROUP]
        best = max(room, key=lambda group: math.prod(other.size for other in group), default=None)
        if best is None:
            groups.append([byte])
        else:
            best.append(byte)
    return groups
