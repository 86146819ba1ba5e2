"""The fact catalogue: every fact a rule may ask about an enterprise, with its unit, and how a profile of facts is read.

A profile arrives as JSON-like data (`{"staff_y1": 310, "revenue_y1": Decimal("38000.5")}`) in the catalogue's units and leaves as
exact numbers. Absent and null mean *not known*, never zero. What cannot be right is refused with a sentence, not guessed at.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lingyan.rules import strict_yaml
from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.exact import (
    BOOL,
    COUNT_UNITS,
    DATE,
    ENUM,
    LONGEST_NUMBER,
    MONEY,
    PERSONS,
    PLAIN,
    RATIO,
    UNITS,
    Number,
    from_decimal,
    from_text,
    in_unit,
    say,
)

FACT_KEYS = {
    "name",
    "term",
    "label",
    "type",
    "unit",
    "period",
    "supplier",
    "group",
    "judged",
    "values",
    "open",
    "min",
    "max",
    "may_be_negative",
    "series",
    "part_of",
    "asked_below",
    "asked_above",
}
TYPES = {"bool", "enum", "code", "date", "int", "number", "money", "percent", "fraction", "persons"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known about an enterprise."""

    name: str  # as in the interface: revenue_y1
    term: str  # as in the conditions: 上年营业收入
    label: str
    type: str
    unit: str
    period: str
    supplier: str
    group: str
    judged: bool = False  # people judge it (专家, 人工): absent, it leads to manual_review
    values: Mapping[str, str] = field(default_factory=dict)  # enum: value → Chinese word
    open: bool = False  # enum: other values exist that no rule names
    min: Decimal | None = None
    max: Decimal | None = None
    may_be_negative: bool = False
    series: str = ""  # figures that stand beside each other: a jump of thousands between them is asked back

    part_of: str = ""  # the fact of which this is a part, and which it cannot exceed

    asked_below: Decimal | None = None  # a positive figure under this, or …
    asked_above: Decimal | None = None  # … at or over this with no revenue or assets to bear it, is asked back

    @property
    def kind(self) -> str:
        """The kind of quantity, as the conditions compare it."""
        if self.type == "money":
            return MONEY
        if self.type in ("percent", "fraction"):
            return RATIO
        if self.type in ("int", "number"):
            return self.unit or PLAIN
        return {"bool": BOOL, "enum": ENUM, "code": ENUM, "date": DATE, "persons": PERSONS}[self.type]


@dataclass(frozen=True, slots=True)
class Hire:
    """One person hired; None where it is not known."""

    group: str | None
    labor_contract: bool | None
    paid_months: Number | None


Value = bool | int | Fraction | str | dt.date | tuple[Hire, ...]


class FactCatalogue:
    """All facts by name and by term."""

    def __init__(self, facts: Iterable[Fact], groups_of_persons: Mapping[str, str]) -> None:
        self.by_name: dict[str, Fact] = {fact.name: fact for fact in facts}
        self.by_term: dict[str, Fact] = {fact.term: fact for fact in self.by_name.values()}
        self.groups_of_persons = dict(groups_of_persons)
        self.parts = [fact for fact in self.by_name.values() if fact.part_of in self.by_name]
        self.series: dict[str, list[Fact]] = {}
        for fact in self.by_name.values():
            if fact.series:
                self.series.setdefault(fact.series, []).append(fact)

    def find(self, word: str) -> Fact | None:
        """The fact with this term or name."""
        return self.by_term.get(word) or self.by_name.get(word)

    def read_profile(self, given: Mapping[str, Any], as_of: dt.date) -> dict[str, Value]:
        """The known facts of a profile as exact values. `BadInput` names the fact that cannot be right."""
        known: dict[str, Value] = {}
        confirmed: set[str] = set()
        for name, raw in given.items():
            fact = self.by_name.get(name)
            if fact is None:
                raise BadInput(f"没有名为“{name}”的事实项{_meant(name, self.by_name)}")
            if raw is None:
                continue
            try:
                known[name] = self._read(fact, raw)
            except BadInput as problem:
                raise BadInput(f"{name}（{fact.label}）：{problem}") from None
            if isinstance(raw, str):
                confirmed.add(name)
            if fact.type == "date" and known[name] > as_of:  # type: ignore[operator]
                raise BadInput(f"{name}（{fact.label}）：{raw} 晚于判定日 {as_of}，日期在未来")
        self._check_parts(known)
        self._ask_back(known, confirmed)
        return known

    def _check_parts(self, known: Mapping[str, Value]) -> None:
        """Refuse a part that is more than the whole."""
        for part in self.parts:
            value, whole = known.get(part.name), known.get(part.part_of)
            if isinstance(value, int | Fraction) and isinstance(whole, int | Fraction) and value > whole:
                fact = self.by_name[part.part_of]
                raise BadInput(
                    f"{part.name}（{part.label}）={say(value, part.kind)} 大于 {fact.name}（{fact.label}）={say(whole, fact.kind)}，"
                    "部分不能超过总数，两者矛盾，请核对"
                )

    def _read(self, fact: Fact, raw: Any) -> Value:
        if fact.type == "bool":
            if not isinstance(raw, bool):
                raise BadInput(f"应为 true 或 false，不能是 {_show(raw)}")
            return raw
        if fact.type in ("enum", "code"):
            return _read_word(fact, raw)
        if fact.type == "date":
            return read_date(raw)
        if fact.type == "persons":
            return self._read_hires(raw)
        value = _read_number(fact, raw)
        _check_bounds(fact, value, raw)
        return value

    def _read_hires(self, raw: Any) -> tuple[Hire, ...]:
        if not isinstance(raw, list | tuple):
            raise BadInput("应为人员列表")
        hires: list[Hire] = []
        for position, row in enumerate(raw, start=1):
            if not isinstance(row, Mapping):
                raise BadInput(f"第 {position} 人应写成 {{group, labor_contract, paid_months}}")
            for key in row:
                if key not in ("group", "labor_contract", "paid_months"):
                    raise BadInput(f"第 {position} 人有不认识的项“{key}”")
            group, contract, months = row.get("group"), row.get("labor_contract"), row.get("paid_months")
            if group is not None and not isinstance(group, str):
                raise BadInput(f"第 {position} 人的 group 应为文字")
            if contract is not None and not isinstance(contract, bool):
                raise BadInput(f"第 {position} 人的 labor_contract 应为 true 或 false")
            paid: Number | None = None
            if months is not None:
                paid = _plain_number(months)
                if paid < 0:
                    raise BadInput(f"第 {position} 人的 paid_months 不能为负数")
            hires.append(Hire(group, contract, paid))
        return tuple(hires)

    def _ask_back(self, known: Mapping[str, Value], confirmed: set[str]) -> None:
        """Refuse figures that look like 元 written for 万元. Written as text with the unit ("38000万元") they count as confirmed."""
        for facts in self.series.values():
            figures = [(fact, known[fact.name]) for fact in facts if fact.name in known and fact.name not in confirmed]
            positive = [(fact, value) for fact, value in figures if isinstance(value, int | Fraction) and value > 0]
            if len(positive) < 2:
                continue
            low, high = min(positive, key=lambda pair: pair[1]), max(positive, key=lambda pair: pair[1])
            if high[1] >= SUSPICIOUS_FROM and high[1] >= low[1] * SUSPICIOUS_JUMP:
                raise BadInput(
                    f"{high[0].name}={in_unit(high[1], high[0].unit)}{high[0].unit} 是 {low[0].name}={in_unit(low[1], low[0].unit)}{low[0].unit} 的"
                    f' {int(high[1] / low[1])} 倍，是否把“元”当成了“万元”？确认无误请写明单位，如 "{in_unit(high[1], high[0].unit)}{high[0].unit}"'
                )
        self._ask_back_years(known, confirmed)
        self._ask_back_sums(known, confirmed)
        staff = known.get("staff_y1", known.get("staff_now"))
        for name, value in known.items():
            fact = self.by_name[name]
            if fact.type != "money" or name in confirmed or not isinstance(value, int | Fraction):
                continue
            a_head = fact.series == "营业收入" and isinstance(staff, int) and staff > 0 and value > HUGE_BESIDE_STAFF and value / staff > HUGE_A_HEAD
            if value >= HUGE or a_head:
                raise BadInput(
                    f"{name}（{fact.label}）：{in_unit(value, fact.unit)}{fact.unit} 大得不像真的，是否把“元”当成了“{fact.unit}”？"
                    f'确认无误请写明单位，如 "{in_unit(value, fact.unit)}{fact.unit}"'
                )

    def _ask_back_years(self, known: Mapping[str, Value], confirmed: set[str]) -> None:
        """The same figure in two years, and main revenue beside all revenue."""
        years: dict[str, list[tuple[Number, Fact]]] = {}
        for name, value in known.items():
            fact = self.by_name[name]
            if fact.type == "money" and isinstance(value, int | Fraction) and value > 0 and name not in confirmed and _YEAR.search(name):
                years.setdefault(name[:-3], []).append((value, fact))
        for figures in years.values():
            (low, one), (high, other) = min(figures, key=lambda pair: pair[0]), max(figures, key=lambda pair: pair[0])
            if high >= low * YEARS_APART and high >= (SUSPICIOUS_FROM if other.may_be_negative else YEARS_FROM):
                _ask_which(other, high, one, low)
        for prefix in ("main_revenue", "sales_revenue"):
            for part_value, part in years.get(prefix, []):
                for all_value, all_of in years.get("revenue", []):
                    if part.name[-3:] == all_of.name[-3:] and part_value > all_value * 100:
                        _ask_which(part, part_value, all_of, all_value)

    def _ask_back_sums(self, known: Mapping[str, Value], confirmed: set[str]) -> None:
        """A yearly wage of a few hundred 元, a loan of ten thousand million that nothing bears."""
        bearing = [value for name, value in known.items() if self.by_name[name].series == "营业收入" or "assets" in name]
        for name, value in known.items():
            fact = self.by_name[name]
            if (fact.asked_below is None and fact.asked_above is None) or name in confirmed or not isinstance(value, int | Fraction):
                continue
            scale = UNITS[fact.unit][1]
            shown = f"{in_unit(value, fact.unit)}{fact.unit}"
            if fact.asked_below is not None and 0 < value < Fraction(fact.asked_below) * scale:
                raise BadInput(f'{name}（{fact.label}）：{shown} 小得不像真的，是否把“万元”当成了“{fact.unit}”？确认无误请写明单位，如 "{shown}"')
            borne = any(isinstance(other, int | Fraction) and other * 10 >= value for other in bearing)
            if fact.asked_above is not None and value >= Fraction(fact.asked_above) * scale and not borne:
                raise BadInput(f'{name}（{fact.label}）：{shown} 大得不像真的，是否把“元”当成了“{fact.unit}”？确认无误请写明单位，如 "{shown}"')


def _ask_which(fact: Fact, value: Number, other: Fact, low: Number) -> None:
    shown, beside = f"{in_unit(value, fact.unit)}{fact.unit}", f"{in_unit(low, other.unit)}{other.unit}"
    raise BadInput(
        f"{fact.name}={shown} 是 {other.name}={beside} 的 {int(value / low)} 倍，是否有一项把单位填错（“元”当成“{fact.unit}”）？"
        f'确认无误请写明单位，如 "{shown}"'
    )


_YEAR = re.compile(r"_y[0-3]$")
YEARS_APART = 1000
YEARS_FROM = 10_000 * UNITS["万元"][1]  # below 1亿元 a beginner may well grow a thousandfold
LARGEST = 10**LONGEST_NUMBER
SUSPICIOUS_JUMP = 2000  # 元 for 万元 is a factor of 10,000
SUSPICIOUS_FROM = 10**6 * UNITS["万元"][1]  # 100亿元
HUGE = 10**7 * UNITS["万元"][1]  # 1000亿元
HUGE_BESIDE_STAFF = 5 * 10**6 * UNITS["万元"][1]  # 500亿元 …
HUGE_A_HEAD = 10**4 * UNITS["万元"][1]  # … and over 1亿元 a head


def read_date(raw: Any) -> dt.date:
    """A calendar date from `2026-06-01`; `BadInput` otherwise."""
    if isinstance(raw, dt.datetime):
        raise BadInput("日期不带时间，应写成 2026-06-01 的样子")
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
        try:
            return dt.date.fromisoformat(raw)
        except ValueError:
            raise BadInput(f"没有 {raw} 这一天") from None
    raise BadInput(f"日期应写成 2026-06-01 的样子，不能是 {_show(raw)}")


def _read_word(fact: Fact, raw: Any) -> str:
    if fact.type == "code":
        code = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if not isinstance(code, str) or not re.fullmatch(r"\d{6}", code, re.ASCII):
            raise BadInput(f"应为六位行政区划代码，不能是 {_show(raw)}")
        return code
    if not isinstance(raw, str) or not raw.strip() or len(raw) > 60:
        raise BadInput(f"应为文字，不能是 {_show(raw)}")
    if raw in fact.values:
        return raw
    near = difflib.get_close_matches(raw.casefold(), [value.casefold() for value in fact.values], n=1, cutoff=0.85)
    if fact.open and not near:
        return raw
    raise BadInput(f"“{raw}”不在可选值之内：{'、'.join(fact.values)}")


def _plain_number(raw: Any) -> Number:
    if isinstance(raw, bool):
        raise BadInput(f"应为数字，不能是 {_show(raw)}")
    if isinstance(raw, int):
        if not -LARGEST < raw < LARGEST:
            raise BadInput("数字太长")
        return raw
    if isinstance(raw, Decimal):
        return from_decimal(raw)
    if isinstance(raw, float):  # from Python callers only; the command reads JSON numbers as decimals
        return from_decimal(Decimal(repr(raw)))
    raise BadInput(f"应为数字，不能是 {_show(raw)}")


def _read_number(fact: Fact, raw: Any) -> Number:
    if isinstance(raw, str):
        value, kind = from_text(raw)
        wanted = fact.kind
        if kind != wanted or kind == PLAIN:
            raise BadInput(f"“{raw}”要么写成数字，要么写明单位（如“{'12%' if wanted == RATIO else '12' + fact.unit}”）")
    else:
        value = _plain_number(raw)
        if fact.type == "money":
            value *= UNITS[fact.unit][1]
        elif fact.type == "percent":
            if 0 < value < 1:
                raise BadInput(f'{_show(raw)} 像是小数，百分比请填百分数（如 12 表示 12%）；确实不到 1% 请写 "{_show(raw)}%"')
            value = Fraction(value) / 100
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    if fact.type == "int" and not isinstance(value, int):
        raise BadInput(f"应为整数，不能是 {_show(raw)}")
    return value


def _check_bounds(fact: Fact, value: Number, raw: Any) -> None:
    if value < 0 and not fact.may_be_negative:
        raise BadInput(f"不能为负数（{_show(raw)}）")
    scale = UNITS[fact.unit][1] if fact.type == "money" else Fraction(1, 100) if fact.type == "percent" else 1
    if fact.min is not None and value < Fraction(fact.min) * scale:
        raise BadInput(f"不能小于 {fact.min}{fact.unit}")
    if fact.max is not None and value > Fraction(fact.max) * scale:
        hint = f"，应填小数（如 {Decimal(str(raw)) / 100} 表示 {raw}%）" if fact.type == "fraction" and isinstance(raw, int | Decimal | float) else ""
        raise BadInput(f"{_show(raw)} 超过上限 {fact.max}{fact.unit}{hint}")


def _show(raw: Any) -> str:
    text = {True: "true", False: "false"}.get(raw, str(raw)) if isinstance(raw, bool) else str(raw)
    return text if len(text) <= 40 else text[:40] + "…"


def _meant(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(names), n=1, cutoff=0.75)
    return f"，是否指“{near[0]}”？" if near else ""


def load_facts(text: str, file: str) -> FactCatalogue:
    """The catalogue from its YAML file; `BadPolicyFile` with file and line where an entry is not right."""
    document = strict_yaml.read(text, file)
    if not isinstance(document, strict_yaml.Table) or set(document) != {"groups_of_persons", "facts"}:
        raise BadPolicyFile(file, 1, "应有且只有 groups_of_persons 和 facts 两项")
    facts: list[Fact] = []
    names: set[str] = set()
    for row in document["facts"]:
        fact = _read_fact(row, file)
        for word in (fact.name, fact.term):
            if word in names:
                raise BadPolicyFile(file, row.line, f"“{word}”出现两次")
            names.add(word)
        facts.append(fact)
    return FactCatalogue(facts, document["groups_of_persons"])


def _read_fact(row: Any, file: str) -> Fact:
    if not isinstance(row, strict_yaml.Table):
        raise BadPolicyFile(file, getattr(row, "line", 1), "每个事实项应是一组键值")
    for key, line in row.lines.items():
        if key not in FACT_KEYS:
            raise BadPolicyFile(file, line, f"不认识的键“{key}”")
    for key in ("name", "term", "label", "type", "period", "supplier", "group"):
        if not row.get(key):
            raise BadPolicyFile(file, row.line, f"缺少“{key}”")
    if row["type"] not in TYPES:
        raise BadPolicyFile(file, row.lines["type"], f"不认识的类型“{row['type']}”")
    if not re.fullmatch(r"[^\W\d]\w*", row["term"]):
        raise BadPolicyFile(file, row.lines["term"], f"用语“{row['term']}”不能含标点，也不能以数字开头")
    unit = row.get("unit") or ""
    if unit and unit not in UNITS and unit not in COUNT_UNITS:
        raise BadPolicyFile(file, row.lines["unit"], f"不认识的单位“{unit}”")
    return Fact(
        name=str(row["name"]),
        term=str(row["term"]),
        label=str(row["label"]),
        type=str(row["type"]),
        unit=str(unit),
        period=str(row["period"]),
        supplier=str(row["supplier"]),
        group=str(row["group"]),
        judged=row.get("judged") == "true",
        values={str(key): str(word) for key, word in (row.get("values") or {}).items()},
        open=row.get("open") == "true",
        min=Decimal(row["min"]) if row.get("min") else None,
        max=Decimal(row["max"]) if row.get("max") else None,
        may_be_negative=row.get("may_be_negative") == "true",
        series=str(row.get("series") or ""),
        part_of=str(row.get("part_of") or ""),
        asked_below=Decimal(row["asked_below"]) if row.get("asked_below") else None,
        asked_above=Decimal(row["asked_above"]) if row.get("asked_above") else None,
    )
