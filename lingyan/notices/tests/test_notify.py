"""Telling somebody something: once for each key, never too long."""

from lingyan.notices.models import Notice
from lingyan.notices.services import notify


def test_the_same_key_again_changes_nothing(cast):
    notify(person=cast.contact, sentence="住建签收了", url="/cases/1/", key="case:1:acknowledged")
    notify(person=cast.contact, sentence="别的话", url="/cases/2/", key="case:1:acknowledged")

    assert [(notice.sentence, notice.url) for notice in Notice.objects.all()] == [("住建签收了", "/cases/1/")]


def test_a_long_sentence_ends_in_an_ellipsis(cast):
    notify(person=cast.contact, sentence="长" * 10_000, url="/", key="long")

    assert Notice.objects.get().sentence == "长" * 199 + "…"
