"""A wrong policy file is refused with file, line and a sentence."""

import shutil
from importlib import resources

import pytest

from lingyan.rules import BadPolicyFile
from lingyan.rules.catalogue import installed, load
from lingyan.rules.command import main
from lingyan.rules.policy import read_policy

GOOD = """\
id: test-policy
name: 试验政策
level: city
who: 企业
lead_department: 经信局
window: 常年
materials: [申请表]
date_counts: application
versions:
  - version: "1"
    effective_from: 2024-01-01
    effective_to: 2024-12-31
    document_number: 试〔2024〕1号
    issuing_body: 经信局
    trust: read
    clauses:
      - id: rd-share
        says: 研发强度不低于3%
        when: 上年研发费用 / 上年营业收入 >= 3%
      - id: points
        says: 评分合格
        when: 评分合格
    score:
      pass: 10
      items:
        - id: ip
          part: 创新
          says: 知识产权
          max: 20
          bands:
            - {when: Ⅰ类知识产权数 >= 2项, points: 20}
            - {when: Ⅰ类知识产权数 >= 1项, points: 10}
    benefit:
      kind: grant
      unit: 万元
      amount: 最小(上年研发费用 * 10%, 100万元)
"""


def refusal(text):
    with pytest.raises(BadPolicyFile) as refused:
        read_policy(text, "test-policy.yaml", installed().facts)
    return refused.value


def test_the_good_file_is_good():
    assert read_policy(GOOD, "test-policy.yaml", installed().facts).versions[0].id == "1"


@pytest.mark.parametrize(
    "old,new,line,sentence",
    [
        ("window: 常年", "windows: 常年", 6, "不认识的键“windows”"),
        ("name: 试验政策", "name: 试验政策\nname: 又一个", 3, "键“name”重复"),
        ("上年研发费用 / 上年营业收入 >= 3%", "上年研发费 / 上年营业收入 >= 3%", 19, "事实目录里没有“上年研发费”"),
        ("上年研发费用 / 上年营业收入 >= 3%", "上年研发费用 >= 3%", 19, "单位不一致"),
        ("points: 20}", "points: 25}", 31, "超过本项满分"),
        ("{when: Ⅰ类知识产权数 >= 1项, points: 10}", "{when: Ⅰ类知识产权数 >= 3项, points: 10}", 32, "这一档永远达不到"),
        ("pass: 10", "pass: 30", 24, "满分都达不到合格线"),
        ("pass: 10", "pass: 10\n      floors: {创新: 21}", 25, "满分都达不到下限"),
        ("effective_to: 2024-12-31", "effective_to: 2023-12-31", 10, "止日早于起日"),
        ("effective_from: 2024-01-01", "effective_from: 2024-02-30", 11, "没有 2024-02-30 这一天"),
        ("trust: read", "trust: sure", 15, "trust 应为"),
        ("kind: grant", "kind: gift", 34, "不认识的待遇类型"),
        ("unit: 万元", "unit: 美元", 35, "金额单位应为"),
        ("最小(上年研发费用 * 10%, 100万元)", "10%", 36, "应为金额"),
        ("最小(上年研发费用 * 10%, 100万元)", "os.system('x')", 36, "看不懂"),
        ("id: points", "id: rd-share", 20, "条款号“rd-share”重复"),
        ("        when: 评分合格\n", "        when: 高企有效\n", 23, "没有被任何条款用到"),
        ("trust: read\n", "trust: read\n    colour: red\n", 16, "不认识的键“colour”"),
        ("materials: [申请表]", "materials: &a [申请表]", 7, "不允许使用锚点或别名"),
        ("materials: [申请表]", "materials: !!python/object:os.system [申请表]", 7, "不允许使用标签"),
        ("materials: [申请表]", "materials: [[[[[[[[[[[[[[[[申请表]]]]]]]]]]]]]]]]", 7, "嵌套过深"),
        ("materials: [申请表]", "materials: [申请表", 8, "不是合法的 YAML"),
    ],
)
def test_each_mistake_names_its_line(old, new, line, sentence):
    assert old in GOOD
    refused = refusal(GOOD.replace(old, new))

    assert (refused.file, refused.line) == ("test-policy.yaml", line)
    assert sentence in refused.sentence


def test_overlapping_versions_are_refused():
    start = GOOD.index('  - version: "1"')
    second = GOOD[start:].replace('"1"', '"2"').replace("2024-01-01", "2024-12-31").replace("2024-12-31\n    document", "2025-12-31\n    document")

    assert "有效期重叠" in refusal(GOOD + second).sentence


def test_a_billion_laughs_is_refused_before_it_is_expanded():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9))

    assert "锚点或别名" in refusal(bomb).sentence


def test_a_huge_file_is_refused():
    assert "文件过大" in refusal("#" * 500_000).sentence


def test_the_command_reports_each_wrong_file_and_the_line(tmp_path, capsys):
    (tmp_path / "test-policy.yaml").write_text(GOOD.replace(">= 3%", ">= 3"), encoding="utf-8")
    (tmp_path / "another.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "third.yaml").write_bytes(b"\xff\xfe")

    assert main(["policy", "lint", str(tmp_path)]) == 1

    told = capsys.readouterr()
    assert [line.rsplit(":", 1)[0] for line in told.err.splitlines()][:1] == ["another.yaml:1"]
    assert "test-policy.yaml:19:" in told.err
    assert "third.yaml:1:不是 UTF-8 编码" in told.err
    assert told.out.startswith("3 个文件，0 项政策")


def test_one_file_can_be_linted_by_itself(tmp_path, capsys):
    file = tmp_path / "test-policy.yaml"
    file.write_text(GOOD + CASES.format(amount=20), encoding="utf-8")

    assert main(["policy", "lint", str(file)]) == 0
    assert capsys.readouterr().out == "1 个文件，1 项政策，1 个版本，1 个案例，0 处不对。\n"


def test_a_case_that_does_not_hold_is_reported_with_its_line(tmp_path, capsys):
    file = tmp_path / "test-policy.yaml"
    file.write_text(GOOD + CASES.format(amount=21), encoding="utf-8")

    assert main(["policy", "lint", str(file)]) == 1
    assert capsys.readouterr().err == "test-policy.yaml:41:amount 应为 21，得出 20\n"


CASES = """\
tests:
  base:
    "1": {{rd_expense_y1: 200, revenue_y1: 1000, ip1_count: 1}}
  cases:
    - {{base: "1", as_of: 2024-06-01, status: eligible, amount: {amount}}}
"""


@pytest.mark.slow
def test_ten_thousand_policies_are_read(tmp_path):
    source = resources.files("lingyan.rules")
    (tmp_path / "policies").mkdir()
    shutil.copy(str(source / "facts.yaml"), tmp_path / "facts.yaml")
    for number in range(10_000):
        (tmp_path / "policies" / f"p-{number}.yaml").write_text(GOOD.replace("id: test-policy", f"id: p-{number}"), encoding="utf-8")

    assert len(load(tmp_path).policies) == 10_000
