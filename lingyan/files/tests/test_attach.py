"""Hanging files on a row: row and content together or neither, and nothing twice."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction

from lingyan.files.models import Attachment
from lingyan.files.reads import attachments_of, attachments_of_many, file_drop
from lingyan.files.services import attach, attach_all, check_upload, sweep_incoming
from lingyan.files.store import path_of
from lingyan.files.tests.content import GOOD, GPS, jpeg, upload
from lingyan.kernel.clock import at, now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.models import Entry


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_content_comes_into_its_place_on_commit(cast, make_case, django_capture_on_commit_callbacks):
    case = make_case()
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()))
        assert not path_of(attachment.uuid).exists()

    assert on_disk() == [path_of(attachment.uuid)]
    assert attachment.size == path_of(attachment.uuid).stat().st_size and GPS not in path_of(attachment.uuid).read_bytes()
    assert (attachment.name, attachment.media_type, attachment.uploader_id) == ("照片.jpg", "image/jpeg", cast.contact.pk)
    assert path_of(attachment.uuid).stat().st_mode & 0o077 == 0


def test_leaves_an_entry_in_the_ledger_of_the_community(cast, make_case):
    attachment = attach(actor=cast.contact, target=make_case(), upload=upload("照片.jpg", jpeg()))

    entry = Entry.objects.get(verb="file.attached")
    assert (entry.target_id, entry.actor_id, entry.community_id) == (attachment.pk, cast.contact.pk, cast.lingfeng.pk)


def test_a_transaction_that_is_rolled_back_leaves_neither_row_nor_content(cast, make_case):
    case = make_case()

    with transaction.atomic():
        attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()))
        assert len(on_disk()) == 1
        transaction.set_rollback(True)

    assert not Attachment.objects.exists() and on_disk() == []


def test_an_error_after_attaching_leaves_neither(cast, make_case):
    case = make_case()

    def fails():
        with transaction.atomic():
            attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()))
            raise Refused("other", "别的事不成")

    with pytest.raises(Refused):
        fails()

    assert not Attachment.objects.exists() and on_disk() == []


def test_a_refused_file_leaves_nothing_of_the_others(cast, make_case, django_capture_on_commit_callbacks):
    case = make_case()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        attach_all(actor=cast.contact, target=case, uploads=[upload("好.jpg", jpeg()), upload("坏.pdf", b"x")])

    assert not Attachment.objects.exists() and on_disk() == [] and not Entry.objects.filter(verb="file.attached").exists()


def test_attaches_several_in_their_order(cast, make_case, django_capture_on_commit_callbacks):
    case = make_case()
    with django_capture_on_commit_callbacks(execute=True):
        attach_all(actor=cast.contact, target=case, uploads=[upload(name, content) for name, content in list(GOOD.items())[:5]])

    assert [attachment.name for attachment in attachments_of(case)] == list(GOOD)[:5] and len(on_disk()) == 5


def test_takes_what_was_checked_before_the_transaction(cast, make_case, django_capture_on_commit_callbacks):
    case = make_case()
    checked = [check_upload(upload("照片.jpg", jpeg()))]

    with django_capture_on_commit_callbacks(execute=True):
        (attachment,) = attach_all(actor=cast.contact, target=case, uploads=checked)
    del checked

    assert on_disk() == [path_of(attachment.uuid)]


def test_sending_twice_writes_once(cast, make_case, django_capture_on_commit_callbacks):
    case, uuid = make_case(), uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        first = attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()), client_uuid=uuid)
        second = attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()), client_uuid=uuid)

    assert first == second and Attachment.objects.count() == 1 and len(on_disk()) == 1


def test_somebody_elses_uuid_is_refused(cast, make_case):
    case, uuid = make_case(), uuid4()
    attach(actor=cast.contact, target=case, upload=upload("照片.jpg", jpeg()), client_uuid=uuid)

    with pytest.raises(Refused):
        attach(actor=cast.officer, target=case, upload=upload("别的.jpg", jpeg()), client_uuid=uuid)

    assert Attachment.objects.get().name == "照片.jpg"


def test_a_row_about_which_nobody_says_who_sees_it_takes_no_file(cast):
    with pytest.raises(LookupError):
        attach(actor=cast.contact, target=cast.lanshi, upload=upload("照片.jpg", jpeg()))

    assert not Attachment.objects.exists()


def test_files_of_many_rows_in_one_query(cast, make_case, django_assert_num_queries):
    cases = [make_case() for _place in range(3)]
    attach(actor=cast.contact, target=cases[0], upload=upload("一.jpg", jpeg()))
    attach(actor=cast.contact, target=cases[0], upload=upload("二.pdf", b"%PDF-1.7"))
    attach(actor=cast.contact, target=cases[2], upload=upload("三.jpg", jpeg()))

    with django_assert_num_queries(1):
        found = attachments_of_many(cases)

    assert [[attachment.name for attachment in found[case.pk]] for case in cases] == [["一.jpg", "二.pdf"], [], ["三.jpg"]]
    assert attachments_of_many([]) == {}


def test_says_what_a_form_may_offer():
    offer = file_drop(max_files=3)

    assert ".jpg" in offer["accept"] and offer["max_mb"] == 20 and offer["max_files"] == 3 and "PDF" in offer["types"]


def test_what_a_dead_process_left_is_removed_a_day_later(folder):
    checked = check_upload(upload("照片.jpg", jpeg()))
    (folder / "incoming" / "left").write_bytes(b"x")

    assert sweep_incoming() == 0
    with at(now() + timedelta(days=2)):
        assert sweep_incoming() == 2
    assert on_disk() == [] and checked.size
