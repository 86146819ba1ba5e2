"""Sealing: nothing twice, nothing left out, and nobody waits for it."""

import threading

import pytest
from django.db import connection, transaction

from lingyan.ledger import services
from lingyan.ledger.models import Block, Entry
from lingyan.ledger.reads import verify
from lingyan.ledger.services import heads_path, record, seal, seal_next_block
from lingyan.people.services import builtin_person


def test_seals_what_is_there_in_blocks(write, monkeypatch):
    seal()
    blocks = Block.objects.count()
    monkeypatch.setattr(services, "ENTRIES_PER_BLOCK", 10)
    write(25)

    assert seal() == 3
    assert list(Block.objects.order_by("pk")[blocks:].values_list("entry_count", flat=True)) == [10, 10, 5]
    assert not Entry.objects.filter(block=None).exists()


def test_sealing_again_makes_nothing(sealed):
    blocks = Block.objects.count()

    assert seal() == 0 and Block.objects.count() == blocks


def test_notes_the_head_outside_the_database(sealed):
    head = Block.objects.order_by("pk").last()

    assert heads_path().read_text().splitlines()[-1] == f"{head.pk} {head.digest}"


def test_a_change_that_was_rolled_back_leaves_no_entry(write):
    before = Entry.objects.count()

    with transaction.atomic():
        write(3)
        transaction.set_rollback(True)

    assert Entry.objects.count() == before


def in_thread(work):
    """Run `work` in a thread with its own connection; what it raised comes back from `join`."""
    caught = []

    def run():
        try:
            work()
        except Exception as error:
            caught.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def join():
        thread.join(20)
        assert not thread.is_alive(), "somebody waited for ever"
        if caught:
            raise caught[0]

    return join


@pytest.fixture
def some(transactional_db):
    """Entries that are really committed."""

    def entries(number=1):
        actor = builtin_person("system")
        for _place in range(number):
            record(actor=actor, verb="ledger.verified", target=None)

    return entries


@pytest.mark.postgres
@pytest.mark.parametrize("sealers", [2, 6])
def test_two_sealers_at_once_seal_each_entry_once(some, monkeypatch, sealers):
    monkeypatch.setattr(services, "ENTRIES_PER_BLOCK", 7)
    some(120)
    start = threading.Barrier(sealers)

    def work():
        start.wait()
        seal()

    for join in [in_thread(work) for _place in range(sealers)]:
        join()
    seal()

    verdict = verify()
    assert verdict.is_whole, verdict.faults
    assert verdict.unsealed == 0 and sum(Block.objects.values_list("entry_count", flat=True)) == Entry.objects.count()


@pytest.mark.postgres
def test_a_block_made_between_two_readings_makes_the_other_sealer_fail(some, monkeypatch):
    """The other sealer commits after this one has read the last block and before it reads the entries."""
    some(20)
    first = Entry.objects.filter
    done = []

    def seal_meanwhile(*args, **kwargs):
        if not done and threading.current_thread() is threading.main_thread():
            done.append(True)
            in_thread(seal)()
        return first(*args, **kwargs)

    monkeypatch.setattr(Entry.objects, "filter", seal_meanwhile)
    seal()
    monkeypatch.undo()
    some(3)
    seal()

    assert verify().is_whole


@pytest.mark.postgres
def test_a_writer_does_not_wait_for_a_sealer(some):
    some(20)

    with transaction.atomic():
        seal_next_block()
        in_thread(lambda: some(1))()

    assert Entry.objects.filter(block=None).count() == 1
    assert verify().is_whole


@pytest.mark.postgres
def test_a_sealer_does_not_wait_for_a_writer_and_takes_the_late_entry_next_time(some):
    some(5)

    with transaction.atomic():
        record(actor=None, verb="ledger.verified", target=None)
        in_thread(seal)()
    late = Entry.objects.filter(block=None).count()
    some(2)
    seal()

    assert late == 1
    verdict = verify()
    assert verdict.is_whole and verdict.unsealed == 0
