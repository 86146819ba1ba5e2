"""The guards themselves: each sees what it is there to see."""

from __future__ import annotations

import ast

import pytest

from tests.guards.test_floors import touches
from tests.guards.test_states import sets_state
from tests.guards.test_words import HALF_WIDTH, INLINE


@pytest.mark.parametrize(
    "code, seen",
    [
        ("Person.objects.get(pk=1)", True),
        ("Person._default_manager.all()", True),
        ("def f(person: Person):\n    person.save()", True),
        ("def f():\n    person = Person(name='x')\n    person.save()", True),
        ("def f(person: Person):\n    return person.name", False),
        ("def f(form):\n    form.save()", False),
        ("models.ForeignKey(Person, on_delete=models.PROTECT)", False),
    ],
)
def test_reaching_for_rows_of_another_module_is_seen(code, seen):
    assert bool(list(touches(ast.parse(code), {"Person"}))) is seen


@pytest.mark.parametrize(
    "code, seen",
    [
        ("case.state = 'done'", True),
        ("setattr(case, 'state', 'done')", True),
        ("Case.objects.filter(pk=1).update(state='done')", True),
        ("Case.objects.bulk_update(cases, ['state'])", True),
        ("state = case.state", False),
        ("case.move('finish')", False),
        ("state: str", False),
    ],
)
def test_setting_a_state_past_move_is_seen(code, seen):
    assert any(sets_state(node) for node in ast.walk(ast.parse(code))) is seen


@pytest.mark.parametrize(
    "sentence, wrong",
    [
        ("你好,世界", True),
        ("时间:", True),
        ("好吗?", True),
        ("共(一)家", True),
        ("你好，世界", False),
        ("9:30 到", False),
        ("%(n)d 家", False),
        ("灵峰-2026-0042", False),
    ],
)
def test_half_width_punctuation_among_chinese_is_seen(sentence, wrong):
    assert bool(HALF_WIDTH.search(sentence)) is wrong


@pytest.mark.parametrize(
    "html, wrong",
    [
        ("<script>go()</script>", True),
        ('<a onclick="go()">', True),
        ('<a href="javascript:go()">', True),
        ('<script src="/static/a.js" defer></script>', False),
        ('<script id="x" type="application/json">{}</script>', False),
        ('<p class="only">on=1</p>', False),
    ],
)
def test_script_inside_a_page_is_seen(html, wrong):
    assert bool(INLINE.search(html)) is wrong
