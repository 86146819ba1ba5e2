"""Questions to the ledger: is it whole, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from lingyan.kernel.wires import wire
from lingyan.ledger.models import Block, Entry
from lingyan.ledger.services import GENESIS, block_digest, content_digest, heads_path, verbs


@dataclass
class Verdict:
    """What `verify` found: how much was read, and a sentence for each fault. `links` counts the blocks whose place in the chain was checked."""

    links: int = 0
    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults

    @property
    def is_partial(self) -> bool:
        """Whether older blocks were checked by their place in the chain only."""
        return self.blocks < self.links


def verify(newest_blocks: int | None = None) -> Verdict:
    """Read the ledger and find any change, gap or lost end.

    With `newest_blocks` the entries of that many newest blocks are read; of the older ones only that each follows the one before.
    What it cannot find: an entry deleted before it was sealed, and a lost end when the heads outside the database are lost too.
    """
    verdict = Verdict()
    chain = list(Block.objects.order_by("pk").values_list("pk", "previous", "digest"))
    verdict.links = len(chain)
    previous = GENESIS
    for pk, follows, digest in chain:
        if follows != previous:
            verdict.faults.append(_("第 %(block)d 块接不上前一块，中间有块被删或被改。") % {"block": pk})
        previous = digest
    blocks = Block.objects.order_by("pk")
    if newest_blocks is not None and len(chain) > newest_blocks:
        blocks = blocks.filter(pk__gte=chain[-newest_blocks][0]) if newest_blocks else blocks.none()
    for block in blocks.iterator():
        read_block(block, verdict)
    for entry in Entry.objects.filter(block__isnull=True).order_by("pk").iterator():
        verdict.unsealed += 1
        if content_digest(entry) != entry.digest:
            verdict.faults.append(_("第 %(entry)d 条被改过（还没封存）。") % {"entry": entry.pk})
    check_heads({str(pk): digest for pk, _follows, digest in chain}, verdict)
    return verdict


def read_block(block: Block, verdict: Verdict) -> None:
    """Compare the entries of a block with their digests, their number, and the digest of the block."""
    entries = list(block.entries.order_by("pk"))
    verdict.blocks += 1
    verdict.entries += len(entries)
    if len(entries) != block.entry_count:
        verdict.faults.append(
            _("第 %(block)d 块应有 %(should)d 条，现在是 %(found)d 条。") % {"block": block.pk, "should": block.entry_count, "found": len(entries)}
        )
    changed = [entry.pk for entry in entries if content_digest(entry) != entry.digest]
    for pk in changed:
        verdict.faults.append(_("第 %(entry)d 条被改过（第 %(block)d 块）。") % {"entry": pk, "block": block.pk})
    if not changed and block_digest(block.previous, block.sealed_at, entries) != block.digest:
        verdict.faults.append(_("第 %(block)d 块的摘要对不上，里面的条目被换过。") % {"block": block.pk})


def check_heads(digests: dict[str, str], verdict: Verdict) -> None:
    """Compare the heads noted outside the database with the blocks that are there."""
    if not heads_path().exists():
        return
    for line in heads_path().read_text().splitlines():
        pk, _space, digest = line.partition(" ")
        if digests.get(pk) != digest:
            verdict.faults.append(_("封存记录里有第 %(block)s 块，流水账里没有或已不同。") % {"block": pk[:20]})
            break


# --- entries in words -----------------------------------------------------------------------------------------------------


def ways() -> dict[str, str]:
    """By what way something came, in words."""
    return {"page": _("页面"), "api": _("接口"), "link": _("一次性链接"), "job": _("后台"), "offline": _("离线"), "command": _("命令")}


def kinds() -> dict[str, str]:
    """What an entry may be about: model label → its name for people."""
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models() if model.__module__.startswith("lingyan.")}


@cache
def field_words() -> dict[str, str]:
    """What people call the names in `fields`: as a module says in FIELD_WORDS of its `verbs.py`, or as some model calls its field of that name."""
    models = [model for model in apps.get_models() if model.__module__.startswith("lingyan.")]
    found = {column.name: column.verbose_name for model in reversed(models) for column in model._meta.fields if column.name != "id"}
    for app in apps.get_app_configs():
        if app.name.startswith("lingyan.") and find_spec(f"{app.name}.verbs"):
            found |= getattr(import_module(f"{app.name}.verbs"), "FIELD_WORDS", {})
    return found


def changed_in_words(entry: Entry) -> str:
    """What was written, by the names people know the fields by; a name that nobody explains stays as it is."""
    try:
        own = {column.name: column.verbose_name for column in apps.get_model(entry.target_type)._meta.fields} if entry.target_type else {}
    except LookupError:
        own = {}
    names = [name.removesuffix("_id") for name in entry.fields]
    return "、".join(str(own.get(name) or field_words().get(name) or name) for name in names)


def in_words(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries as a page shows them: entry, who, what, about, target (as the filter takes it), changed, way. One query for the names of all."""
    names = wire("ACTOR_NAMES")({entry.actor_id for entry in entries if entry.actor_id is not None})
    labels, about, way = verbs(), kinds(), ways()
    return [
        {
            "entry": entry,
            "who": names.get(entry.actor_id) or (_("%(id)d 号（已不在）") % {"id": entry.actor_id} if entry.actor_id else _("不知是谁")),
            "what": labels.get(entry.verb, entry.verb),
            "about": f"{about.get(entry.target_type, entry.target_type)} {entry.target_id or ''}".strip(),
            "target": f"{entry.target_type}:{entry.target_id}" if entry.target_id else "",
            "changed": changed_in_words(entry),
            "way": way.get(entry.via, entry.via),
        }
        for entry in entries
    ]


def unsealed_count() -> int:
    """How many entries no block holds yet."""
    return Entry.objects.filter(block=None).count()


def last_block() -> Block | None:
    """The newest block of the chain."""
    return Block.objects.order_by("-pk").first()
