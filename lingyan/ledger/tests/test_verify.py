"""The ledger tells when somebody has changed it: each way of tampering is found, and an honest ledger is whole."""

import pytest

from lingyan.ledger.models import Block, Entry
from lingyan.ledger.reads import verify
from lingyan.ledger.services import heads_path, record, seal


def faults():
    return " ".join(verify().faults)


def test_an_honest_ledger_is_whole(sealed, write):
    write(3)

    verdict = verify()

    assert verdict.is_whole and verdict.blocks == verdict.links == Block.objects.count()
    assert verdict.entries == Entry.objects.exclude(block=None).count() and verdict.unsealed == 3


def test_an_empty_ledger_is_whole(db):
    assert verify().is_whole and seal() == 0


@pytest.mark.parametrize(
    "column, value",
    [
        ("verb", "enterprise.changed"),
        ("actor_id", 999),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("target_id", 999),
        ("community_id", None),
        ("via", "job"),
        ("fields", "{}"),
    ],
)
def test_finds_a_changed_entry(sealed, tamper, column, value):
    entry = sealed[5]
    tamper(f"update ledger_entry set {column} = %s where id = %s", value, entry.pk)

    assert f"第 {entry.pk} 条被改过" in faults()


def test_finds_an_entry_changed_before_it_was_sealed(write, tamper):
    (entry,) = write()
    tamper("update ledger_entry set actor_id = 999 where id = %s", entry.pk)

    assert f"第 {entry.pk} 条被改过（还没封存）" in faults()


def test_finds_an_entry_changed_together_with_its_digest(sealed, tamper):
    one, other = sealed[5], sealed[6]
    tamper("update ledger_entry set digest = %s where id = %s", other.digest, one.pk)

    assert f"第 {one.pk} 条被改过" in faults() or "摘要对不上" in faults()


def test_finds_a_deleted_entry(sealed, tamper):
    entry = sealed[5]
    tamper("delete from ledger_entry where id = %s", entry.pk)

    assert f"第 {entry.block_id} 块应有 10 条，现在是 9 条" in faults()


def test_finds_a_deleted_block(sealed, tamper):
    block = Block.objects.order_by("pk")[1]
    tamper("delete from ledger_entry where block_id = %s", block.pk)
    tamper("delete from ledger_block where id = %s", block.pk)

    assert f"第 {block.pk + 1} 块接不上前一块" in faults()


def test_finds_that_the_beginning_is_gone(sealed, tamper):
    block = Block.objects.order_by("pk").first()
    tamper("delete from ledger_entry where block_id = %s", block.pk)
    tamper("delete from ledger_block where id = %s", block.pk)

    assert "接不上前一块" in faults()


def test_finds_that_the_end_is_gone(sealed, tamper):
    block = Block.objects.order_by("pk").last()
    tamper("delete from ledger_entry where block_id = %s", block.pk)
    tamper("delete from ledger_block where id = %s", block.pk)

    assert f"封存记录里有第 {block.pk} 块" in faults()


def test_finds_that_all_is_gone(sealed, tamper):
    tamper("delete from ledger_entry")
    tamper("delete from ledger_block")

    assert "封存记录里有" in faults()


def test_finds_a_line_of_the_heads_that_is_no_line(sealed):
    heads_path().write_text("什么都不是\n")

    assert "封存记录里有" in faults()


def test_finds_two_entries_that_changed_places(cast, sealed, write, tamper):
    other = record(actor=cast.contact, verb="enterprise.changed", target=cast.lanshi)
    seal()
    one = sealed[5]
    columns = ["at", "actor_id", "via", "verb", "target_type", "target_id", "community_id", "fields", "digest"]
    kept = Entry.objects.filter(pk__in=[one.pk, other.pk]).order_by("pk").values_list(*columns)
    (first, second) = list(kept)
    names = [name for name in columns if name != "fields"]
    for pk, values in ((one.pk, second), (other.pk, first)):
        tamper(
            f"update ledger_entry set {', '.join(f'{name} = %s' for name in names)} where id = %s",
            *(value for name, value in zip(columns, values, strict=True) if name != "fields"),
            pk,
        )

    assert "被改过" in faults() or "摘要对不上" in faults()


def test_finds_an_entry_moved_to_another_block(sealed, tamper):
    blocks = list(Block.objects.order_by("pk"))
    tamper("update ledger_entry set block_id = %s where id = %s", blocks[-1].pk, sealed[0].pk)

    assert f"第 {blocks[-1].pk} 块应有" in faults()


def test_finds_an_entry_put_in_after_sealing(sealed, tamper):
    one = sealed[5]
    tamper(
        "insert into ledger_entry (at, actor_id, via, verb, target_type, target_id, community_id, fields, digest, block_id) "
        "select at, 999, via, verb, target_type, target_id, community_id, fields, digest, block_id from ledger_entry where id = %s",
        one.pk,
    )

    assert f"第 {one.block_id} 块应有 10 条，现在是 11 条" in faults()


def test_finds_an_invented_entry_that_is_not_sealed(sealed, tamper):
    tamper(
        "insert into ledger_entry (at, actor_id, via, verb, target_type, target_id, community_id, fields, digest, block_id) "
        "select at, 999, via, verb, target_type, target_id, community_id, fields, digest, null from ledger_entry where id = %s",
        sealed[5].pk,
    )

    assert "还没封存" in faults()


def test_finds_a_changed_block(sealed, tamper):
    block = Block.objects.order_by("pk")[1]
    tamper("update ledger_block set sealed_at = %s where id = %s", "2020-01-01 00:00:00+00:00", block.pk)

    assert f"第 {block.pk} 块的摘要对不上" in faults()


def test_another_key_reads_no_entry_as_whole(sealed, settings):
    settings.SECRET_KEY = "somebody else's"

    assert not verify().is_whole


def test_reading_the_newest_blocks_says_so_and_still_checks_the_whole_chain(sealed, tamper):
    verdict = verify(newest_blocks=1)
    assert verdict.is_whole and verdict.is_partial and verdict.blocks == 1 and verdict.links == Block.objects.count()

    tamper("update ledger_block set digest = %s where id = %s", "f" * 64, Block.objects.order_by("pk").first().pk)
    assert not verify(newest_blocks=1).is_whole


def test_the_code_itself_changes_and_deletes_nothing(sealed):
    entry = sealed[0]

    for attempt in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(verb="x")):
        with pytest.raises(TypeError):
            attempt()
    assert verify().is_whole
