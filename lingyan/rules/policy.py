"""A policy and its dated versions, read from one strict YAML file.

Whatever a policy officer could get wrong is refused here with file and line: unknown keys and facts, wrong units, overlapping versions,
bands that nothing can reach, clauses that share an id.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from lingyan.rules import strict_yaml
from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.exact import MONEY, Number, from_decimal
from lingyan.rules.facts import Fact, FactCatalogue, read_date
from lingyan.rules.language import BadExpression, parse_condition, parse_quantity
from lingyan.rules.score import Band, Item, Score, unreachable_bands
from lingyan.rules.strict_yaml import Table
from lingyan.rules.terms import Always, Constant, If, Known, Quantity, Situation, Truth

POLICY_KEYS = {
    "id", "name", "level", "region", "who", "lead_department", "expert", "application", "window", "materials",
    "date_counts", "exclusion", "competitive", "derives", "notes", "versions", "tests",
}  # fmt: skip
VERSION_KEYS = {
    "version", "effective_from", "effective_to", "published_on", "document_number", "issuing_body", "trust", "source_url",
    "notes", "also_for", "windows", "scope", "clauses", "score", "classify", "benefit",
}  # fmt: skip
CLAUSE_KEYS = {"id", "says", "quote", "applies", "when"}
BENEFIT_KEYS = {"kind", "unit", "amount", "up_to", "at_least", "otherwise", "outputs", "not_read", "note", "validity"}
ITEM_KEYS = {"id", "part", "says", "max", "bands", "best_of", "per", "each", "points", "value"}
KINDS = {
    "qualification", "classification", "grant", "award", "subsidy", "refund", "deduction", "reduction", "credit", "tax", "tax_rate",
    "tax_credit", "interest_subsidy", "levy_due", "levy_rate",
}  # fmt: skip
LEVIES = {"levy_due", "levy_rate"}
TRUST = {"read", "read-secondary", "mixed", "partial", "memory"}
DATE_COUNTS = {"application", "tax_year", "purchase", "loan", "levy_year", "cost_year"}
AMOUNT_UNITS = {"元": "元", "万元": "万元", "万元/年": "万元", "万元额度": "万元"}
FAR_FUTURE = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of the document. `met` is None while it is not known; outside `applies` it is not applicable."""

    id: str
    says: str
    quote: str
    when: Truth
    applies: Truth | None
    test: Truth  # both together
    fact_names: tuple[str, ...]
    scope: bool
    line: int


@dataclass(frozen=True, slots=True)
class Classes:
    """A classification by rows of an industry table: the first class whose bounds are all reached."""

    output: str
    industry: Known
    rows: Mapping[str, tuple[tuple[str, Truth], ...]]
    last: str

    def possible(self, s: Situation) -> frozenset[str]:
        """The classes still possible; one when it is certain (微型 needs only one figure under its bound)."""
        industry = self.industry.value(s)
        rows = self.rows.values() if industry is None else [self.rows[industry]]
        found: set[str] = set()
        for row in rows:
            for name, bounds in row:
                truth = bounds.truth(s)
                if truth is not False:
                    found.add(name)
                if truth:
                    break
            else:
                found.add(self.last)
        return frozenset(found)

    def needs(self, s: Situation) -> dict[str, Fact]:
        """The absent facts on which the class still depends."""
        industry = self.industry.value(s)
        rows = self.rows.values() if industry is None else [self.rows[industry]]
        found: dict[str, Fact] = {} if industry is not None else {self.industry.name: self.industry.fact}
        for row in rows:
            for _, bounds in row:
                truth = bounds.truth(s)
                if truth is None:
                    found.update(bounds.needs(s))
                elif truth:
                    break
        return found

    def facts(self) -> dict[str, Fact]:
        """All facts it can read."""
        found = {self.industry.name: self.industry.fact}
        for row in self.rows.values():
            for _, bounds in row:
                found.update(bounds.facts())
        return found


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a version gives or takes. `amount` is promised; `up_to` and `at_least` are bounds the document sets, never an amount."""

    kind: str
    unit: str | None = None
    amount: Quantity | None = None
    up_to: Quantity | None = None
    at_least: Quantity | None = None
    otherwise: Quantity | None = None  # what is due when the policy is missed: shows a cliff
    outputs: Mapping[str, Quantity] = field(default_factory=dict)
    not_read: bool = False  # the document sets an amount, but its text could not be read
    note: str = ""
    validity: str = ""


@dataclass(frozen=True, slots=True)
class AlsoFor:
    """A version that goes on for one kind of application after its time."""

    application_type: str
    first: dt.date
    last: dt.date
    basis: str


@dataclass(frozen=True, slots=True)
class Version:
    """One dated state of a policy."""

    id: str
    effective_from: dt.date
    effective_to: dt.date | None
    published_on: dt.date | None
    published_text: str | None
    document_number: str
    issuing_body: str
    trust: str
    source_url: str
    notes: str
    also_for: tuple[AlsoFor, ...]
    windows: tuple[tuple[dt.date, dt.date], ...]
    clauses: tuple[Clause, ...]
    score: Score | None
    classes: Classes | None
    benefit: Benefit
    line: int

    @property
    def known_from(self) -> dt.date:
        """When it could be known: its publication, or where that is unknown its first day."""
        return self.published_on or self.effective_from

    def holds_on(self, day: dt.date) -> bool:
        """In force by its own dates, both inclusive."""
        return self.effective_from <= day <= (self.effective_to or FAR_FUTURE)

    def facts(self) -> dict[str, Fact]:
        """Every fact the version may read, in the order of the document."""
        found: dict[str, Fact] = {}
        for clause in self.clauses:
            found.update(clause.test.facts())
        if self.classes:
            found.update(self.classes.facts())
        for formula in self.formulas():
            found.update(formula.facts())
        return found

    def formulas(self) -> Iterator[Quantity]:
        """The formulas of the benefit."""
        benefit = self.benefit
        yield from (formula for formula in (benefit.amount, benefit.up_to, benefit.at_least) if formula is not None)
        yield from benefit.outputs.values()


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy with all its versions."""

    id: str
    name: str
    level: str
    region: str
    who: str
    lead_department: str
    expert: str
    application: str
    window: str
    materials: tuple[str, ...]
    date_counts: str
    exclusion_group: str
    exclusion_rule: str
    competitive: bool
    derives: str
    notes: str
    versions: tuple[Version, ...]
    tests: Any
    file: str

    def version_for(self, as_of: dt.date, known_as_of: dt.date, application_type: str | None) -> Version | None:
        """The version that governs on `as_of` as far as was known on `known_as_of`; None when none is in force.

        A version kept alive for one type of application goes first. A lapsed policy is never extended.
        """
        for version in self.versions:
            for also in version.also_for:
                if application_type == also.application_type and also.first <= as_of <= also.last and version.known_from <= known_as_of:
                    return version
        for version in self.versions:
            if version.holds_on(as_of) and version.known_from <= known_as_of:
                return version
        return None


def read_policy(text: str, file: str, catalogue: FactCatalogue) -> Policy:
    """A policy from its file; `BadPolicyFile` with file and line for the first thing that is wrong."""
    return _Reader(file, catalogue).policy(strict_yaml.read(text, file))


class _Reader:
    def __init__(self, file: str, catalogue: FactCatalogue) -> None:
        self.file, self.catalogue = file, catalogue

    # ---- small readers ----

    def wrong(self, line: int, sentence: str) -> BadPolicyFile:
        return BadPolicyFile(self.file, line, sentence)

    def table(self, value: Any, keys: set[str], needed: Sequence[str], line: int) -> Table:
        if not isinstance(value, Table):
            raise self.wrong(line, "这里应是一组键值")
        for key in value:
            if key not in keys:
                raise self.wrong(value.lines[key], f"不认识的键“{key}”（可用：{'、'.join(sorted(keys))}）")
        for key in needed:
            if value.get(key) in (None, ""):
                raise self.wrong(value.line, f"缺少“{key}”")
        return value

    def rows(self, value: Any, line: int) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(line, "这里应是一个列表")
        return value

    def text(self, table: Table, key: str) -> str:
        value = table.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(table.lines[key], f"“{key}”应是文字")
        return str(value).strip()

    def date(self, table: Table, key: str) -> dt.date | None:
        if table.get(key) is None:
            return None
        try:
            return read_date(str(table[key]))
        except BadInput as problem:
            raise self.wrong(table.lines[key], f"“{key}”：{problem}") from None

    def number(self, table: Table, key: str) -> Number:
        try:
            return from_decimal(Decimal(str(table[key])))
        except (InvalidOperation, BadInput):
            raise self.wrong(table.lines[key], f"“{key}”应是一个数") from None

    def condition(self, table: Table, key: str, score: Truth | None = None) -> Truth:
        parsed: Truth = self._parse(table, key, lambda text: parse_condition(text, self.catalogue, score))
        return parsed

    def quantity(self, table: Table, key: str, kind: str | None = None) -> Quantity:
        parsed: Quantity = self._parse(table, key, lambda text: parse_quantity(text, self.catalogue, kind))
        return parsed

    def _parse(self, table: Table, key: str, parse: Callable[[str], Any]) -> Any:
        if not isinstance(table[key], str):
            raise self.wrong(table.lines[key], f"“{key}”应是一个条件或公式")
        try:
            return parse(str(table[key]))
        except BadExpression as problem:
            raise self.wrong(table.lines[key], f"“{key}”：{problem}") from None

    # ---- the parts of a file ----

    def policy(self, document: Any) -> Policy:
        needed = ("id", "name", "level", "who", "lead_department", "window", "materials", "date_counts", "versions")
        table = self.table(document, POLICY_KEYS, needed, 1)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.text(table, "id")):
            raise self.wrong(table.lines["id"], "id 只能用小写字母、数字和连字符")
        if table["date_counts"] not in DATE_COUNTS:
            raise self.wrong(table.lines["date_counts"], f"date_counts 应为 {'、'.join(sorted(DATE_COUNTS))} 之一")
        exclusion = Table(1)
        if table.get("exclusion") is not None:
            exclusion = self.table(table["exclusion"], {"group", "rule"}, ("group", "rule"), table.lines["exclusion"])
        derives = self.text(table, "derives")
        if derives and derives not in self.catalogue.by_name:
            raise self.wrong(table.lines["derives"], f"事实目录里没有“{derives}”")
        versions = [self.version(row, table.lines["versions"]) for row in self.rows(table["versions"], table.line)]
        self._check_versions(versions)
        return Policy(
            id=self.text(table, "id"),
            name=self.text(table, "name"),
            level=self.text(table, "level"),
            region=self.text(table, "region"),
            who=self.text(table, "who"),
            lead_department=self.text(table, "lead_department"),
            expert=self.text(table, "expert"),
            application=self.text(table, "application"),
            window=self.text(table, "window"),
            materials=tuple(str(row) for row in self.rows(table["materials"], table.line)),
            date_counts=self.text(table, "date_counts"),
            exclusion_group=self.text(exclusion, "group"),
            exclusion_rule=self.text(exclusion, "rule"),
            competitive=self._flag(table, "competitive"),
            derives=derives,
            notes=self.text(table, "notes"),
            versions=tuple(versions),
            tests=table.get("tests"),
            file=self.file,
        )

    def _flag(self, table: Table, key: str) -> bool:
        if table.get(key) not in (None, "true", "false"):
            raise self.wrong(table.lines[key], f"“{key}”应为 true 或 false")
        return bool(table.get(key) == "true")

    def _check_versions(self, versions: list[Version]) -> None:
        if not versions:
            raise self.wrong(1, "至少要有一个版本")
        for position, version in enumerate(versions):
            if version.effective_to is not None and version.effective_to < version.effective_from:
                raise self.wrong(version.line, f"版本 {version.id} 的止日早于起日")
            for earlier in versions[:position]:
                if earlier.id == version.id:
                    raise self.wrong(version.line, f"版本号 {version.id} 重复")
                if version.effective_from <= (earlier.effective_to or FAR_FUTURE) and earlier.effective_from <= (version.effective_to or FAR_FUTURE):
                    raise self.wrong(version.line, f"版本 {version.id} 与 {earlier.id} 的有效期重叠")
                for also in version.also_for:
                    for other in earlier.also_for:
                        if also.application_type == other.application_type and also.first <= other.last and other.first <= also.last:
                            raise self.wrong(version.line, f"版本 {version.id} 与 {earlier.id} 同时延用于同一申请类型")

    def version(self, row: Any, line: int) -> Version:
        needed = ("version", "effective_from", "document_number", "issuing_body", "trust", "benefit")
        table = self.table(row, VERSION_KEYS, needed, line)
        if table["trust"] not in TRUST:
            raise self.wrong(table.lines["trust"], f"trust 应为 {'、'.join(sorted(TRUST))} 之一")
        score = self.score(table) if table.get("score") is not None else None
        clauses = [self.clause(clause, table.lines["scope"], scope=True, score=score) for clause in self.rows(table.get("scope"), table.line)]
        clauses += [self.clause(clause, table.lines["clauses"], scope=False, score=score) for clause in self.rows(table.get("clauses"), table.line)]
        ids: set[str] = set()
        for clause in clauses:
            if clause.id in ids:
                raise self.wrong(clause.line, f"条款号“{clause.id}”重复")
            ids.add(clause.id)
        if not clauses:
            raise self.wrong(table.line, "没有条款；无条件的政策也要写一条 when: 无条件")
        if score is not None and not any(node is score for clause in clauses for node in clause.when.walk()):
            raise self.wrong(table.lines["score"], "评分表没有被任何条款用到（应有条款写“评分合格”）")
        published, published_text = self._published(table)
        first = self.date(table, "effective_from")
        assert first is not None  # needed above
        return Version(
            id=self.text(table, "version"),
            effective_from=first,
            effective_to=self.date(table, "effective_to"),
            published_on=published,
            published_text=published_text,
            document_number=self.text(table, "document_number"),
            issuing_body=self.text(table, "issuing_body"),
            trust=self.text(table, "trust"),
            source_url=self.text(table, "source_url"),
            notes=self.text(table, "notes"),
            also_for=tuple(self.also_for(also, table.line) for also in self.rows(table.get("also_for"), table.line)),
            windows=tuple(self.span(span, table.line) for span in self.rows(table.get("windows"), table.line)),
            clauses=tuple(clauses),
            score=score,
            classes=self.classes(table) if table.get("classify") is not None else None,
            benefit=self.benefit(table["benefit"], table.lines["benefit"]),
            line=table.line,
        )

    def _published(self, table: Table) -> tuple[dt.date | None, str | None]:
        """The day of publication. Of a month only (2026-01) its last day counts: by then it was certainly out."""
        text = table.get("published_on")
        if text is None:
            return None, None
        month = re.fullmatch(r"(\d{4})-(\d{2})", str(text), re.ASCII)
        if month is None:
            return self.date(table, "published_on"), str(text)
        year, number = int(month[1]), int(month[2])
        if not 1 <= number <= 12:
            raise self.wrong(table.lines["published_on"], f"没有 {text} 这个月")
        return dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1), str(text)

    def span(self, row: Any, line: int) -> tuple[dt.date, dt.date]:
        table = self.table(row, {"from", "to"}, ("from", "to"), line)
        first, last = self.date(table, "from"), self.date(table, "to")
        if first is None or last is None or last < first:
            raise self.wrong(table.line, "起止日期不对")
        return first, last

    def also_for(self, row: Any, line: int) -> AlsoFor:
        keys = ("application_type", "from", "to", "basis")
        table = self.table(row, set(keys), keys, line)
        first, last = self.date(table, "from"), self.date(table, "to")
        assert first is not None
        assert last is not None
        application_type = self.catalogue.by_name.get("application_type")
        if application_type is None or table["application_type"] not in application_type.values:
            raise self.wrong(table.lines["application_type"], f"没有“{table['application_type']}”这种申请类型")
        return AlsoFor(str(table["application_type"]), first, last, str(table["basis"]))

    def clause(self, row: Any, line: int, *, scope: bool, score: Truth | None) -> Clause:
        table = self.table(row, CLAUSE_KEYS, ("id", "says", "when"), line)
        when = self.condition(table, "when", score)
        applies = self.condition(table, "applies") if table.get("applies") is not None else None
        test = when if applies is None else If(applies, when, Always())
        return Clause(
            id=self.text(table, "id"),
            says=self.text(table, "says"),
            quote=self.text(table, "quote"),
            when=when,
            applies=applies,
            test=test,
            fact_names=tuple(test.facts()),
            scope=scope,
            line=table.line,
        )

    def score(self, version: Table) -> Score:
        table = self.table(version["score"], {"pass", "floors", "items"}, ("pass", "items"), version.lines["score"])
        items = [self.item(row, table.lines["items"]) for row in self.rows(table["items"], table.line)]
        if len({item.id for item in items}) < len(items):
            raise self.wrong(table.lines["items"], "评分项 id 重复")
        floors: dict[str, Number] = {}
        given = table.get("floors")
        if given is not None:
            for part in self.table(given, {item.part for item in items}, (), table.lines["floors"]):
                floors[part] = self.number(given, part)
                if sum(item.max for item in items if item.part == part) < floors[part]:
                    raise self.wrong(given.lines[part], f"“{part}”满分都达不到下限")
        pass_mark = self.number(table, "pass")
        if sum(item.max for item in items) < pass_mark:
            raise self.wrong(table.lines["pass"], "满分都达不到合格线")
        return Score(items, pass_mark, floors)

    def item(self, row: Any, line: int) -> Item:
        table = self.table(row, ITEM_KEYS, ("id", "part", "says", "max"), line)
        forms = [key for key in ("bands", "best_of", "per", "value") if table.get(key) is not None]
        if len(forms) != 1:
            raise self.wrong(table.line, "bands、best_of、per、value 四者应有且只有一个")
        most = self.number(table, "max")
        made = Item(id=self.text(table, "id"), part=self.text(table, "part"), says=self.text(table, "says"), max=most)
        fields: dict[str, Any] = {}
        if forms[0] in ("bands", "best_of"):
            lists = [table["bands"]] if forms[0] == "bands" else self.rows(table["best_of"], table.line)
            fields["tables"] = tuple(self.bands(rows, most, table.lines[forms[0]]) for rows in lists)
        elif forms[0] == "per":
            per = self.quantity(table, "per")
            each = self.quantity(table, "each", per.kind)
            points = self.number(table, "points")
            if not isinstance(each, Constant) or each.constant <= 0 or points <= 0:
                raise self.wrong(table.line, "each 和 points 应是正数")
            fields = {"per": per, "each": each.constant, "points": points}
        else:
            fields["value"] = self.quantity(table, "value", "分")
        return Item(id=made.id, part=made.part, says=made.says, max=most, **fields)

    def bands(self, rows: Any, most: Number, line: int) -> tuple[Band, ...]:
        bands = []
        for row in self.rows(rows, line):
            table = self.table(row, {"when", "points"}, ("when", "points"), line)
            points = self.number(table, "points")
            if points > most:
                raise self.wrong(table.line, f"分值 {table['points']} 超过本项满分")
            bands.append(Band(self.condition(table, "when"), points, table.line))
        if not bands:
            raise self.wrong(line, "评分档不能为空")
        for band, earlier in unreachable_bands(bands):
            raise self.wrong(band.line, f"这一档永远达不到：凡“{band.when.text}”的，都先落入“{earlier.when.text}”")
        return tuple(bands)

    def classes(self, version: Table) -> Classes:
        table = self.table(version["classify"], {"output", "by", "last", "rows"}, ("output", "by", "last", "rows"), version.lines["classify"])
        industry = self.quantity(table, "by")
        output = self.catalogue.by_name.get(str(table["output"]))
        if not isinstance(industry, Known) or output is None:
            raise self.wrong(table.line, "by 和 output 应是事实项")
        words = {word: value for value, word in output.values.items()}
        industries = {word: value for value, word in industry.fact.values.items()}
        if table["last"] not in words:
            raise self.wrong(table.lines["last"], f"{output.term}没有“{table['last']}”")
        rows: dict[str, tuple[tuple[str, Truth], ...]] = {}
        for row in self.rows(table["rows"], table.line):
            classes = self.table(row, {"industry", *words}, ("industry",), table.line)
            name = industries.get(str(classes["industry"]))
            if name is None or name in rows:
                raise self.wrong(classes.line, f"行业“{classes['industry']}”不在目录内或重复")
            rows[name] = tuple((words[word], self.condition(classes, word)) for word in classes if word != "industry")
        if set(rows) != set(industry.fact.values):
            raise self.wrong(table.lines["rows"], f"缺少行业：{'、'.join(industry.fact.values[name] for name in industry.fact.values if name not in rows)}")
        return Classes(output.name, industry, rows, words[str(table["last"])])

    def benefit(self, row: Any, line: int) -> Benefit:
        table = self.table(row, BENEFIT_KEYS, ("kind",), line)
        if table["kind"] not in KINDS:
            raise self.wrong(table.lines["kind"], f"不认识的待遇类型“{table['kind']}”")
        unit = self.text(table, "unit") or None
        if unit is not None and unit not in AMOUNT_UNITS:
            raise self.wrong(table.lines["unit"], f"金额单位应为 {'、'.join(AMOUNT_UNITS)} 之一")
        formulas = {key: self.quantity(table, key, MONEY) for key in ("amount", "up_to", "at_least", "otherwise") if table.get(key) is not None}
        if formulas and unit is None:
            raise self.wrong(table.line, "有金额公式就要写单位 unit")
        if "at_least" in formulas and ("amount" in formulas or "up_to" in formulas):
            raise self.wrong(table.line, "at_least 不能与 amount、up_to 并用")
        outputs: dict[str, Quantity] = {}
        if table.get("outputs") is not None:
            given = table["outputs"]
            if not isinstance(given, Table):
                raise self.wrong(table.lines["outputs"], "outputs 应是一组键值")
            outputs = {name: self.quantity(given, name, MONEY) for name in given}
        return Benefit(
            kind=str(table["kind"]),
            unit=unit,
            amount=formulas.get("amount"),
            up_to=formulas.get("up_to"),
            at_least=formulas.get("at_least"),
            otherwise=formulas.get("otherwise"),
            outputs=outputs,
            not_read=self._flag(table, "not_read"),
            note=self.text(table, "note"),
            validity=self.text(table, "validity"),
        )
