"""`lingyan policy …`: check profiles, show and explain policies, and find what is wrong with the files.

Also runs alone: `python -m lingyan.rules.command policy check --in FILE.jsonl --out FILE.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from lingyan.rules.cases import run_cases
from lingyan.rules.catalogue import Catalogue, installed, policy_files, read_file, read_text
from lingyan.rules.check import check, checkup
from lingyan.rules.combine import best_combination, cliffs
from lingyan.rules.errors import BadInput, BadPolicyFile
from lingyan.rules.exact import from_decimal
from lingyan.rules.explain import LEVELS, describe_policy, explain_result
from lingyan.rules.facts import FactCatalogue, load_facts, read_date
from lingyan.rules.policy import Policy

LINE_KEYS = {"id", "policy", "as_of", "known_as_of", "facts"}
LONGEST_LINE = 2_000_000  # bytes
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++|"', re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)


def add_to(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `policy` and what it can do."""
    policy = subparsers.add_parser("policy", help="惠企政策：判定、查看、说明、检查规则文件", description="惠企政策规则引擎")
    actions = policy.add_subparsers(dest="action", required=True, metavar="操作")

    one = actions.add_parser("check", help="逐行判定一个 JSONL 文件", description="逐行判定：每行一个企业画像，输出每行一个结果；某行有误只影响该行。")
    one.add_argument("--in", dest="source", required=True, metavar="文件", help="输入 JSONL（- 表示标准输入）")
    one.add_argument("--out", dest="target", required=True, metavar="文件", help="输出 JSONL（- 表示标准输出）")
    one.set_defaults(act=_guarded(_check))

    explain = actions.add_parser("explain", help="判定并用中文逐条说明理由")
    explain.add_argument("--in", dest="source", required=True, metavar="文件", help="输入 JSONL，格式同 check")
    explain.set_defaults(act=_guarded(_explain))

    show = actions.add_parser("show", help="查看一项政策的各个版本和条款")
    show.add_argument("policy", metavar="编号", help="政策编号，如 srdi-sme")
    show.set_defaults(act=_guarded(_show))

    every = actions.add_parser("list", help="列出全部政策")
    every.set_defaults(act=_guarded(_list))

    lint = actions.add_parser("lint", help="检查规则文件并运行其中的案例")
    lint.add_argument("path", nargs="?", type=Path, metavar="文件或目录", help="一个规则文件，或含规则文件的目录；缺省为系统自带")
    lint.set_defaults(act=_guarded(_lint))


def _guarded(act: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A file that cannot be read or written, or a wrong rule file, is a sentence and no trace."""

    def guarded(options: argparse.Namespace) -> int:
        try:
            code = act(options)
            sys.stdout.flush()
            return code
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still kept back has nowhere to go
            return 0
        except OSError as problem:
            print(f"读写文件出错：{problem}", file=sys.stderr)
            return 2
        except BadPolicyFile as problem:
            print(f"规则文件有误：{problem}", file=sys.stderr)
            return 2

    return guarded


# ---- check ----


def answers(lines: Iterable[bytes], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One answer for each line that is not blank: results, or a sentence that says what is wrong with the line."""
    for raw in lines:
        if raw.strip():
            yield answer(raw, catalogue)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only so much that it is seen to be."""
    while raw := stream.readline(LONGEST_LINE + 1):
        part = raw
        while len(part) > LONGEST_LINE and not part.endswith(b"\n"):
            part = stream.readline(LONGEST_LINE + 1)
        yield raw


def answer(raw: bytes, catalogue: Catalogue) -> dict[str, Any]:
    """The answer for one input line."""
    line_id: Any = None
    try:
        line = _read_line(raw)
        line_id = _id(line)
        results = _results(line, catalogue)
    except BadInput as problem:
        if line_id is None:
            line_id = _readable_id(raw)
        return {"id": line_id, "error": f"{problem}。" if not str(problem).endswith("。") else str(problem)}
    return {"id": line_id, "results": [result.as_json() for result in results]}


def _id(line: dict[str, Any]) -> Any:
    """The id of a line: a text or a number; None where there is none."""
    line_id = line.get("id")
    if isinstance(line_id, bool | dict | list):
        raise BadInput("id 应是文字或数字，不能是 " + (str(line_id).lower() if isinstance(line_id, bool) else "一组值"))
    if isinstance(line_id, Decimal):
        try:
            from_decimal(line_id)
        except BadInput as problem:
            raise BadInput(f"id：{problem}") from None
    return line_id


def _readable_id(raw: bytes) -> Any:
    """The id of a line that cannot be read as a whole, so that the answer finds its way back; None where it is open.

    Only the signs of the line are looked at, one by one and without recursion. Two ids that differ are none.
    """
    text = raw.decode("utf-8-sig", errors="replace").lstrip()
    if not text.startswith("{"):
        return None
    depth = 0
    before: list[str] = []  # the signs since the last key could begin
    found: list[Any] = []
    for token in (match.group() for match in _TOKEN.finditer(text)):
        if token == '"':
            break  # a text without end
        if depth == 1 and token in (",", "}") and _is_id(before):
            found.append(_plain_id(before[2]) if len(before) == 3 else None)
            before = []
        if token in ("}", "]"):
            depth -= 1
        if token in ("{", "["):
            depth += 1
        if depth == 1 and token in ("{", ","):
            before = []
        elif depth >= 1:
            before = [*before, token][:4]
    if depth == 1 and len(before) == 3 and _is_id(before) and before[2].startswith('"'):
        found.append(_text_of(before[2]))  # cut off just after it
    known = [one for one in found if one is not None]
    return known[0] if known and len(known) == len(found) and all(one == known[0] for one in known) else None


def _is_id(signs: list[str]) -> bool:
    return len(signs) >= 3 and signs[1] == ":" and _text_of(signs[0]) == "id"


def _text_of(token: str) -> str | None:
    try:
        text = json.loads(token) if token.startswith('"') else None
    except json.JSONDecodeError:
        return None
    return text if isinstance(text, str) and "\ufffd" not in text else None


def _plain_id(token: str) -> Any:
    if _NUMBER.fullmatch(token):
        return Decimal(token) if "." in token else int(token)
    return _text_of(token)


def _results(line: dict[str, Any], catalogue: Catalogue) -> list[Any]:
    for key in line:
        if key not in LINE_KEYS:
            raise BadInput(f"不认识的项“{str(key)[:40]}”（可用：id、policy、as_of、known_as_of、facts）")
    if line.get("id") is None:
        raise BadInput("缺少 id")
    if line.get("as_of") is None:
        raise BadInput("缺少 as_of（按哪一天的政策判定，如 2026-06-01）")
    facts = line.get("facts")
    if not isinstance(facts, dict):
        raise BadInput("缺少 facts（企业的事实项；一项都不知道也要写 {}）" if facts is None else "facts 应是一组事实项")
    as_of = _date(line, "as_of")
    known_as_of = _date(line, "known_as_of") if line.get("known_as_of") is not None else None
    if line.get("policy") is None:
        return checkup(facts, as_of, known_as_of, catalogue=catalogue)
    return [check(line["policy"], facts, as_of, known_as_of, catalogue=catalogue)]


def _date(line: dict[str, Any], key: str) -> Any:
    try:
        return read_date(line[key])
    except BadInput as problem:
        raise BadInput(f"{key}：{problem}") from None


def _read_line(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise BadInput(f"一行超过 {LONGEST_LINE} 字节")
    try:
        line = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_int=_whole_number, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except UnicodeDecodeError:
        raise BadInput("不是 UTF-8 编码") from None
    except RecursionError:
        raise BadInput("嵌套过深") from None
    except json.JSONDecodeError as problem:
        raise BadInput(f"不是合法的 JSON（第 {problem.colno} 个字符处）") from None
    if not isinstance(line, dict):
        raise BadInput("每行应是一个 JSON 对象")
    return line


def _whole_number(text: str) -> int:
    if len(text) > 40:
        raise BadInput("数字太长")
    return int(text)


def _no_constant(text: str) -> None:
    raise BadInput(f"不接受 {text}")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise BadInput(f"“{next(key for key in keys if keys.count(key) > 1)[:40]}”出现两次")
    return found


def as_json(value: Any) -> str:
    """JSON text in which decimals keep their digits."""
    try:
        text = _WRITER.encode(value)  # at once, which is quick, where there are no decimals
        text.encode()
        return text
    except TypeError:
        pass
    except UnicodeEncodeError:
        if isinstance(value, str):
            return json.dumps(value)  # half a character, which an escape can smuggle in, cannot be written
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_json(str(key))}: {as_json(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(as_json(item) for item in value) + "]"


_WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def _check(options: argparse.Namespace) -> int:
    catalogue = installed()
    wrong = total = 0
    if options.source != "-" and Path(options.source).resolve() == Path(options.target).resolve():
        print("输入和输出不能是同一个文件。", file=sys.stderr)
        return 2
    with _source(options.source) as stream, _target(options.target) as out:
        for found in answers(_lines(stream), catalogue):
            out.write(as_json(found) + "\n")
            total += 1
            wrong += "error" in found
    print(f"共 {total} 行，{wrong} 行有误。", file=sys.stderr)
    return 0


class _Keep:
    """A standard stream that is not closed after use."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Any:
        return self.stream

    def __exit__(self, *_: object) -> None:
        self.stream.flush() if self.stream is not sys.stdin.buffer else None


def _source(name: str) -> Any:
    return _Keep(sys.stdin.buffer) if name == "-" else open(name, "rb")


def _target(name: str) -> Any:
    out: TextIO = sys.stdout
    return _Keep(out) if name == "-" else open(name, "w", encoding="utf-8")


# ---- the other actions ----


def _explain(options: argparse.Namespace) -> int:
    catalogue = installed()
    with _source(options.source) as stream:
        for raw in _lines(stream):
            if not raw.strip():
                continue
            try:
                line = _read_line(raw)
                _id(line)
                results = _results(line, catalogue)
            except BadInput as problem:
                line_id = _readable_id(raw)
                if line_id is not None:
                    print(f"—— {line_id} ——")
                print(f"有误：{problem}。\n")
                continue
            print(f"—— {line['id']} ——")
            for result in results:
                print(explain_result(result, catalogue) + "\n")
            for left, kept in best_combination(results).leave:
                print(f"互斥：{left.policy.name}与{kept.policy.name}{left.policy.exclusion_rule}，取后者。\n")
            if line.get("policy") is not None:
                day, known = _date(line, "as_of"), _date(line, "known_as_of") if line.get("known_as_of") else None
                for cliff in cliffs(line["policy"], line["facts"], day, known, catalogue=catalogue):
                    print(f"断崖：{cliff.sentence}。")
    return 0


def _show(options: argparse.Namespace) -> int:
    try:
        print(describe_policy(installed().policy(options.policy), installed()))
    except BadInput as problem:
        print(f"{problem}。用 lingyan policy list 查看全部编号。", file=sys.stderr)
        return 2
    return 0


def _list(options: argparse.Namespace) -> int:
    for policy in installed().policies.values():
        versions = "、".join(version.id for version in policy.versions)
        print(f"{policy.id:<24} {LEVELS.get(policy.level, policy.level)}  {policy.name}（版本 {versions}）")
    return 0


def _lint(options: argparse.Namespace) -> int:
    """Every wrong file is named, with its first mistake; then every case that does not hold."""
    path: Path | None = options.path
    facts, others, files = _to_lint(path)
    policies: list[Policy] = []
    problems: list[str] = []
    for file in files:
        try:
            policies.append(read_file(read_text(file), str(file.name), facts, with_tests=True))
        except BadPolicyFile as problem:
            problems.append(str(problem))
    catalogue = Catalogue(facts, [*others, *policies])
    problems += [f"{policy.file}:1:政策编号“{policy.id}”与另一文件重复" for policy in policies if catalogue.policies[policy.id] is not policy]
    count = 0
    for policy in policies:
        try:
            for failure in run_cases(policy, catalogue):
                count += 1
                problems += [str(failure)] if failure is not None else []
        except BadPolicyFile as problem:
            problems.append(str(problem))
    for sentence in problems:
        print(sentence, file=sys.stderr)
    versions = sum(len(policy.versions) for policy in policies)
    print(f"{len(files)} 个文件，{len(policies)} 项政策，{versions} 个版本，{count} 个案例，{len(problems)} 处不对。")
    return 1 if problems else 0


def _to_lint(path: Path | None) -> tuple[FactCatalogue, list[Policy], list[Any]]:
    """(facts, policies that stand beside, files): the installation's, one file, or a folder with or without facts of its own."""
    if path is None:
        return installed().facts, [], policy_files(None)
    if path.is_file():
        return installed().facts, list(installed().policies.values()), [path]
    if (path / "facts.yaml").exists():
        return load_facts(read_text(path / "facts.yaml"), "facts.yaml"), [], policy_files(path)
    return installed().facts, list(installed().policies.values()), policy_files(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command by itself."""
    parser = argparse.ArgumentParser(prog="lingyan")
    add_to(parser.add_subparsers(required=True, metavar="命令"))
    options = parser.parse_args(argv)
    return int(options.act(options))


if __name__ == "__main__":
    sys.exit(main())
