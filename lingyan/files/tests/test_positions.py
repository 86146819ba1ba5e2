"""Where a picture was taken is not kept; which way is up is."""

import contextlib

import pytest

from lingyan.files.positions import Broken, orientation_in, without_position
from lingyan.files.tests.content import GPS, box, exif, film, heic, jpeg, png, webp

MADE = {"jpeg": jpeg(behind=film()), "png": png(), "webp": webp(), "heic": heic(), "mp4": film(), "mov": film(b"qt  "), "m4a": film(b"M4A ")}


@pytest.mark.parametrize("kind", MADE)
def test_no_position_is_left(kind):
    assert GPS in MADE[kind]
    assert GPS not in without_position(kind, MADE[kind])


@pytest.mark.parametrize("kind", MADE)
def test_cleaning_again_changes_nothing(kind):
    once = without_position(kind, MADE[kind])

    assert without_position(kind, once) == once


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_keeps_which_way_is_up(orientation, order):
    cleaned = without_position("jpeg", jpeg(orientation=orientation, order=order))

    place = cleaned.find(b"Exif\x00\x00")
    assert (orientation_in(cleaned[place + 6 :]) if place > 0 else 1) == orientation


def test_a_jpeg_keeps_its_picture_its_tables_and_its_colours():
    cleaned = without_position("jpeg", jpeg())

    assert cleaned.count(b"\x12\xff\x00\x34\xff\xd0\x56") == 2 and b"ICC_PROFILE" in cleaned and b"JFIF" in cleaned
    assert cleaned.endswith(b"\xff\xd9")


def test_what_hides_behind_a_picture_is_cut_off():
    assert without_position("jpeg", jpeg(behind=b"a film of the same moment")) == without_position("jpeg", jpeg())


def test_a_jpeg_cut_off_in_its_picture_is_closed():
    whole = jpeg()

    assert without_position("jpeg", whole[:-4]).endswith(b"\xff\xd9")


def test_a_picture_and_a_film_keep_their_size_and_data_where_they_are():
    assert without_position("heic", heic())[-7:] == b"picture" and len(without_position("heic", heic())) == len(heic())
    assert b"frames" in without_position("mp4", film()) and len(without_position("mp4", film())) == len(film())
    assert b"colours" in without_position("png", png()) and b"picture" in without_position("webp", webp())


@pytest.mark.parametrize("tiff", [b"", b"II", b"II*\x00\xff\xff\xff\xff", b"MM\x00*\x00\x00\x00\x08\xff\xff", exif()[6:20]], ids=repr)
def test_a_broken_description_means_up_is_up(tiff):
    assert orientation_in(tiff) == 1


@pytest.mark.parametrize("kind", MADE)
def test_any_cut_is_broken_or_clean_and_never_an_error(kind):
    whole = MADE[kind]
    for length in range(len(whole)):
        with contextlib.suppress(Broken):
            assert GPS not in without_position(kind, whole[:length])


def test_boxes_in_boxes_without_end_are_broken():
    nested = b""
    for _depth in range(50):
        nested = box(b"moov", nested)

    with pytest.raises(Broken):
        without_position("mp4", box(b"ftyp", b"isom0000isom") + nested)
