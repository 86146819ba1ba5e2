"""Questions to the ledger: is it whole, and what happened."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from lingyan.ledger.models import Block, Entry
from lingyan.ledger.services import GENESIS, block_digest, content_digest


@dataclass
class Verdict:
    """What `verify` found: how much was read, and a sentence for each fault."""

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify() -> Verdict:
    """Read the whole ledger and find any change, gap or lost end."""
    verdict = Verdict()
    previous = GENESIS
    digests: dict[int, str] = {}
    for block in Block.objects.order_by("pk").iterator():
        verdict.blocks += 1
        entries = list(block.entries.order_by("pk"))
        verdict.entries += len(entries)
        if block.previous != previous:
            verdict.faults.append(_("第 %(block)d 块接不上前一块，中间有块被删或被改。") % {"block": block.pk})
        if len(entries) != block.entry_count:
            verdict.faults.append(_("第 %(block)d 块应有 %(should)d 条，现在是 %(found)d 条。") % {"block": block.pk, "should": block.entry_count, "found": len(entries)})
        changed = [entry.pk for entry in entries if content_digest(entry) != entry.digest]
        for pk in changed:
            verdict.faults.append(_("第 %(entry)d 条被改过（第 %(block)d 块）。") % {"entry": pk, "block": block.pk})
        if not changed and block_digest(block.previous, block.sealed_at, entries) != block.digest:
            verdict.faults.append(_("第 %(block)d 块的摘要对不上，里面的条目被换过。") % {"block": block.pk})
        previous = block.digest
        digests[block.pk] = block.digest
    for entry in Entry.objects.filter(block__isnull=True).iterator():
        verdict.unsealed += 1
        if content_digest(entry) != entry.digest:
            verdict.faults.append(_("第 %(entry)d 条被改过（还没封存）。") % {"entry": entry.pk})
    heads = settings.DATA_DIR / "ledger_heads"
    if heads.exists():
        for line in heads.read_text().splitlines():
            pk, _space, digest = line.partition(" ")
            if digests.get(int(pk)) != digest:
                verdict.faults.append(_("封存记录里有第 %(block)s 块，流水账里没有或已不同。") % {"block": pk})
                break
    return verdict
