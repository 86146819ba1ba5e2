"""The policy language: from `上年研发费用 / 上年营业收入 >= 3%` to nodes, or a refusal that says what is wrong.

    condition := 若 condition 则 condition 否则 condition | either
    either    := both {或 both}         both := no {且 no}         no := [非] test
    test      := sum [(>= | > | <= | < | == | !=) sum] | 事实 属于 [值, …]
    sum       := product {(+ | -) product}            product := atom {(* | /) atom}
    atom      := number-with-unit | 事实 | 函数(…) | 按 事实 取 {值: sum, …} | (condition or sum) | 评分合格 | 无条件

There is nothing else: no names but the fact catalogue's, no functions but the nine below, no attribute, no assignment. The parser is
thirty lines of recursive descent, so that each refusal can say in Chinese what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lingyan.rules.errors import BadInput
from lingyan.rules.exact import BOOL, DATE, ENUM, MONEY, PERSONS, PLAIN, RATIO, from_text
from lingyan.rules.facts import Fact, FactCatalogue
from lingyan.rules.terms import (
    Always,
    Among,
    And,
    Arithmetic,
    Choice,
    Compare,
    CompoundCompare,
    CompoundGrowth,
    Constant,
    DaysSince,
    Gather,
    Growth,
    HiresCompare,
    HiresCounted,
    If,
    Known,
    LargestCompare,
    Lookup,
    Node,
    Not,
    Or,
    Quantity,
    Ratio,
    RatioCompare,
    Told,
    Truth,
    WholePart,
)

LONGEST = 2000  # characters
DEEPEST = 25

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?(?:亿元|万元|元|%|人月|[人年月天项个级次分])?)
      | (?P<string>"[^"\n]*")
      | (?P<sign>>=|<=|==|!=|[><+\-*/(),:\[\]{}])
      | (?P<word>[^\W\d]\w*)""",
    re.VERBOSE,
)
_FULL_WIDTH = {0xFF08: "(", 0xFF09: ")", 0xFF0C: ",", 0x2265: ">=", 0x2264: "<=", 0xFF05: "%"}
_KEYWORDS = {"若", "则", "否则", "且", "或", "非", "属于", "按", "取", "评分合格", "无条件"}
_FUNCTIONS = {"增长率", "两年平均增长率", "两年复合增长率", "合计", "平均", "最大", "最小", "取整", "距今天数", "签约参保人数"}
_COMPARE = (">=", ">", "<=", "<", "==", "!=")


class BadExpression(ValueError):
    """A condition that says nothing sound. The text is a sentence."""


def parse_condition(text: str, catalogue: FactCatalogue, score: Truth | None = None) -> Truth:
    """The condition in `text`; `score` is what 评分合格 stands for."""
    node = _Parser(text, catalogue, score).whole()
    if not isinstance(node, Truth):
        raise BadExpression(f"“{text}”是一个数，不是条件")
    node.text = " ".join(text.split())
    return node


def parse_quantity(text: str, catalogue: FactCatalogue, kind: str | None = None) -> Quantity:
    """The formula in `text`, which must yield `kind` if one is given."""
    node = _Parser(text, catalogue, None).whole()
    if not isinstance(node, Quantity):
        raise BadExpression(f"“{text}”是一个条件，不是数")
    if isinstance(node, CompoundGrowth):
        raise BadExpression("复合增长率只能用来比较")
    if kind is not None and node.kind != kind:
        raise BadExpression(f"“{text}”算出的是{_kind(node.kind)}，应为{_kind(kind)}")
    node.text = " ".join(text.split())
    return node


def _kind(kind: str) -> str:
    named = {MONEY: "金额", RATIO: "比例", PLAIN: "不带单位的数", BOOL: "是否", ENUM: "选项", DATE: "日期", PERSONS: "人员列表"}
    return named.get(kind, f"以“{kind}”计的数")


class _Parser:
    def __init__(self, text: str, catalogue: FactCatalogue, score: Truth | None) -> None:
        if len(text) > LONGEST:
            raise BadExpression(f"条件过长（超过 {LONGEST} 字）")
        self.text, self.catalogue, self.score = text, catalogue, score
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.depth = 0
        position = 0
        cleaned = text.translate(_FULL_WIDTH)
        while position < len(cleaned):
            match = _TOKEN.match(cleaned, position)
            if match is None:
                raise BadExpression(f"看不懂“{cleaned[position : position + 12]}”")
            position = match.end()
            if match.lastgroup == "number" and position < len(cleaned) and re.match(r"\w", cleaned[position]):
                raise BadExpression(f"不认识的单位：“{match.group()}{cleaned[position : position + 4]}”")
            if match.lastgroup != "space":
                self.tokens.append((str(match.lastgroup), match.group()))

    # ---- reading tokens ----

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in wanted and self.tokens[self.at][0] != "string":
            self.at += 1
            return True
        return False

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise BadExpression(f"“{self.peek() or '结尾'}”之前缺少“{wanted}”")

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise BadExpression("条件没有写完")
        self.at += 1
        return self.tokens[self.at - 1]

    # ---- the grammar ----

    def whole(self) -> Node:
        node = self.condition()
        if self.at < len(self.tokens):
            raise BadExpression(f"“{self.peek()}”处多出内容")
        return node

    def condition(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression("嵌套过深")
        node = self._if() if self.take("若") else self._chain("或", Or, lambda: self._chain("且", And, self._no))
        self.depth -= 1
        return node

    def _if(self) -> Node:
        condition = _truth(self.condition())
        self.expect("则")
        then = self.condition()
        self.expect("否则")
        otherwise = self.condition()
        if isinstance(then, Truth):
            return If(condition, then, _truth(otherwise))
        return Choice(condition, *_same_kind([_quantity(then), _quantity(otherwise)]))

    def _chain(self, word: str, made: Callable[[list[Truth]], Node], below: Callable[[], Node]) -> Node:
        first = below()
        if self.peek() != word:
            return first
        nodes = [_truth(first)]
        while self.take(word):
            nodes.append(_truth(below()))
        return made(nodes)

    def _no(self) -> Node:
        if self.take("非"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise BadExpression("嵌套过深")
            node = Not(_truth(self._no()))
            self.depth -= 1
            return node
        return self._test()

    def _test(self) -> Node:
        left = self._sum()
        if self.take("属于"):
            return self._among(left)
        op = self.peek()
        if not self.take(*_COMPARE):
            return left
        if isinstance(left, Known) and left.kind == ENUM:
            word = self._word(left.fact)
            among = Among(left, [word], f'{left.text} {op} "{left.fact.values.get(word, word)}"')
            if op not in ("==", "!="):
                raise BadExpression(f"{left.text}是选项，只能用 ==、!= 或 属于")
            return among if op == "==" else Not(among)
        right = self._sum()
        if self.peek() in _COMPARE:
            raise BadExpression("一次只能比较两个数，请用“且”连接")
        return _compare(op, *_same_kind([_quantity(left), _quantity(right)]))

    def _among(self, left: Node) -> Node:
        if not isinstance(left, Known):
            raise BadExpression("“属于”之前应是一个事实项")
        self.expect("[")
        words: list[Any] = []
        while True:
            words.append(self._word(left.fact))
            if not self.take(","):
                break
        self.expect("]")
        shown = "、".join(left.fact.values.get(word, word) if isinstance(word, str) else Constant(word, left.kind).text for word in words)
        return Among(left, words, f"{left.text} 属于 [{shown}]")

    def _word(self, fact: Fact) -> Any:
        kind, token = self.next()
        if fact.kind == ENUM:
            if kind != "string":
                raise BadExpression(f"{fact.term}的取值要写在引号里，不是“{token}”")
            return _value_of(fact, token[1:-1])
        if kind != "number":
            raise BadExpression(f"“{token}”应是一个数")
        value, unit = from_text(token)
        _same_kind([Known(fact), Constant(value, unit)])
        return value

    def _sum(self) -> Node:
        left = self._product()
        while (sign := self.peek()) in ("+", "-") and self.take(sign):
            first, second = _same_kind([_quantity(left), _quantity(self._product())])
            left = Arithmetic(sign, first, second, first.kind)
        return left

    def _product(self) -> Node:
        left = self._atom()
        while (sign := self.peek()) in ("*", "/") and self.take(sign):
            first, second = _quantity(left), _quantity(self._atom())
            if sign == "*":
                left = Arithmetic("*", first, second, _product_kind(first, second))
            else:
                left = Ratio(first, second, _ratio_kind(first, second))
        return left

    def _atom(self) -> Node:
        kind, token = self.next()
        if kind == "number":
            try:
                return Constant(*from_text(token))
            except BadInput as problem:
                raise BadExpression(str(problem)) from None
        if token == "(":
            node = self.condition()
            self.expect(")")
            return node
        if token == "无条件":
            return Always()
        if token == "评分合格":
            if self.score is None:
                raise BadExpression("“评分合格”需要本版本有评分表（score）")
            return self.score
        if token == "按":
            return self._lookup()
        if kind == "word" and self.peek() == "(":
            return self._call(token)
        if kind != "word" or token in _KEYWORDS:
            raise BadExpression(f"这里不应出现“{token}”")
        return _node_of(self._fact(token))

    def _fact(self, token: str) -> Fact:
        fact = self.catalogue.find(token)
        if fact is None:
            raise BadExpression(f"事实目录里没有“{token}”")
        return fact

    def _lookup(self) -> Node:
        start = self.at - 1
        of = _node_of(self._fact(self.next()[1]))
        if not isinstance(of, Known):
            raise BadExpression("“按”之后应是一个选项或数")
        self.expect("取")
        self.expect("{")
        table: dict[Any, Quantity] = {}
        while True:
            word = self._word(of.fact)
            if word in table:
                raise BadExpression(f"表中“{word}”重复")
            self.expect(":")
            table[word] = _quantity(self._sum())
            if not self.take(","):
                break
        self.expect("}")
        values = _same_kind(list(table.values()))
        return Lookup(of, table, values[0].kind, " ".join(token for _, token in self.tokens[start : self.at]))

    def _call(self, name: str) -> Node:
        if name not in _FUNCTIONS:
            raise BadExpression(f"没有“{name}”这个函数（可用：{'、'.join(sorted(_FUNCTIONS))}）")
        self.expect("(")
        if name == "签约参保人数":
            return self._hires()
        of = [self._sum()]
        while self.take(","):
            of.append(self._sum())
        self.expect(")")
        quantities = [_quantity(node) for node in of]
        if name == "距今天数":
            if len(quantities) != 1 or not isinstance(quantities[0], Known) or quantities[0].kind != DATE:
                raise BadExpression("“距今天数”要一个日期")
            return DaysSince(quantities[0])
        wanted = {"增长率": 2, "两年平均增长率": 3, "两年复合增长率": 2, "取整": 1}.get(name)
        if (wanted is not None and len(quantities) != wanted) or (wanted is None and len(quantities) < 2):
            raise BadExpression(f"“{name}”要 {wanted or '两个以上'} 个数，写了 {len(quantities)} 个")
        quantities = _same_kind(quantities)
        if quantities[0].kind in (BOOL, ENUM, DATE, PERSONS):
            raise BadExpression(f"“{name}”只能用于数")
        if name == "取整":
            return WholePart(quantities[0])
        if name == "两年复合增长率":
            return CompoundGrowth(quantities[0], quantities[1])
        if name in ("增长率", "两年平均增长率"):
            return Growth(quantities)
        return Gather(name, quantities, quantities[0].kind)

    def _hires(self) -> Node:
        start = self.at - 2
        words = {word: group for group, word in self.catalogue.groups_of_persons.items()}
        groups: list[str] = []
        self.expect("[")
        while True:
            kind, token = self.next()
            word = token[1:-1] if kind == "string" else token
            if word not in words and word not in self.catalogue.groups_of_persons:
                raise BadExpression(f"人员类别里没有“{word}”")
            groups.append(words.get(word, word))
            if not self.take(","):
                break
        self.expect("]")
        self.expect(",")
        kind, token = self.next()
        if kind != "number" or from_text(token)[1] != "月":
            raise BadExpression("缴费时间应写成“3月”的样子")
        self.expect(")")
        hires = Known(self._fact("hires"))
        return HiresCounted(hires, groups, from_text(token)[0], "".join(token for _, token in self.tokens[start : self.at]))


def _node_of(fact: Fact) -> Node:
    return Told(fact) if fact.kind == BOOL else Known(fact)


def _truth(node: Node) -> Truth:
    if isinstance(node, Truth):
        return node
    raise BadExpression(f"“{node.text}”不是条件")


def _quantity(node: Node) -> Quantity:
    if isinstance(node, Quantity):
        return node
    raise BadExpression(f"“{node.text}”不是数")


def _value_of(fact: Fact, word: str) -> str:
    if fact.type == "code":
        return word
    for value, shown in fact.values.items():
        if word in (shown, value):
            return value
    raise BadExpression(f"{fact.term}没有“{word}”这个取值（可用：{'、'.join(fact.values.values())}）")


def _same_kind(quantities: list[Quantity]) -> list[Quantity]:
    kinds = {node.kind for node in quantities}
    if len(kinds) > 1:
        first, second = quantities[0], next(node for node in quantities if node.kind != quantities[0].kind)
        raise BadExpression(f"单位不一致：“{first.text}”是{_kind(first.kind)}，“{second.text}”是{_kind(second.kind)}")
    return quantities


def _product_kind(first: Quantity, second: Quantity) -> str:
    kinds = (first.kind, second.kind)
    if any(kind in (BOOL, ENUM, DATE, PERSONS) for kind in kinds):
        raise BadExpression(f"“{first.text} * {second.text}”：只有数可以相乘")
    if MONEY in kinds:
        if kinds == (MONEY, MONEY):
            raise BadExpression(f"“{first.text} * {second.text}”：金额不能乘金额")
        return MONEY
    for plain in (PLAIN, RATIO):
        if plain in kinds:
            return kinds[1] if kinds[0] == plain else kinds[0]
    raise BadExpression(f"“{first.text} * {second.text}”：{_kind(kinds[0])}不能乘{_kind(kinds[1])}")


def _ratio_kind(first: Quantity, second: Quantity) -> str:
    if any(node.kind in (BOOL, ENUM, DATE, PERSONS) for node in (first, second)):
        raise BadExpression(f"“{first.text} / {second.text}”：只有数可以相除")
    if first.kind == second.kind:
        return RATIO
    if second.kind == PLAIN:
        return first.kind
    raise BadExpression(f"“{first.text} / {second.text}”：单位不一致，{_kind(first.kind)}不能除以{_kind(second.kind)}")


def _compare(op: str, left: Quantity, right: Quantity) -> Truth:
    if left.kind in (BOOL, ENUM, DATE, PERSONS):
        raise BadExpression(f"“{left.text}”不能比大小")
    if isinstance(right, CompoundGrowth) or (isinstance(left, CompoundGrowth) and not isinstance(right, Constant)):
        raise BadExpression("复合增长率只能与一个百分数比较，并写在左边")
    if isinstance(left, CompoundGrowth) and isinstance(right, Constant):
        return CompoundCompare(op, left, right)
    if isinstance(left, Ratio) and isinstance(right, Constant):
        return RatioCompare(op, left, right)
    if isinstance(left, HiresCounted):
        if not isinstance(right, Constant) or op in ("==", "!="):
            raise BadExpression("人数只能与一个固定人数比较")
        return HiresCompare(op, left, right)
    if isinstance(left, Gather) and left.how == "最大" and op in (">=", ">"):
        return LargestCompare(op, left, right)
    return Compare(op, left, right)
