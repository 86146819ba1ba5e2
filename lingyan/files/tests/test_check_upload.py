"""Which files are taken, told by their content, and what is said about those that are not."""

from pathlib import Path

import pytest
from django.conf import settings

from lingyan.files.kinds import KINDS
from lingyan.files.services import check_all, check_upload
from lingyan.files.tests.content import GOOD, film, jpeg, office, png, upload
from lingyan.kernel.refusals import Refused


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", GOOD)
def test_takes_what_is_what_it_says(name):
    checked = check_upload(upload(name, GOOD[name]))

    assert checked.name == name and checked.media_type in {kind.media_type for kind in KINDS.values()}
    assert checked.incoming.path.stat().st_size == checked.size


def test_a_checked_file_that_nobody_keeps_is_gone_again():
    checked = check_upload(upload("照片.jpg", jpeg()))
    assert len(on_disk()) == 1

    del checked
    assert on_disk() == []


def bomb():
    return office("docx", parts={f"word/media/{place}.bmp": bytes(60 * 1024 * 1024) for place in range(4)})


LIES = {
    "照片.jpg": (b"%PDF-1.7\n%%EOF", "“照片.jpg”名字说是 JPG，打开看是 PDF"),
    "照片.png": (jpeg(), "打开看是 JPG"),
    "合同.pdf": (office("docx"), "打开看是 Word"),
    "合同.docx": (office("xlsx"), "打开看是 Excel"),
    "名单.xlsx": (b"%PDF-1.4", "打开看是 PDF"),
    "报告.docx": (b"PK\x03\x04" + bytes(40), "是坏的，打不开"),
    "程序.txt": (b"MZ\x90\x00\x03\x00\x00\x00", "打开看是 EXE"),
    "数据.csv": (png(), "打开看是 PNG"),
    "说明.txt": (b"%PDF-1.7 plain", "打开看是 PDF"),
    "网页.jpg": (b"<html><script>alert(1)</script></html>", "打开看是 TXT"),
    "什么.pdf": (b"\x00\x01\x02\x03", "打开看不是"),
    "录像.mp4": (film(b"M4A "), "打开看是 M4A"),
    "短.heic": (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1", "打开看不是"),
}


@pytest.mark.parametrize("name", LIES)
def test_refuses_a_file_that_lies_about_its_type(name):
    content, sentence = LIES[name]

    with pytest.raises(Refused) as refusal:
        check_upload(upload(name, content))

    assert sentence in refusal.value.sentence and name in refusal.value.sentence
    assert on_disk() == []


REFUSED = {
    "空.pdf": (lambda: b"", "“空.pdf”是空的"),
    "大.pdf": (lambda: b"%PDF-1.7" + bytes(21 * 1024 * 1024), "“大.pdf”有 21 MB，最多 20 MB"),
    "程序.exe": (lambda: b"MZ", "这种文件不收"),
    "没有点": (lambda: b"x", "这种文件不收"),
    ".jpg": (lambda: jpeg(), "这种文件不收"),
    "网页.html": (lambda: b"<html>", "这种文件不收"),
    "图.svg": (lambda: b"<svg/>", "这种文件不收"),
    "压缩.zip": (lambda: office(), "这种文件不收"),
    "旧.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "是旧格式"),
    "宏.docm": (lambda: office(), "带宏"),
    "宏.docx": (lambda: office(parts={"word/vbaProject.bin": b"x"}), "里带宏"),
    "藏.docx": (lambda: office(types='<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'), "里带宏"),
    "老宏.xlsx": (lambda: office("xlsx", parts={"xl/macrosheets/sheet1.xml": "<xml/>"}), "里带宏"),
    "炸弹.docx": (bomb, "大得不像正常的文档"),
    "碎.docx": (lambda: office(parts={f"{place}": "" for place in range(4100)}), "大得不像正常的文档"),
    "密.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "加了密码"),
    "断.docx": (lambda: office()[:-40], "是坏的"),
    "断.png": (lambda: png()[:60], "是坏的"),
    "断.jpg": (lambda: jpeg()[:40], "是坏的"),
    "双.txt": (lambda: "名单".encode("utf-16"), "UTF-16"),
    "坏.txt": (lambda: b"abc\x00def", "打开看不是"),
    "../../etc/长" + "长" * 300 + ".pdf": (lambda: b"%PDF-1.7", "文件名太长"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_sentence_and_writes_nothing(name):
    make, sentence = REFUSED[name]

    with pytest.raises(Refused) as refusal:
        check_upload(upload(name, make()))

    assert sentence in refusal.value.sentence
    assert on_disk() == []


@pytest.mark.parametrize(
    "given, kept",
    [
        ("C:\\Users\\周婧\\照片.jpg", "照片.jpg"),
        ("../../照片.jpg", "照片.jpg"),
        ("照\x00片\n.jpg", "照片.jpg"),
        ("照片\u202egpj.exe.jpg", "照片gpj.exe.jpg"),
        ("<b>🦢</b>.jpg", "b>.jpg"),
        ("👨‍🏭.jpg", "👨‍🏭.jpg"),
    ],
)
def test_keeps_a_plain_name(given, kept):
    file = upload("x.jpg", jpeg())
    file._name = given  # past what Django itself takes away

    assert check_upload(file).name == kept


def test_refuses_too_many_at_once():
    with pytest.raises(Refused, match="一次最多 9 个文件，这里有 10 个"):
        check_all([upload(f"{place}.jpg", jpeg()) for place in range(10)])

    assert on_disk() == []


def test_one_bad_file_keeps_the_good_ones_out_too():
    with pytest.raises(Refused):
        check_all([upload("好.jpg", jpeg()), upload("坏.jpg", b"x")])

    assert on_disk() == []


@pytest.mark.errors_expected
def test_a_full_disk_is_a_sentence(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"

    with pytest.raises(Refused, match="磁盘写不进去"):
        check_upload(upload("照片.jpg", jpeg()))
