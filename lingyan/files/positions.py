"""Where a picture was taken is nobody's business here: what carries a position is taken out before a file is kept.

Pictures lose all that is not needed to show them (Exif, XMP, IPTC, comments, previews and films behind the picture), except which way is up.
Films and sound lose their descriptions. The picture itself is copied as it is: nothing is compressed anew.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

PNG_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"sPLT", b"hIST", b"acTL", b"fcTL", b"fdAT"}
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"}
NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


class Broken(Exception):
    """The content is not built as its kind should be."""


def without_position(kind: str, content: bytes) -> bytes:
    """The same file without what says where it was made. Raises Broken when it cannot be read."""
    cleaners = {"jpeg": clean_jpeg, "png": clean_png, "webp": clean_webp, "heic": clean_heic, "mp4": clean_boxes, "mov": clean_boxes, "m4a": clean_boxes}
    try:
        return cleaners[kind](content) if kind in cleaners else content
    except (IndexError, struct.error, ValueError) as error:
        raise Broken from error


# --- JPEG: segments (ITU T.81 B.1) ------------------------------------------------------------------------------------------


def clean_jpeg(content: bytes) -> bytes:
    kept = bytearray(b"\xff\xd8")
    place, seen_picture = 2, False
    while True:
        while content[place : place + 2] == b"\xff\xff":
            place += 1
        if content[place : place + 1] != b"\xff":
            raise Broken
        marker = content[place + 1]
        if marker == 0xD9:
            if not seen_picture:
                raise Broken
            return bytes(kept + b"\xff\xd9")
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            kept += content[place : place + 2]
            place += 2
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if end < place + 4 or end > len(content):
            raise Broken
        kept += kept_segment(marker, content[place:end])
        place = end
        if marker == 0xDA:
            seen_picture = True
            following = NEXT_MARKER.search(content, place)
            if following is None:  # cut off while it was sent or written: what is there can be shown
                return bytes(kept + content[place:] + b"\xff\xd9")
            kept += content[place : following.start()]
            place = following.start()


def kept_segment(marker: int, segment: bytes) -> bytes:
    """What stays of a segment: all of it, nothing, or of Exif the way up."""
    body = segment[4:]
    if marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
        return exif_with(orientation_in(body[6:]))
    if marker == 0xE0:
        return segment if body.startswith(b"JFIF\x00") else b""
    if marker == 0xE2:
        return segment if body.startswith(b"ICC_PROFILE\x00") else b""
    if marker == 0xEE:
        return segment if body.startswith(b"Adobe") else b""
    return b"" if 0xE1 <= marker <= 0xEF or marker == 0xFE else segment


def orientation_in(tiff: bytes) -> int:
    """Which way is up, 1 to 8, as an Exif block says; 1 when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (number,) = struct.unpack_from(f"{order}H", tiff, start)
        for place in range(start + 2, start + 2 + 12 * min(number, 200), 12):
            tag, form, _count, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if tag == 0x0112 and form == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def exif_with(orientation: int) -> bytes:
    """An Exif segment that says which way is up and nothing else; nothing when it is up already."""
    if orientation == 1:
        return b""
    tiff = b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


# --- PNG: chunks (ISO 15948) ------------------------------------------------------------------------------------------------


def clean_png(content: bytes) -> bytes:
    kept = bytearray(content[:8])
    place = 8
    while place < len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        name = content[place + 4 : place + 8]
        if end > len(content) or len(name) < 4:
            raise Broken
        if name[:1].isupper() or name in PNG_KEPT:
            kept += content[place:end]
        if name == b"IEND":
            return bytes(kept)
        place = end
    raise Broken


# --- WebP: RIFF chunks ------------------------------------------------------------------------------------------------------


def clean_webp(content: bytes) -> bytes:
    kept = bytearray()
    place, limit = 12, min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while place + 8 <= limit:
        name = content[place : place + 4]
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        chunk = content[place : place + 8 + size + size % 2]
        if place + 8 + size > len(content):
            raise Broken
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0b1100]) + chunk[9:]  # it no longer holds Exif and XMP
        if name in WEBP_KEPT:
            kept += chunk
        place += 8 + size + size % 2
    if not kept:
        raise Broken
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)


# --- boxes: films, sound, HEIC (ISO 14496-12) --------------------------------------------------------------------------------


def boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The boxes between two places: name, where it begins, where its content begins, where it ends."""
    place = start
    while place + 8 <= end:
        size, name, head = int.from_bytes(content[place : place + 4]), bytes(content[place + 4 : place + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[place + 8 : place + 16]), 16
        elif size == 0:
            size = end - place
        if size < head or place + size > end:
            raise Broken
        yield name, place, place + head, place + size
        place += size


DESCRIPTIONS = {b"udta", b"meta", b"uuid", b"XMP_"}
AROUND = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}


def clean_boxes(content: bytes) -> bytes:
    """Descriptions become free space of the same size, so that nothing moves."""
    cleaned = bytearray(content)

    def clean(start: int, end: int, depth: int = 0) -> None:
        if depth > 12:
            raise Broken
        for name, place, inside, after in boxes(cleaned, start, end):
            if name in DESCRIPTIONS:
                cleaned[place + 4 : place + 8] = b"free"
                cleaned[inside:after] = bytes(after - inside)
            elif name in AROUND:
                clean(inside, after, depth + 1)

    clean(0, len(cleaned))
    return bytes(cleaned)


def clean_heic(content: bytes) -> bytes:
    """The items that hold Exif and XMP are overwritten with zeros where they lie. Which way is up is said elsewhere in such a file."""
    cleaned = bytearray(content)
    for name, _place, inside, after in boxes(content, 0, len(content)):
        if name == b"meta":
            parts = {part: (begins, ends) for part, _start, begins, ends in boxes(content, inside + 4, after)}
            described = described_items(content, *parts[b"iinf"]) if b"iinf" in parts else set()
            if described and b"iloc" not in parts:
                raise Broken
            data = parts.get(b"idat", (0, 0))[0]
            for item, start, length in extents(content, *parts[b"iloc"], data) if described else ():
                if item in described:
                    if start + length > len(cleaned):
                        raise Broken
                    cleaned[start : start + length] = bytes(length)
        elif name == b"uuid":
            cleaned[inside + 16 : after] = bytes(max(0, after - inside - 16))
    return bytes(cleaned)


def described_items(content: bytes, start: int, end: int) -> set[int]:
    """The numbers of the items that describe the picture instead of being part of it."""
    first = start + (6 if content[start] == 0 else 8)
    found = set()
    for name, _place, inside, _after in boxes(content, first, end):
        version = content[inside]
        if name == b"infe" and version >= 2:
            wide = 4 if version >= 3 else 2
            number = int.from_bytes(content[inside + 4 : inside + 4 + wide])
            if content[inside + 6 + wide : inside + 10 + wide] in {b"Exif", b"mime"}:
                found.add(number)
    return found


def extents(content: bytes, start: int, end: int, data: int) -> Iterator[tuple[int, int, int]]:
    """Where the parts of each item lie: item, place in the file, length. `data` is where the `idat` box begins."""
    version = content[start]
    offset_size, length_size = content[start + 4] >> 4, content[start + 4] & 15
    base_size, index_size = content[start + 5] >> 4, content[start + 5] & 15 if version else 0
    place = start + 6

    def number(size: int) -> int:
        nonlocal place
        if place + size > end:
            raise Broken
        value = int.from_bytes(content[place : place + size])
        place += size
        return value

    for _item in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size) + (data if method == 1 else 0)
        if method > 1:
            raise Broken
        for _extent in range(number(2)):
            number(index_size)
            offset = number(offset_size)
            yield item, base + offset, number(length_size)
