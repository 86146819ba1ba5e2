"""Whatever comes in, the answer is a result or a sentence; nothing else is raised and nothing is executed."""

import contextlib
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingyan.rules import BadPolicyFile
from lingyan.rules.catalogue import installed
from lingyan.rules.command import answer, as_json
from lingyan.rules.language import BadExpression, parse_condition
from lingyan.rules.policy import read_policy
from lingyan.rules.strict_yaml import read

FACTS = installed().facts
WORDS = [
    *list(FACTS.by_term)[:12],
    "且",
    "或",
    "非",
    "若",
    "则",
    "否则",
    "属于",
    "按",
    "取",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ">=",
    "==",
    "+",
    "-",
    "*",
    "/",
]
WORDS += ["3%", "100万元", "5人", '"中型"', "合计", "增长率", "取整", "评分合格", "无条件", "签约参保人数", "距今天数", "1月", "成立日期", "招用明细"]
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_a_condition_is_read_or_refused(text):
    with contextlib.suppress(BadExpression):
        parse_condition(text, FACTS)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
lines = st.fixed_dictionaries(
    {"id": json_values, "as_of": st.one_of(st.just("2026-06-01"), json_values)},
    optional={
        "facts": st.one_of(st.dictionaries(st.sampled_from(sorted(FACTS.by_name)), json_values, max_size=4), json_values),
        "policy": st.one_of(st.sampled_from(sorted(installed().policies)), json_values),
        "known_as_of": st.one_of(st.just("2026-06-01"), json_values),
    },
)


@quick
@given(st.one_of(st.binary(max_size=80), lines.map(lambda line: json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass"))))
def test_a_line_is_answered_with_results_or_a_sentence(raw):
    found = json.loads(as_json(answer(raw, installed())).encode())  # what is printed is UTF-8 whatever came in

    assert set(found) in ({"id", "results"}, {"id", "error"})


@quick
@given(st.text(max_size=200))
def test_a_file_is_read_or_refused_with_its_line(text):
    for reader in (lambda: read(text, "x.yaml"), lambda: read_policy(text, "x.yaml", FACTS)):
        with contextlib.suppress(BadPolicyFile):
            reader()
