"""What a file is, told by its content and not by its name."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

import filetype  # type: ignore[import-untyped]
from django.conf import settings


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its name for people, its media type, and the endings it goes by."""

    label: str
    media_type: str
    endings: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "jpeg": Kind("JPG", "image/jpeg", ("jpg", "jpeg")),
    "png": Kind("PNG", "image/png", ("png",)),
    "webp": Kind("WebP", "image/webp", ("webp",)),
    "heic": Kind("HEIC", "image/heic", ("heic", "heif")),
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "docx": Kind("Word（docx）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xlsx": Kind("Excel（xlsx）", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "pptx": Kind("PPT（pptx）", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",)),
    "txt": Kind("TXT", "text/plain", ("txt",)),
    "csv": Kind("CSV", "text/csv", ("csv",)),
    "mp4": Kind("MP4", "video/mp4", ("mp4", "m4v")),
    "mov": Kind("MOV", "video/quicktime", ("mov",)),
    "m4a": Kind("M4A", "audio/mp4", ("m4a",)),
    "mp3": Kind("MP3", "audio/mpeg", ("mp3",)),
}
BY_ENDING = {ending: name for name, kind in KINDS.items() for ending in kind.endings}
MACRO_ENDINGS = {"docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "xlsb"}
OLD_ENDINGS = {"doc", "xls", "ppt", "wps", "et", "dps"}
BY_MEDIA_TYPE = {"image/jpeg": "jpeg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "audio/mpeg": "mp3"}

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5"}
OOXML_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}

MOST_PARTS = 4000
MOST_TABLE_OF_TYPES = 1024 * 1024


class Suspicious(Exception):
    """The content is of a kind that is taken, but holds something that is not. `why`: macro, bomb, locked, broken, utf16."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def ending_of(name: str) -> str:
    """The ending of a file name in small letters, empty without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def kind_by_content(content: bytes, wanted: str) -> str | None:
    """The name of the kind this content is (a key of KINDS), or None when it is none that is taken.

    `wanted` is the kind its name promises: only then is plain text looked for, because almost anything may begin like text. Raises Suspicious.
    """
    if wanted in {"txt", "csv"}:
        return None if content.startswith(b"%PDF-") or not is_text(content) else wanted
    if content[4:8] == b"ftyp":
        return kind_by_brand(content)
    guessed = filetype.guess(content[:8192])
    media_type = guessed.mime if guessed else ""
    if content.startswith(b"PK\x03\x04"):
        return kind_of_archive(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and wanted in {"docx", "xlsx", "pptx"}:
        raise Suspicious("locked")
    if wanted == "pdf" and b"%PDF-" in content[:1024]:
        return "pdf"
    return BY_MEDIA_TYPE.get(media_type)


def name_of_content(content: bytes) -> str:
    """What the content looks like, for a sentence; empty when it cannot be told."""
    if content.startswith(b"PK\x03\x04"):
        try:
            return KINDS[kind_of_archive(content) or ""].label
        except (Suspicious, KeyError):
            return "ZIP"
    if content[4:8] == b"ftyp":
        kind = kind_by_brand(content)
        return KINDS[kind].label if kind else ""
    guessed = filetype.guess(content[:8192])
    if guessed:
        known = BY_MEDIA_TYPE.get(guessed.mime)
        return KINDS[known].label if known else guessed.extension.upper()
    try:
        return "TXT" if is_text(content) else ""
    except Suspicious:
        return "TXT"


def kind_by_brand(content: bytes) -> str | None:
    """The kind of a file in boxes (ISO 14496-12) by its brands."""
    length = min(int.from_bytes(content[:4]), 256)
    major = content[8:12]
    brands = {major} | {content[place : place + 4] for place in range(16, length, 4)}
    if major == b"qt  ":
        return "mov"
    if major in {b"M4A ", b"M4B "}:
        return "m4a"
    if b"avif" in brands or b"avis" in brands:
        return None
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"} or major in HEIC_BRANDS:
        return "heic"
    return "mp4" if brands & MP4_BRANDS else None


def kind_of_archive(content: bytes) -> str | None:
    """The kind of an Office document inside its zip; None for any other archive. Raises Suspicious for macros, bombs, locked and broken ones."""
    parts, types = unpacked(content)
    if not types:
        return None
    if b"<Types" not in types and b":Types" not in types:
        raise Suspicious("broken")
    names = " ".join(part.filename.lower() for part in parts)
    if "vbaproject" in names or "macrosheets/" in names or b"macroenabled" in types.lower() or b"vbaproject" in types.lower() or b"macrosheet" in types.lower():
        raise Suspicious("macro")
    return next((kind for mark, kind in OOXML_MAIN.items() if mark in types), None)


def unpacked(content: bytes) -> tuple[list[zipfile.ZipInfo], bytes]:
    """The parts of an archive and its table of types, empty when it has none. Nothing else is unpacked. Raises Suspicious."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > unpacked_limit():
                raise Suspicious("bomb")
            if any(part.flag_bits & 1 for part in parts):
                raise Suspicious("locked")
            table = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
            if table and table.file_size > MOST_TABLE_OF_TYPES:
                raise Suspicious("bomb")
            return parts, archive.read(table) if table else b""
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Suspicious("broken") from error


def unpacked_limit() -> int:
    """How large a document may be when unpacked."""
    return max(10 * settings.UPLOAD_LIMIT, 200 * 1024 * 1024)


def is_text(content: bytes) -> bool:
    """Whether this is plain text in UTF-8 or GB18030. Raises Suspicious for UTF-16, which looks like text to its writer and to nobody else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Suspicious("utf16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f\v" for letter in set(text))
    return False
