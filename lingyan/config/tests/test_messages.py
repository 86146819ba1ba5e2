"""Sentences and their English: found in code, templates and scripts, added, dropped, checked, compiled."""

from __future__ import annotations

import gettext

import pytest

from lingyan.config import messages


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small house with one module."""
    package = tmp_path / "lingyan"
    (package / "visits" / "templates" / "visits").mkdir(parents=True)
    (package / "visits" / "tests").mkdir()
    (package / "visits" / "models.py").write_text('State = _("已计划")\nlate = ngettext_lazy("晚了 %(days)d 天", "晚了 %(days)d 天", n)\nplain = "不是句子"\n')
    (package / "visits" / "tests" / "test_it.py").write_text('_("只在测试里")\n')
    (package / "visits" / "templates" / "visits" / "list.html").write_text(
        '{% load i18n %}\n  <p>{% translate "完成走访" %}\n'
        '{% if a %}{% blocktranslate %}共 {{ n }} 家{% endblocktranslate %}{% endif %}{% card title=_("卡片") %}</p>\n'
    )
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    (tmp_path / "frontend" / "src" / "main.ts").write_text('const text: string = gettext("没有网络");\n')
    monkeypatch.setattr(messages, "PACKAGE", package)
    monkeypatch.setattr(messages, "FRONT_END", tmp_path / "frontend" / "src")
    monkeypatch.setattr(messages, "LOCALE", package / "locale")
    return package


def translate(**sentences: str) -> None:
    path = messages.catalogue_path("en")
    text = path.read_text()
    for msgid, english in sentences.items():
        text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{english}"')
    path.write_text(text)


def test_sentences_are_found_in_code_templates_and_scripts_but_not_in_tests(house):
    assert {msgid for _context, msgid in messages.found()} == {"已计划", "晚了 %(days)d 天", "完成走访", "共 %(n)s 家", "卡片", "没有网络"}


def test_updating_adds_what_is_new_drops_what_is_gone_and_keeps_translations(house):
    assert messages.update("en") == (6, 0, 6)
    translate(已计划="planned", 完成走访="Finish")
    (house / "visits" / "models.py").write_text('_("已计划")\n_("新的")\n')

    assert messages.update("en") == (1, 1, 4)

    text = messages.catalogue_path("en").read_text()
    assert 'msgstr "planned"' in text and 'msgstr "Finish"' in text and "晚了" not in text


def test_updating_twice_changes_nothing(house):
    messages.update("en")
    before = messages.catalogue_path("en").read_bytes()

    assert messages.update("en") == (0, 0, 6)
    assert messages.catalogue_path("en").read_bytes() == before


def test_each_fault_is_one_line(house):
    messages.update("en")
    translate(已计划="planned", 完成走访="Finish", 卡片="card", 没有网络="no network")
    translate(**{"共 %(n)s 家": "%(count)s in all"})
    (house / "visits" / "models.py").write_text('_("已计划")\n_("新的")\n')

    assert messages.faults("en") == ["没有译文：新的", "占位符不一致：共 %(n)s 家 → %(count)s in all", "已无人使用：晚了 %(days)d 天"]


def test_what_is_compiled_can_be_read_without_any_other_program(house):
    messages.update("en")
    translate(已计划="planned")

    messages.compile_all()

    with messages.catalogue_path("en").with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("已计划") == "planned"
