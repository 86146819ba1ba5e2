"""A YAML reader that keeps line numbers and refuses what a rule file never needs: aliases, tags, duplicate keys, huge files.

Everything comes back as `Text`, `list` or `Table`; a rule file has no other types, so `no`, `1_000` and `2026-04-01` cannot change
into something else on the way.
"""

from __future__ import annotations

from typing import Any

import yaml

from lingyan.rules.errors import BadPolicyFile

LARGEST_FILE = 400_000  # characters
DEEPEST = 12

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(str):
    """A scalar with the line it stands on; `quoted` tells "null" from null."""

    __slots__ = ("line", "quoted")
    line: int
    quoted: bool

    def __new__(cls, value: str, line: int, quoted: bool) -> Text:
        text = super().__new__(cls, value)
        text.line = line
        text.quoted = quoted
        return text


class Table(dict[str, Any]):
    """A mapping with the line it starts on and the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Rows(list[Any]):
    """A list with the line it starts on."""

    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def read(text: str, file: str) -> Any:
    """The content of one document; `BadPolicyFile` with file and line where it is not plain data."""
    if len(text) > LARGEST_FILE:
        raise BadPolicyFile(file, 1, f"文件过大（超过 {LARGEST_FILE} 个字符）")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BadPolicyFile(file, _line(event), "嵌套过深")
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise BadPolicyFile(file, _line(event), "不允许使用锚点或别名（& 和 *）")
            if getattr(event, "tag", None) and not isinstance(event, yaml.DocumentStartEvent):
                raise BadPolicyFile(file, _line(event), "不允许使用标签（!）")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadPolicyFile(file, (mark.line + 1) if mark else 1, f"不是合法的 YAML（{getattr(error, 'problem', error)}）") from None
    if node is None:
        raise BadPolicyFile(file, 1, "文件是空的")
    return _plain(node, file)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(node: Any, file: str) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        quoted = node.style in ("'", '"', "|", ">")
        if not quoted and node.value in ("", "~", "null"):
            return None
        return Text(node.value, line, quoted)
    if isinstance(node, yaml.SequenceNode):
        rows = Rows(line)
        rows.extend(_plain(item, file) for item in node.value)
        return rows
    table = Table(line)
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadPolicyFile(file, key_line, "键必须是文字")
        key = key_node.value
        if key in table:
            raise BadPolicyFile(file, key_line, f"键“{key}”重复")
        table[key] = _plain(value_node, file)
        table.lines[key] = key_line
    return table
