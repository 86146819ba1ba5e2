"""The sentences of the interface and their English: found in the code, kept in one catalogue, checked, compiled. Needs no gettext programs.

Chinese is the source language: the msgid is the sentence. The catalogue is sorted and holds no line numbers, so that two people's additions merge.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
FRONT_END = PACKAGE.parent / "frontend" / "src"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("en",)
KEYWORDS: dict[str, tuple] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-z]|%[sd]|\{\w*\}")
Sentence = str | tuple[str, ...]


def sources() -> Iterator[tuple[Path, str, bytes]]:
    """Each file that may hold sentences: (path, kind for Babel, its text). Templates come as Django turns them into code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            yield path, "python", path.read_bytes()
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        # What is not a sentence is blanked out; its indentation means nothing.
        code = "\n".join(line.lstrip() for line in templatize(path.read_text(encoding="utf-8"), origin=str(path)).split("\n"))
        yield path, "python", code.encode()
    for path in sorted(FRONT_END.rglob("*.ts")):
        yield path, "javascript", path.read_bytes()


def found() -> dict[tuple[str | None, str], tuple[Sentence, list[str]]]:
    """Every sentence in use: (context, msgid) → the msgid (with its plural), and the files it stands in."""
    sentences: dict[tuple[str | None, str], tuple[Sentence, list[str]]] = {}
    for path, kind, text in sources():
        place = str(path.relative_to(PACKAGE.parent))
        for _line, sentence, _comments, context in extract(kind, BytesIO(text), KEYWORDS):
            key = (context, sentence if isinstance(sentence, str) else sentence[0])
            if not key[1]:
                continue
            kept, places = sentences.setdefault(key, (sentence, []))
            if isinstance(sentence, tuple) and isinstance(kept, str):
                sentences[key] = (sentence, places)
            if place not in places:
                places.append(place)
    return sentences


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> tuple[int, int, int]:
    """Add new sentences to the catalogue, drop those no longer used, keep translations: (added, dropped, without translation)."""
    old, new = read_catalogue(language), Catalog(locale=language)
    kept = {(message.context, message_id(message)): message for message in old if message.id}
    for (context, msgid), (sentence, _places) in sorted(found().items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        before = kept.pop((context, msgid), None)
        if before is not None and isinstance(before.id, str) == isinstance(sentence, str):
            new.add(sentence, before.string, context=context, flags=before.flags, user_comments=before.user_comments)
        else:
            new.add(sentence, context=context)
    added = len(new) - (len([message for message in old if message.id]) - len(kept))
    buffer = BytesIO()
    write_po(buffer, new, width=0, sort_output=True, no_location=True, omit_header=True, include_previous=False)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    replace(catalogue_path(language), header.encode() + buffer.getvalue().lstrip(b"\n"))
    return added, len(kept), len(missing(language))


def message_id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def replace(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it; leave it alone when nothing changes."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def missing(language: str) -> list[str]:
    """The sentences without a translation."""
    translated = {(message.context, message_id(message)) for message in read_catalogue(language) if message.id and all_filled(message)}
    return [msgid for context, msgid in found() if (context, msgid) not in translated]


def all_filled(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    return bool(strings) and all(text.strip() for text in strings) and "fuzzy" not in message.flags


def faults(language: str) -> list[str]:
    """All that is wrong with a catalogue, one line each: no translation, an unused one, placeholders that differ."""
    lines = [f"没有译文：{msgid}" for msgid in missing(language)]
    used = set(found())
    for message in read_catalogue(language):
        if not message.id:
            continue
        if (message.context, message_id(message)) not in used:
            lines.append(f"已无人使用：{message_id(message)}")
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(PLACEHOLDER.findall(message_id(message)))
        lines += [f"占位符不一致：{message_id(message)} → {text}" for text in strings if text and set(PLACEHOLDER.findall(text)) != wanted]
    return lines


def compile_all() -> None:
    """Write the .mo file of each catalogue, which Django reads."""
    for language in LANGUAGES:
        buffer = BytesIO()
        write_mo(buffer, read_catalogue(language))
        replace(catalogue_path(language).with_suffix(".mo"), buffer.getvalue())
