"""Handing out a file: to whom, under which name, and with nothing in it that could run."""

from uuid import uuid4

import pytest
from django.urls import reverse

from lingyan.files.services import attach
from lingyan.files.store import path_of
from lingyan.files.tests.content import jpeg, upload


@pytest.fixture
def attached(cast, make_case, tmp_path, settings, django_capture_on_commit_callbacks):
    """A file on a case of 澜石 that 住建 has in hand."""
    settings.MEDIA_ROOT = tmp_path
    case = make_case("in_hand")

    def make(name="现场 照片（1）.jpg", content=None):
        with django_capture_on_commit_callbacks(execute=True):
            return attach(actor=cast.contact, target=case, upload=upload(name, jpeg() if content is None else content))

    return make


def get(client, person, attachment):
    client.force_login(person)
    return client.get(attachment.url)


@pytest.mark.parametrize("name", ["contact", "social_worker", "secretary", "officer", "posted_cadre", "administrator"])
def test_whoever_sees_the_case_may_read_it(client, cast, attached, name):
    attachment = attached()

    answer = get(client, cast.everybody[name], attachment)

    assert answer.status_code == 200 and b"".join(answer.streaming_content) == path_of(attachment.uuid).read_bytes()


@pytest.mark.parametrize("name", ["other_contact", "other_officer", "outsider", "worker", "volunteer", "auditor", "nobody", "lawyer"])
def test_to_anybody_else_it_is_not_there(client, cast, attached, name):
    assert get(client, cast.everybody[name], attached()).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, attached):
    assert client.get(attached().url).status_code == 302


def test_a_uuid_that_means_nothing_is_not_there(client, cast):
    client.force_login(cast.secretary)

    assert client.get(reverse("files:download", args=[uuid4()])).status_code == 404


def test_a_picture_is_shown_under_its_chinese_name(client, cast, attached):
    answer = get(client, cast.contact, attached())

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87%EF%BC%881%EF%BC%89.jpg"


@pytest.mark.parametrize("name, content", [("合同.pdf", b"%PDF-1.7"), ("名单.csv", b"a,b"), ('引"号\r\nX: 1.txt', b"text")], ids=repr)
def test_all_else_is_saved(client, cast, attached, name, content):
    answer = get(client, cast.contact, attached(name, content))

    assert answer.headers["Content-Disposition"].startswith("attachment; filename") and "X" not in answer.headers


def test_nothing_inside_runs_or_is_taken_for_something_else(client, cast, attached):
    headers = get(client, cast.contact, attached("说明.txt", b"<script>alert(1)</script>")).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"] and "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Type"] == "text/plain" and "no-store" in headers["Cache-Control"]


@pytest.mark.errors_expected
def test_a_content_that_is_gone_is_not_there_and_is_logged(client, cast, attached):
    attachment = attached()
    path_of(attachment.uuid).unlink()

    assert get(client, cast.contact, attachment).status_code == 404


def test_is_only_read(client, cast, attached):
    attachment = attached()
    client.force_login(cast.contact)

    assert client.post(attachment.url).status_code == 405
