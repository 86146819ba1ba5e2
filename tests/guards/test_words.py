"""Words: every sentence has its English, and Chinese is set with Chinese punctuation."""

from __future__ import annotations

import re

import pytest

from lingyan.config import messages
from tests.guards.house import PACKAGE, ROOT, place

HAN = r"[\u3400-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,:;?!](?={HAN}|\s|$)|{HAN}\.(?:\s|$)|{HAN}\({HAN}|\({HAN}")
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=\s*[\"']|javascript:|\bhx-on\b|hx-vals=.js:", re.IGNORECASE)
NOT_SHOWN = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_catalogue_is_complete(language):
    faults = messages.faults(language)

    assert not faults, f"{len(faults)} faults; `lingyan messages update`, then translate:\n" + "\n".join(faults[:60])


def test_chinese_sentences_have_full_width_punctuation():
    faults = [msgid for _context, msgid in messages.found() if HALF_WIDTH.search(msgid)]

    assert not faults


def test_chinese_in_templates_has_full_width_punctuation():
    faults = [f"{place(path)}: {match.group()}" for path in TEMPLATES for match in HALF_WIDTH.finditer(NOT_SHOWN.sub("", path.read_text(encoding="utf-8")))]

    assert not faults


def test_every_chinese_word_in_a_template_can_be_translated():
    """Outside tags and comments a template holds no Chinese: it stands in {% translate %}, in {% blocktranslate %} or in _("…")."""
    faults = []
    for path in TEMPLATES:
        text = NOT_SHOWN.sub("", path.read_text(encoding="utf-8"))
        text = re.sub(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        faults += [f"{place(path)}: {word}" for word in re.findall(rf"{HAN}+", text) if word != "中文"]  # a language is named in itself

    assert not faults


def test_no_script_or_handler_stands_inside_a_page():
    """The content security policy would refuse it anyway: everything that moves is in frontend/src."""
    faults = [f"{place(path)}: {match.group()}" for path in TEMPLATES for match in INLINE.finditer(NOT_SHOWN.sub("", path.read_text(encoding="utf-8")))]

    assert not faults


def test_no_page_loads_anything_from_elsewhere():
    foreign = re.compile(r"(?:src|href|action|url)\s*[=(]\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    files = [*TEMPLATES, *(ROOT / "frontend" / "src").rglob("*.css")]
    faults = [f"{place(path)}: {match.group()}" for path in files for match in foreign.finditer(path.read_text(encoding="utf-8"))]

    assert not faults
