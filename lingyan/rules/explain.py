"""Results and policies in plain Chinese, for the person who asks and for the policy officer who reads a rule aloud."""

from __future__ import annotations

from lingyan.rules.catalogue import Catalogue
from lingyan.rules.check import MANUAL_REVIEW, NOT_APPLICABLE, UNKNOWN, UNMET, Result
from lingyan.rules.exact import plain
from lingyan.rules.policy import Policy, Version

LEVELS = {
    "national": "国家", "provincial": "省级", "city": "市级", "county": "县级", "district": "区级", "national/provincial": "国家/省级",
    "national/city": "国家/市级", "provincial/city": "省级/市级",
}  # fmt: skip
STATUS_WORDS = {
    "not_in_force": "当前没有有效版本",
    "not_applicable": "不适用",
    "ineligible": "不符合",
    "unknown": "还不能判断",
    "manual_review": "需要人工或专家判断",
    "eligible": "符合",
    "classified": "已划型",
    "levied": "应缴",
}
TRUST_WORDS = {
    "read": "原文已读",
    "read-secondary": "据二手资料",
    "mixed": "部分已读、部分凭记忆",
    "partial": "量化条款未读到",
    "memory": "凭记忆，未核",
}
DATE_WORDS = {
    "application": "申请日",
    "tax_year": "纳税年度",
    "cost_year": "费用所属年度",
    "purchase": "购进日期",
    "loan": "贷款发放日",
    "levy_year": "缴费年度",
}
CLAUSE_MARKS = {"met": "✓", UNMET: "✗", UNKNOWN: "?", MANUAL_REVIEW: "人", NOT_APPLICABLE: "—"}


def explain_result(result: Result, catalogue: Catalogue) -> str:
    """A result as a page of sentences: the outcome, the money, each clause with its reason, what is still to be asked, whom to call."""
    policy, version = result.policy, result.version
    lines = [f"{policy.name}（{policy.id}）：{STATUS_WORDS[result.status]}"]
    if version is not None:
        lines.append(f"  依据：{version.document_number}（版本 {version.id}，{TRUST_WORDS[version.trust]}）")
    money = _money(result)
    if money:
        lines.append(f"  {money}")
    for name, value in result.outputs.items():
        fact = catalogue.facts.by_name.get(name)
        lines.append(f"  {fact.term if fact else name}：{fact.values.get(str(value), value) if fact else value}")
    for clause in result.clauses:
        mark = CLAUSE_MARKS[clause.status]
        lines.append(f"  {mark} {clause.says}")
        lines += [f"      {reason}" for reason in clause.reasons[:4]]
        if clause.missing:
            lines.append("      还缺：" + "、".join(catalogue.facts.by_name[name].label for name in clause.missing))
    if result.missing_facts:
        asked = [catalogue.facts.by_name[name] for name in result.missing_facts]
        lines.append("  需补充：" + "、".join(f"{fact.label}（{fact.supplier}）" for fact in asked))
    lines += [f"  注意：{remark}" for remark in result.remarks]
    if version is not None:
        lines.append(f"  找谁办：{policy.lead_department}；窗口：{policy.window}")
    return "\n".join(lines)


def _money(result: Result) -> str:
    if result.amount is not None:
        return f"金额：{plain(result.amount)}{result.unit}"
    if result.amount_range is None:
        return ""
    low, high = result.amount_range
    if high is None:
        return f"金额：不低于 {plain(low)}{result.unit}"
    if low == 0:
        return f"金额：最高 {plain(high)}{result.unit}"
    return f"金额：{plain(low)} 至 {plain(high)}{result.unit}"


def describe_policy(policy: Policy, catalogue: Catalogue) -> str:
    """A policy with all its versions, as one reads it aloud."""
    lines = [
        f"{policy.name}（{policy.id}）",
        f"  层级：{LEVELS.get(policy.level, policy.level)}；地区：{policy.region}；对象：{policy.who}；方式：{policy.application}",
        f"  牵头：{policy.lead_department}",
        f"  窗口：{policy.window}",
        f"  材料：{'、'.join(policy.materials)}",
        f"  按{DATE_WORDS[policy.date_counts]}确定适用版本",
    ]
    if policy.exclusion_group:
        lines.append(f"  互斥：与 {'、'.join(other.id for other in rivals(policy, catalogue))} {policy.exclusion_rule}")
    if policy.notes:
        lines.append(f"  说明：{policy.notes}")
    for version in policy.versions:
        lines += _describe_version(version)
    return "\n".join(lines)


def rivals(policy: Policy, catalogue: Catalogue) -> list[Policy]:
    """The other policies of its exclusion group."""
    return [
        other for other in catalogue.policies.values() if policy.exclusion_group and other.exclusion_group == policy.exclusion_group and other.id != policy.id
    ]


def _describe_version(version: Version) -> list[str]:
    published = version.published_text or f"未查明，按 {version.effective_from} 起算"
    lines = [
        "",
        f"  【版本 {version.id}】{version.effective_from} 至 {version.effective_to or '今'}，发布：{published}",
        f"    {version.document_number}；{version.issuing_body}；{TRUST_WORDS[version.trust]}{'' if version.trust == 'read' else '，以官方文件为准'}",
    ]
    lines += [f"    {also.first} 至 {also.last} 的{also.application_type}申请仍按本版（{also.basis}）" for also in version.also_for]
    for clause in version.clauses:
        lines.append(f"    {'[范围] ' if clause.scope else ''}{clause.says}：{clause.when.text}" + (f"  “{clause.quote}”" if clause.quote else ""))
    if version.score is not None:
        lines.append(f"    评分表：{version.score.text}")
        for item in version.score.items:
            bands = ["、".join(f"{band.when.text} 得 {band.points}" for band in table) for table in item.tables]
            text = "；或 ".join(bands) if bands else f"{item.per.text} 每 {item.each} 得 {item.points}" if item.per else "按主管部门给分"
            lines.append(f"      {item.part}·{item.says}（满分 {item.max}）：{text}")
    benefit = version.benefit
    for label, formula in (
        ("金额", benefit.amount),
        ("另加，最高" if benefit.amount is not None else "金额上限", benefit.up_to),
        ("金额下限", benefit.at_least),
        ("不符合时", benefit.otherwise),
    ):
        if formula is not None:
            lines.append(f"    {label}：{formula.text}（{benefit.unit}）")
    if benefit.not_read:
        lines.append("    金额：条款未读到")
    if benefit.validity:
        lines.append(f"    有效期：{benefit.validity}")
    if benefit.note:
        lines.append(f"    待遇说明：{benefit.note}")
    if version.notes:
        lines.append(f"    备注：{version.notes}")
    return lines
