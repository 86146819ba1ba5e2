"""`lingyan policy check` and its sisters: one line in, one line out, and a bad line harms no other."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from lingyan.rules.catalogue import installed
from lingyan.rules.command import answer, as_json, main


def ask(line):
    text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
    return json.loads(as_json(answer(text.encode(), installed())))


def test_the_examples_of_the_order():
    a = ask({"id": "a", "policy": "sme-size", "as_of": "2026-06-01", "facts": {"size_industry": "industrial", "staff_y1": 310, "revenue_y1": 38000}})
    b = ask({"id": "b", "policy": "hnte-cit-15", "as_of": "2026-06-01", "facts": {"cert_hnte_valid": False}})
    c = ask({"id": "c", "policy": "hnte-cit-15", "as_of": "2026-06-01", "facts": {}})

    assert a["id"] == "a"
    assert (a["results"][0]["status"], a["results"][0]["version"], a["results"][0]["outputs"]) == ("classified", "2011", {"size_class": "medium"})
    assert (b["results"][0]["status"], b["results"][0]["failing_facts"]) == ("ineligible", ["cert_hnte_valid"])
    assert (c["results"][0]["status"], c["results"][0]["missing_facts"]) == ("unknown", ["cert_hnte_valid"])


def test_without_a_policy_all_are_checked():
    assert len(ask({"id": 1, "as_of": "2026-06-01", "facts": {}})["results"]) == 45


@pytest.mark.parametrize(
    "line,line_id,sentence",
    [
        ("{", None, "不是合法的 JSON"),
        ("[1]", None, "每行应是一个 JSON 对象"),
        ('{"id":1,"id":2}', None, "“id”出现两次"),
        ('{"id":1,"as_of":"2026-06-01","facts":{"revenue_y1":NaN}}', 1, "不接受 NaN"),
        ('{"as_of":"2026-06-01","facts":{}}', None, "缺少 id"),
        ('{"id":"x","facts":{}}', "x", "缺少 as_of"),
        ('{"id":"x","as_of":"2026-6-1","facts":{}}', "x", "as_of：日期应写成"),
        ('{"id":"x","as_of":"2026-06-01"}', "x", "缺少 facts"),
        ('{"id":"x","as_of":"2026-06-01","facts":[]}', "x", "facts 应是一组事实项"),
        ('{"id":"x","as_of":"2026-06-01","facts":{},"known_asof":"2026-06-01"}', "x", "不认识的项“known_asof”"),
        ('{"id":"x","policy":"none","as_of":"2026-06-01","facts":{}}', "x", "没有编号为“none”的政策"),
        ('{"id":"x","policy":["hnte"],"as_of":"2026-06-01","facts":{}}', "x", "没有编号为"),
        ('{"id":"x","as_of":"2026-06-01","facts":{"revenue_y1":1' + "0" * 5000 + "}}", "x", "数字太长"),
        ('{"id":"x","as_of":"2026-06-01","facts":{"revenue_y1":1e99999999}}', "x", "数字太长"),
        ("[" * 100_000, None, "嵌套过深"),
        ('{"id":true,"as_of":"2026-06-01","facts":{}}', None, "id 应是文字或数字，不能是 true"),
        ('{"id":false,"as_of":"2026-06-01","facts":{}}', None, "id 应是文字或数字，不能是 false"),
        ('{"id":1e99999999,"as_of":"2026-06-01","facts":{}}', None, "id：数字太长"),
        ('{"id":["x"],"as_of":"2026-06-01","facts":{}}', None, "id 应是文字或数字"),
    ],
)
def test_a_bad_line_is_answered_with_a_sentence(line, line_id, sentence):
    found = ask(line)

    assert set(found) == {"id", "error"}
    assert found["id"] == line_id
    assert sentence in found["error"]


@pytest.mark.parametrize(
    "line,line_id,sentence",
    [
        ('{"id":"24","policy":"tech-center-zj","as_of":"2026-06-20","facts":{"main_revenue_y1":NaN}}', "24", "不接受 NaN"),
        ('{"policy":"hnte","as_of":"2026-06-20","facts":{"main_revenue_y1":-Infinity},"id":"后"}', "后", "不接受 -Infinity"),
        ('{"id":"50","policy":"hnte-cit-15","as_of":"2026-06-20","facts":{"cert_hnte_valid":true,"cert_hnte_valid":false}}', "50", "出现两次"),
        ('{"id":7,"as_of":"2026-06-01","facts":{"revenue_y1":1' + "0" * 50 + "}}", 7, "数字太长"),
        ('{"id":7.5,"as_of":"2026-06-01","as_of":"2026-06-01","facts":{}}', 7.5, "出现两次"),
        ('{"id":"深","facts":' + "[" * 100_000, "深", "嵌套过深"),
        ('{"facts":' + '{"a":' * 50_000 + "1" + "}" * 50_000 + ',"id":"深"}', "深", "嵌套过深"),
        ('{"id":"断","as_of":"2026-06-01","facts":{"reven', "断", "不是合法的 JSON"),
        ('{"id":"断"', "断", "不是合法的 JSON"),
        ('{"id":"断', None, "不是合法的 JSON"),
        ('{"id":12', None, "不是合法的 JSON"),  # 12 may be the beginning of 123
        ('{"id":12,', 12, "不是合法的 JSON"),
        ('{"facts":{"id":"内"},"as_of":"2026-06-01"', None, "不是合法的 JSON"),
        ('{"x":["id",{"id":"内"}],"\\u0069d":"外","x":1}', "外", "出现两次"),
        ('{"id":1,"id":1}', 1, "出现两次"),
        ('{"id":1,"id":[2]}', None, "出现两次"),
        ('{"id":"长","facts":"' + "x" * 2_000_001, "长", "一行超过"),
    ],
)
def test_a_line_that_cannot_be_read_keeps_its_id_where_that_can(line, line_id, sentence):
    found = ask(line)

    assert set(found) == {"id", "error"}
    assert found["id"] == line_id
    assert sentence in found["error"]


def test_a_line_in_another_coding_keeps_its_id():
    found = answer('{"id":"gbk-1","facts":{"名":1}}'.encode("gbk"), installed())

    assert found["id"] == "gbk-1"
    assert "不是 UTF-8 编码" in found["error"]


def test_the_other_lines_go_on(tmp_path, capsys):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = {"id": "好", "policy": "hnte-cit-15", "as_of": "2026-06-01", "facts": {"cert_hnte_valid": True, "taxable_income": 123.4567}}
    source.write_bytes(b"\xff\xfe\n\n" + json.dumps(good).encode() + b"\n{}\n")

    assert main(["policy", "check", "--in", str(source), "--out", str(target)]) == 0

    lines = target.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert "不是 UTF-8 编码" in lines[0]
    assert '"amount": 18.518505' in lines[1]  # the digits, not a float of them
    assert "共 3 行，2 行有误。" in capsys.readouterr().err


def test_a_line_without_end_is_refused_and_the_next_goes_on(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = b'{"id":1,"policy":"hnte-cit-15","as_of":"2026-06-01","facts":{}}'
    source.write_bytes(b"x" * 5_000_000 + b"\n" + good + b"\n")

    main(["policy", "check", "--in", str(source), "--out", str(target)])

    first, second = target.read_text(encoding="utf-8").splitlines()
    assert "一行超过" in first
    assert json.loads(second)["id"] == 1


def test_the_input_is_never_overwritten(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text("{}\n")

    assert main(["policy", "check", "--in", str(source), "--out", str(source)]) == 2
    assert source.read_text() == "{}\n"


def test_a_missing_file_is_said_in_a_sentence(tmp_path, capsys):
    assert main(["policy", "check", "--in", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    assert "读写文件出错" in capsys.readouterr().err


def test_show_reads_like_the_document(capsys):
    assert main(["policy", "show", "srdi-sme"]) == 0

    shown = capsys.readouterr().out
    assert "上年研发费用 / 上年营业收入 >= 3%" in shown
    assert "以官方文件为准" in shown
    assert main(["policy", "show", "nothing"]) == 2


def test_explain_tells_of_cliffs_and_of_what_excludes_what(tmp_path, capsys):
    small = {"prohibited_or_restricted_industry": False, "taxable_income_y0": 299, "staff_qavg_y0": 20, "assets_qavg_y0": 400}
    graduate = {"size_class": "small", "hire_graduated_within_years": 1, "first_employment_in_ningbo": True, "contract_years": 2, "three_insurances_paid": True}
    graduate |= {"months_paid": 24, "si_min_standard_month": 1100, "si_actual_month": 1300}
    source = tmp_path / "in.jsonl"
    rows = [{"id": 1, "policy": "small-low-profit-cit", "as_of": "2026-06-01", "facts": small}, {"id": 2, "as_of": "2026-06-01", "facts": graduate}]
    source.write_text("\n".join(json.dumps(row) for row in rows))

    main(["policy", "explain", "--in", str(source)])

    told = capsys.readouterr().out
    assert "断崖：年度应纳税所得额为 300万元 时是 15万元，到 300.0001万元 时是 75.000025万元" in told
    assert "互斥：浙江小微企业招用高校毕业生社保补贴与宁波用人单位吸纳高校毕业生社保补贴就高不重复，取后者" in told


def test_list_names_every_policy(capsys):
    assert main(["policy", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 45


def test_explain_gives_reasons_and_whom_to_call(tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": "x", "policy": "srdi-sme", "as_of": "2026-06-01", "facts": {"revenue_y1": 10000, "rd_expense_y1": 299}}))

    assert main(["policy", "explain", "--in", str(source)]) == 0

    told = capsys.readouterr().out
    assert "不符合" in told
    assert "为 2.99%，应不低于 3%" in told
    assert "找谁办：浙江省经信厅" in told


@pytest.mark.parametrize("words", [["show", "srdi-sme"], ["list"], ["explain", "--in", "IN"], ["check", "--in", "IN", "--out", "-"]])
def test_a_reader_that_has_seen_enough_ends_it_quietly(words, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id":1,"as_of":"2026-06-01","facts":{}}\n' * 40)
    command = [sys.executable, "-m", "lingyan.rules.command", "policy", *(str(source) if word == "IN" else word for word in words)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        complaint = running.stderr.read()

    assert complaint == b""
    assert running.returncode == 0


def test_decimals_and_half_characters_are_written_as_they_are():
    assert as_json({"a": [1, None, True], "b": {"金": Decimal("1.50")}}) == '{"a": [1, null, true], "b": {"金": 1.50}}'
    assert as_json(["好", "\ud800"]) == '["好", "\\ud800"]'
