"""Files as they come from phones and offices, made by hand: small, but built as their kinds are."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

GPS = b"GPSLatitude 29.9 N GPSLongitude 121.8 E"


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation=6, order="<"):
    """An Exif block that says which way is up, and where it was taken."""
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 60)
    return b"Exif\x00\x00" + head + struct.pack(f"{order}IH", 8, 2) + entries + struct.pack(f"{order}I", 0) + GPS


def jpeg(*, orientation=6, order="<", behind=b""):
    picture = b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")
        + segment(0xE1, exif(orientation, order))
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + GPS)
        + segment(0xE2, b"ICC_PROFILE\x00\x01\x01colours")
        + segment(0xE2, b"MPF\x00" + GPS)
        + segment(0xED, b"Photoshop 3.0\x00" + GPS)
        + segment(0xFE, GPS)
        + segment(0xDB, bytes(65))
        + segment(0xC2, b"\x08\x00\x10\x00\x10\x01\x01\x11\x00")
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + picture
        + segment(0xC4, b"\x00" * 17)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + picture
        + b"\xff\xd9"
        + behind
    )


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + b"\x00\x00\x00\x00"


def png():
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00")
        + chunk(b"eXIf", exif()[6:])
        + chunk(b"tEXt", b"Comment\x00" + GPS)
        + chunk(b"iTXt", b"XML:com.adobe.xmp" + GPS)
        + chunk(b"iCCP", b"colours")
        + chunk(b"IDAT", b"picture")
        + chunk(b"IEND", b"")
        + GPS
    )


def webp():
    def part(name, body):
        return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)

    parts = part(b"VP8X", b"\x0c" + bytes(9)) + part(b"VP8 ", b"picture") + part(b"EXIF", exif()) + part(b"XMP ", GPS)
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def box(name, body):
    return struct.pack(">I", len(body) + 8) + name + body


def heic():
    """A picture with an Exif and an XMP item, the one in the data of the file, the other in `idat`."""
    ftyp = box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")

    def meta(exif_at):
        infe = [(1, b"hvc1"), (2, b"Exif"), (3, b"mime")]
        items = b"".join(box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH", number, 0) + kind + b"\x00") for number, kind in infe)
        iinf = box(b"iinf", bytes(4) + struct.pack(">H", 3) + items)
        places = [(1, 0, exif_at + len(GPS) + 8, 7), (2, 0, exif_at + 8, len(GPS)), (3, 1, 0, len(GPS))]
        iloc = box(
            b"iloc",
            b"\x01\x00\x00\x00\x44\x00"
            + struct.pack(">H", 3)
            + b"".join(struct.pack(">HHHHII", number, method, 0, 1, offset, length) for number, method, offset, length in places),
        )
        return box(b"meta", bytes(4) + box(b"hdlr", bytes(20)) + iinf + iloc + box(b"idat", GPS))

    return ftyp + meta(len(ftyp) + len(meta(0))) + box(b"mdat", GPS + b"picture")


def film(brand=b"isom"):
    moov = box(b"mvhd", bytes(20)) + box(b"udta", box(b"\xa9xyz", GPS)) + box(b"trak", box(b"tkhd", bytes(20)) + box(b"meta", GPS)) + box(b"meta", GPS)
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"mdat", b"frames") + box(b"moov", moov) + box(b"uuid", bytes(16) + GPS)


MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
MAIN_TYPES = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet", "pptx": "presentationml.presentation"}


def office(kind="docx", *, parts=None, types="", first=True):
    """An Office document; `parts` are put in besides, `types` into its table of types."""
    table = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{MAIN[kind]}" ContentType="application/vnd.openxmlformats-officedocument.{MAIN_TYPES[kind]}.main+xml"/>{types}</Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr("[Content_Types].xml", table)
        archive.writestr(MAIN[kind], "<xml/>")
        for name, body in (parts or {}).items():
            archive.writestr(name, body)
        if not first:
            archive.writestr("[Content_Types].xml", table)
    return out.getvalue()


GOOD = {
    "照片.jpg": jpeg(),
    "照片.JPEG": jpeg(order=">"),
    "截图.png": png(),
    "图.webp": webp(),
    "手机.heic": heic(),
    "合同.pdf": b"%PDF-1.7\n1 0 obj\n%%EOF",
    "报告.docx": office("docx"),
    "名单.xlsx": office("xlsx"),
    "汇报.pptx": office("pptx", first=False),
    "说明.txt": "门口 60 米\r\n划了禁停线\t好".encode(),
    "带签名.txt": b"\xef\xbb\xbf" + "名单".encode(),
    "老.csv": "姓名,人数\n铭岳,186".encode("gb18030"),
    "BM.txt": b"BM, ID3, MZ and II* are words too",
    "录像.mp4": film(),
    "苹果.MOV": film(b"qt  "),
    "录音.m4a": film(b"M4A "),
    "录音.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00sound",
}


def upload(name, content):
    return SimpleUploadedFile(name, content)
