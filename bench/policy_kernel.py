"""Policies in force for a million enterprises: this kernel, openfisca-core and polars, on one machine, the same rules and the same figures.

    python bench/policy_kernel.py [--rows 1000000] [--as-of 2026-06-01] [--only ours,polars,openfisca]

openfisca-core and polars are installed into an environment of the bench's own (LINGYAN_BENCH_ENV, default ~/.cache/lingyan-bench) and are never a
dependency. Each engine runs in a process of its own, so that its memory can be told. What is compared: every policy in force except 划型 and the levy,
which also work out a value. openfisca-core has no unknown: absent figures are 0 there, and the bench counts the answers that this makes wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ENGINES = ("ours", "polars", "openfisca")
LEFT_OUT = {"sme-size", "disabled-fund", "ui-rate", "hiring-expansion"}  # a value or a list of persons: not in the others' rules
ABSENT = 0.05
ADVERSE = ("abnormal", "dishonest", "prohibited", "incident", "listed", "duplicate", "excluded", "fraud", "building", "claimed", "default", "arrears")


# ---- what every engine gets ----


def export(as_of: str, rows: int, folder: Path) -> dict[str, Any]:
    """The rules as nested lists of whole numbers, and the figures as .npy files."""
    import datetime as dt

    from lingyan.rules import installed
    from lingyan.rules.columns import DTYPES, scale_of
    from lingyan.rules.facts import Fact

    catalogue, day = installed(), dt.date.fromisoformat(as_of)
    writer = Writer(day)
    policies: dict[str, list[Any]] = {}
    facts: dict[str, Fact] = {}
    for policy in catalogue.policies.values():
        version = policy.version_for(day, dt.date.today(), None)  # noqa: DTZ011
        if version is not None and policy.id not in LEFT_OUT:
            scope = ["and", *(writer.node(clause.test, version.score) for clause in version.clauses if clause.scope)]
            rest = ["and", *(writer.node(clause.test, version.score) for clause in version.clauses if not clause.scope)]
            judged = any(fact.judged for clause in version.clauses for fact in clause.test.facts().values())
            policies[policy.id] = [scope, rest, judged]
            for clause in version.clauses:
                facts.update(clause.test.facts())
    rng = np.random.default_rng(2026)
    table: dict[str, tuple[Any, Any]] = {}
    for name, fact in facts.items():
        values = figures(fact, sorted(writer.bounds.get(name, [])), scale_of(fact), rows, day, rng)
        table[name] = (values, rng.random(rows) >= ABSENT)
    agree(table)
    for name, (values, known) in table.items():
        np.save(folder / f"{name}.npy", values.astype(DTYPES.get(facts[name].type, np.int64)))
        np.save(folder / f"{name}.known.npy", known)
    return {"policies": policies, "facts": {name: fact.type for name, fact in facts.items()}, "rows": rows, "as_of": as_of}


def figures(fact: Any, bounds: list[int], scale: int, rows: int, day: Any, rng: Any) -> Any:
    """Figures on, beside and around the bounds of the rules; answers that mostly speak for the enterprise."""
    if fact.type == "bool":
        return (rng.random(rows) < (0.05 if any(word in fact.name for word in ADVERSE) else 0.8)).astype(np.int64)
    if fact.type == "enum":
        return rng.integers(0, max(len(fact.values), 1), rows)
    if fact.type == "code":
        return rng.choice(np.array([330281, 330282, 330203, 330211, 330206, 330106]), rows)
    if fact.type == "date":
        return day.toordinal() - rng.integers(0, 8000, rows)
    typical = {"money": 10_000 * 1_000_000 if fact.unit == "万元" else 10_000_000, "percent": 20 * scale // 100, "fraction": scale // 20}.get(
        fact.type, 20 * scale
    )
    values = (typical * rng.lognormal(0, 1.2, rows)).astype(np.int64)
    if bounds:
        near = rng.choice(np.array(bounds, dtype=np.int64), rows) + rng.integers(-1, 2, rows)
        values = np.where(rng.random(rows) < 0.5, near, values)
    return np.maximum(values, 0)


def agree(table: dict[str, tuple[Any, Any]]) -> None:
    """Derived facts as they follow from the others: only this engine would work them out by itself."""
    table["application_type"] = (np.zeros_like(table["application_type"][0]), table["application_type"][1])  # all new: a review has another version
    region, known = table["region_code"]
    table["in_ningbo"] = ((region // 100 == 3302).astype(np.int64), known)
    table["registered_in_zhejiang"] = ((region // 10000 == 33).astype(np.int64), known)
    inputs = [table[name] for name in ("prohibited_or_restricted_industry", "taxable_income_y0", "staff_qavg_y0", "assets_qavg_y0")]
    (barred, _), (income, _), (staff, _), (assets, _) = inputs
    small = (barred == 0) & (income <= 300 * 1_000_000) & (staff <= 300 * 10_000) & (assets <= 5000 * 1_000_000)
    one_fails = np.zeros(len(small), dtype=bool)
    for (_, given), fails in zip(inputs, (barred == 1, income > 300 * 1_000_000, staff > 300 * 10_000, assets > 5000 * 1_000_000), strict=True):
        one_fails |= given & fails
    table["is_slp"] = (small.astype(np.int64), np.logical_and.reduce([given for _, given in inputs]) | one_fails)


class Writer:
    """Conditions as nested lists that need no package to be read."""

    def __init__(self, day: Any) -> None:
        self.today = day.toordinal()
        self.bounds: dict[str, list[int]] = {}

    def node(self, node: Any, score: Any) -> list[Any]:
        from fractions import Fraction

        from lingyan.rules import terms
        from lingyan.rules.columns import scale_of, word_code
        from lingyan.rules.score import Score

        def names(part: Any) -> list[str]:
            return [one.name for one in part.of] if isinstance(part, terms.Gather) else [part.name]

        def scale(part: Any) -> int:
            return scale_of(part.of[0].fact if isinstance(part, terms.Gather) else part.fact)

        if isinstance(node, Score):
            return ["score", int(node.pass_mark), {part: int(floor) for part, floor in node.floors.items()}, [self.item(item, score) for item in node.items]]
        if isinstance(node, terms.And | terms.Or):
            return ["and" if isinstance(node, terms.And) else "or", *(self.node(part, score) for part in node.of)]
        if isinstance(node, terms.Not):
            return ["not", self.node(node.of, score)]
        if isinstance(node, terms.If):
            return ["if", *(self.node(part, score) for part in (node.condition, node.then, node.otherwise))]
        if isinstance(node, terms.Always):
            return ["and"]
        if isinstance(node, terms.Told):
            return ["cmp", "==", node.name, 1, 1]
        if isinstance(node, terms.Among):
            codes = [word_code(node.of.fact, word) if isinstance(word, str) else int(word) for word in node.words]
            return ["in", node.name, sorted(codes)]
        left, right = node.left, node.right
        if isinstance(left, terms.Known) and isinstance(right, terms.Known):
            return ["diff", node.op, left.name, right.name]
        bound = Fraction(right.constant)
        p, q = bound.numerator, bound.denominator
        if isinstance(left, terms.Known):
            at = bound * scale_of(left.fact)
            self.bounds.setdefault(left.name, []).append(int(at))
            return ["cmp", node.op, left.name, at.numerator, at.denominator]
        if isinstance(left, terms.DaysSince):
            turned = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}[node.op]
            return ["cmp", turned, left.date.name, self.today - int(bound), 1]
        if isinstance(left, terms.Ratio):
            return ["share", node.op, names(left.above), names(left.below), p * scale(left.above), q * scale(left.below)]
        if isinstance(left, terms.CompoundGrowth):
            squared = (1 + bound) ** 2
            return ["share", node.op, [left.new.name], [left.old.name], squared.numerator, squared.denominator]  # type: ignore[attr-defined]
        if isinstance(left, terms.Growth) and len(left.years) == 2:
            return ["share", node.op, names(left.years[0]), names(left.years[1]), p + q, q]
        if isinstance(left, terms.Growth):
            return ["growth", node.op, *(year.name for year in left.years), float(2 * (1 + bound))]  # type: ignore[attr-defined]
        if isinstance(left, terms.Gather):
            at = bound * scale(left) * (len(left.of) if left.how == "平均" else 1)
            if left.how == "最大":
                return ["or", *(["cmp", node.op, name, at.numerator, at.denominator] for name in names(left))]
            return ["sum", node.op, names(left), at.numerator, at.denominator]
        raise NotImplementedError(node.text)

    def item(self, item: Any, score: Any) -> list[Any]:
        if item.tables:
            return [item.part, [[[self.node(band.when, score), int(band.points)] for band in table] for table in item.tables]]
        if item.per is not None:
            from lingyan.rules import terms
            from lingyan.rules.columns import scale_of

            steps = range(int(item.max // item.points) + 1, 0, -1)
            bounds = [int(item.each * step) * scale_of(item.per.fact) for step in steps]
            bands = [[["cmp", ">=", item.per.name, at, 1], int(min(step * item.points, item.max))] for step, at in zip(steps, bounds, strict=True)]
            assert isinstance(item.per, terms.Known)
            return [item.part, [bands]]
        raise NotImplementedError(item.says)


class Timer:
    """Wall and processor seconds of each repeat; the least counts (others use the machine too)."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.processor: list[float] = []

    def __enter__(self) -> None:
        self.started = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall.append(time.perf_counter() - self.started[0])
        self.processor.append(time.process_time() - self.started[1])

    def least(self) -> list[float]:
        return [min(self.wall), min(self.processor)]

    def middle(self) -> list[float]:
        return [sorted(times)[len(times) // 2] for times in (self.wall, self.processor)]


def load(folder: Path, rules: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (np.load(folder / f"{name}.npy"), np.load(folder / f"{name}.known.npy")) for name in rules["facts"]}


# ---- the engines, each in its own process ----


def run_ours(folder: Path, rules: dict[str, Any], repeat: int) -> dict[str, Any]:
    import datetime as dt

    from lingyan.rules import checkup
    from lingyan.rules.columns import Column, Columns
    from lingyan.rules.kernel import STATUS_CODES, Kernel

    before = memory()
    data = load(folder, rules)
    loaded = memory()
    start = time.perf_counter()
    kernel = Kernel(dt.date.fromisoformat(rules["as_of"]))
    compiled = time.perf_counter() - start
    columns = Columns(rules["rows"], {name: Column(values, known) for name, (values, known) in data.items()})
    running, both, single = Timer(), Timer(), Timer()
    for _ in range(repeat):
        with both:
            codes = kernel.encode(columns)
            with running:
                outcome = kernel.run(codes)
    peak = memory()
    yes = {policy: STATUS_CODES.index("eligible") for policy in rules["policies"]}
    for policy, code in yes.items():
        np.save(folder / f"ours.{policy}.npy", outcome.status(policy) == code)
        np.save(folder / f"ours.{policy}.open.npy", np.isin(outcome.status(policy), [STATUS_CODES.index("unknown"), STATUS_CODES.index("manual_review")]))
    profile = single_profile(rules)
    for _ in range(200):
        with single:
            checkup(profile, dt.date.fromisoformat(rules["as_of"]))
    return {
        "compile": compiled,
        "run": running.least(),
        "both": both.least(),
        "policies": len(kernel.label),
        "conditions": kernel.conditions,
        "bytes_a_row": codes.bytes_a_row,
        "memory": peak - loaded,
        "figures": loaded - before,
        "single": single.middle(),
    }


def single_profile(rules: dict[str, Any]) -> dict[str, Any]:
    """A plain profile for one enterprise: what the single request of each engine gets."""
    from lingyan.rules import installed

    profile: dict[str, Any] = {}
    for name, kind in rules["facts"].items():
        fact = installed().facts.by_name[name]
        profile[name] = {"bool": True, "enum": next(iter(fact.values), "别的"), "code": "330281", "date": "2015-01-01", "percent": 20, "fraction": 0}.get(
            kind, 12
        )
    for name in ("is_slp", "in_ningbo", "registered_in_zhejiang", "size_class"):
        profile.pop(name, None)
    return profile


def run_polars(folder: Path, rules: dict[str, Any], repeat: int) -> dict[str, Any]:
    import polars as pl

    before = memory()
    data = load(folder, rules)
    frame = pl.DataFrame({name: pl.Series(name, values).set(pl.Series(~known), None) for name, (values, known) in data.items()})
    del data
    loaded = memory()
    test = {">=": "__ge__", ">": "__gt__", "<=": "__le__", "<": "__lt__", "==": "__eq__", "!=": "__ne__"}

    def total(names: list[str]) -> Any:
        found = pl.col(names[0])
        for name in names[1:]:
            found = found + pl.col(name)
        return found

    def build(node: list[Any]) -> Any:
        kind, *of = node
        if kind in ("and", "or"):
            found = pl.lit(kind == "and") if not of else build(of[0])
            for part in of[1:]:
                found = found & build(part) if kind == "and" else found | build(part)
            return found
        if kind == "not":
            return ~build(of[0])
        if kind == "if":
            condition, then, otherwise = (build(part) for part in of)
            return (condition & then) | (~condition & otherwise) | (then & otherwise)
        if kind == "in":
            return pl.col(of[0]).is_in(of[1])
        if kind == "cmp":
            return getattr(pl.col(of[1]) * of[3], test[of[0]])(of[2])
        if kind == "sum":
            return getattr(total(of[1]) * of[3], test[of[0]])(of[2])
        if kind == "diff":
            return getattr(pl.col(of[1]), test[of[0]])(pl.col(of[2]))
        if kind == "share":
            below = total(of[2])
            return (below > 0) & getattr(total(of[1]) * of[4], test[of[0]])(below * of[3])
        if kind == "growth":
            a, b, c = (pl.col(name).cast(pl.Float64) for name in of[1:4])
            return (b > 0) & (c > 0) & getattr(a / b + b / c, test[of[0]])(of[4])
        if kind == "score":
            return score(*of)
        raise NotImplementedError(kind)

    def score(mark: int, floors: dict[str, int], items: list[Any]) -> Any:
        ends: dict[str, list[Any]] = {part: [pl.lit(0), pl.lit(0)] for part in ("", *floors)}
        for part, tables in items:
            lows, highs = [], []
            for bands in tables:
                low, high = pl.lit(0), pl.lit(0)
                for condition, points in reversed(bands):
                    truth = build(condition)
                    low = pl.when(truth).then(points).when(truth.is_null()).then(pl.min_horizontal(low, pl.lit(points))).otherwise(low)
                    high = pl.when(truth).then(points).when(truth.is_null()).then(pl.max_horizontal(high, pl.lit(points))).otherwise(high)
                lows.append(low)
                highs.append(high)
            low, high = (lows[0], highs[0]) if len(lows) == 1 else (pl.max_horizontal(lows), pl.max_horizontal(highs))
            for name in ("", part):
                if name in ends:
                    ends[name] = [ends[name][0] + low, ends[name][1] + high]
        passes, fails = pl.lit(True), pl.lit(False)
        for name, floor in {"": mark, **floors}.items():
            passes, fails = passes & (ends[name][0] >= floor), fails | (ends[name][1] < floor)
        return pl.when(passes).then(True).when(fails).then(False).otherwise(None)

    asked = [(build(scope) & build(rest)).alias(policy) for policy, (scope, rest, _) in rules["policies"].items()]
    running = Timer()
    for _ in range(repeat):
        with running:
            found = frame.lazy().select(asked).collect()
    peak = memory()
    wrong = differences(folder, rules, lambda policy: found[policy])
    return {"run": running.least(), "policies": len(asked), "memory": peak - loaded, "figures": loaded - before, "wrong": wrong}


def run_openfisca(folder: Path, rules: dict[str, Any], repeat: int) -> dict[str, Any]:
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    before = memory()
    enterprise = build_entity(key="enterprise", plural="enterprises", label="enterprise", is_person=True)
    system = TaxBenefitSystem([enterprise])
    for name, kind in rules["facts"].items():
        kinds = {"value_type": bool if kind == "bool" else int if kind in ("enum", "code", "date") else float}
        system.add_variable(type(name, (Variable,), {**kinds, "entity": enterprise, "definition_period": DateUnit.YEAR, "label": name}))
    compare = {">=": np.greater_equal, ">": np.greater, "<=": np.less_equal, "<": np.less, "==": np.equal, "!=": np.not_equal}

    def formula_of(node: list[Any]) -> Any:
        def formula(enterprises: Any, period: Any) -> Any:
            return answer(node, lambda name: enterprises(name, period))

        return formula

    def total(names: list[str], get: Any) -> Any:
        return sum((get(name) for name in names[1:]), get(names[0]))

    def answer(node: list[Any], get: Any) -> Any:
        kind, *of = node
        if kind in ("and", "or"):
            found = np.bool_(kind == "and")
            for part in of:
                found = found & answer(part, get) if kind == "and" else found | answer(part, get)
            return found
        if kind == "not":
            return ~answer(of[0], get)
        if kind == "if":
            return np.where(*(answer(part, get) for part in of))
        if kind == "in":
            return np.isin(get(of[0]), of[1])
        if kind == "cmp":
            value = get(of[1])
            return value == bool(of[2]) if value.dtype == bool else compare[of[0]](value, of[2] / of[3])
        if kind == "sum":
            return compare[of[0]](total(of[1], get), of[2] / of[3])
        if kind == "diff":
            return compare[of[0]](get(of[1]), get(of[2]))
        if kind == "share":
            below = total(of[2], get)
            return (below > 0) & compare[of[0]](total(of[1], get), below * (of[3] / of[4]))
        if kind == "growth":
            a, b, c = (get(name) for name in of[1:4])
            with np.errstate(divide="ignore", invalid="ignore"):
                return (b > 0) & (c > 0) & compare[of[0]](a / b + b / c, of[4])
        mark, floors, items = of
        totals: dict[str, Any] = dict.fromkeys(("", *floors), 0)
        for part, tables in items:
            best = [np.select([answer(condition, get) for condition, _ in bands], [points for _, points in bands], 0) for bands in tables]
            points = best[0] if len(best) == 1 else np.maximum(*best)
            for name in ("", part):
                if name in totals:
                    totals[name] = totals[name] + points
        found = totals[""] >= mark
        for part, floor in floors.items():
            found = found & (totals[part] >= floor)
        return found

    for policy, (scope, rest, _) in rules["policies"].items():
        body = {"value_type": bool, "entity": enterprise, "definition_period": DateUnit.YEAR, "label": policy, "formula": formula_of(["and", scope, rest])}
        system.add_variable(type(policy.replace("-", "_"), (Variable,), body))
    data = load(folder, rules)
    types = {"bool": bool, "enum": np.int32, "code": np.int32, "date": np.int32}
    filled = {name: np.where(known, values, 0).astype(types.get(rules["facts"][name], np.float32)) for name, (values, known) in data.items()}
    del data
    loaded = memory()

    def population(count: int, figures: dict[str, Any]) -> Any:
        simulation = SimulationBuilder().build_default_simulation(system, count)
        for name, values in figures.items():
            simulation.set_input(name, "2026", values)
        return simulation

    def calculate(simulation: Any) -> dict[str, Any]:
        return {policy: simulation.calculate(policy.replace("-", "_"), "2026") for policy in rules["policies"]}

    running, both, single = Timer(), Timer(), Timer()
    for _ in range(repeat):
        with both:
            simulation = population(rules["rows"], filled)
            with running:
                found = calculate(simulation)
    peak = memory()
    one = {name: values[:1] for name, values in filled.items()}
    for _ in range(50):
        with single:
            calculate(population(1, one))
    return {
        "run": running.least(),
        "both": both.least(),
        "policies": len(rules["policies"]),
        "memory": peak - loaded,
        "figures": loaded - before,
        "single": single.middle(),
        "wrong": differences(folder, rules, lambda policy: found[policy]),
    }


def differences(folder: Path, rules: dict[str, Any], answer: Any) -> dict[str, int]:
    """Against ours: said yes or no where the truth is open, and said the opposite of a decided answer."""
    guessed = opposite = 0
    for policy in rules["policies"]:
        yes, open_rows = np.load(folder / f"ours.{policy}.npy"), np.load(folder / f"ours.{policy}.open.npy")
        found = answer(policy)
        if hasattr(found, "is_null"):
            known, found = ~found.is_null().to_numpy(), found.fill_null(False).to_numpy()
        else:
            found = np.broadcast_to(np.asarray(found), yes.shape)
            known = np.ones(len(yes), dtype=bool)
        guessed += int((open_rows & known).sum())
        opposite += int((~open_rows & known & (found != yes)).sum()) + int((~open_rows & ~known).sum())
    return {"decided what is open": guessed, "contradicted a decision": opposite}


def memory() -> float:
    """The most this process has used so far, in MB (VmHWM begins anew in each process)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


# ---- the report ----


def environment() -> Path:
    """The bench's own environment with the other engines, made once."""
    folder = Path(os.environ.get("LINGYAN_BENCH_ENV", Path.home() / ".cache" / "lingyan-bench"))
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    ready = subprocess.run([str(python), "-c", "import openfisca_core, polars"], capture_output=True, check=False)
    if ready.returncode:
        subprocess.run([str(python), "-m", "pip", "install", "-q", "openfisca-core", "polars"], check=True)
    return python


def main() -> int:
    """Run the engines and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--as-of", default="2026-06-01")
    parser.add_argument("--only", default=",".join(ENGINES))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        rules = json.loads((options.folder / "rules.json").read_text())
        run = {"ours": run_ours, "polars": run_polars, "openfisca": run_openfisca}[options.engine]
        print(json.dumps(run(options.folder, rules, options.repeat)))
        return 0
    wanted = [engine for engine in ENGINES if engine in options.only.split(",")]
    others = environment() if set(wanted) - {"ours"} else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = export(options.as_of, options.rows, folder)
        (folder / "rules.json").write_text(json.dumps(rules))
        results: dict[str, dict[str, Any]] = {}
        for engine in wanted:
            python = sys.executable if engine == "ours" else str(others)
            command = [python, __file__, "--engine", engine, "--folder", name, "--repeat", str(options.repeat)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{engine}: failed\n{done.stderr[-2000:]}")
                continue
            results[engine] = json.loads(done.stdout)
    report(results, options.rows, len(rules["policies"]))
    return 0


def report(results: dict[str, dict[str, Any]], rows: int, policies: int) -> None:
    """Print each engine's figures, and how ours compares."""
    print(f"{rows:,} enterprises, {policies} policies in common, {ABSENT:.0%} of the figures absent. Best of the repeats: wall time, then processor time")
    print("(other work on the machine lengthens wall time; processor time adds up all threads).")
    ours = results.get("ours")
    for engine, found in results.items():
        print(f"\n{engine}")
        for label, key in (("evaluation alone", "run"), ("with giving/coding", "both")):
            if key in found:
                speed = policies * rows / found[key][1] / 1e6
                print(f"  {label:<20} {milliseconds(found[key])}   {speed:7.0f} million policy decisions/s of processor")
        if engine == "ours":
            speed = found["conditions"] * rows / found["run"][1] / 1e9
            print(f"  conditions           {found['conditions']}: {speed:.2f} thousand million evaluated/s of processor")
            print(f"  compiling the rules  {found['compile'] * 1000:9.1f} ms; {found['bytes_a_row']} bytes an enterprise once coded")
        if "single" in found:
            print(f"  one enterprise       {milliseconds(found['single'])}   {'all policies, with reasons' if engine == 'ours' else ''}")
        peak = found["memory"] + found["figures"]
        print(f"  peak memory          {peak:9.0f} MB above an empty process, of it {found['figures']:.0f} MB to hold the figures")
        for what, count in found.get("wrong", {}).items():
            print(f"  {what + ':':<28} {count:,} of {policies * rows:,}")
        if ours and engine != "ours":
            pairs = [("evaluation alone", found["run"], ours["run"]), ("giving/coding included", found.get("both", found["run"]), ours["both"])]
            pairs += [("one enterprise", found["single"], ours["single"])] if "single" in found else []
            for label, theirs, own in pairs:
                print(f"  ours is faster, {label + ':':<24} {theirs[0] / own[0]:5.1f} times (wall) {theirs[1] / own[1]:5.1f} times (processor)")


def milliseconds(pair: list[float]) -> str:
    """Wall and processor time."""
    return f"{pair[0] * 1000:9.1f} ms {pair[1] * 1000:9.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
