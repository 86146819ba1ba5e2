"""Writing to the ledger, and sealing it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

from lingyan.kernel.clock import now
from lingyan.ledger.models import Block, Entry

logger = logging.getLogger(__name__)
GENESIS = "0" * 64
ENTRIES_PER_BLOCK = 500
_via: ContextVar[str] = ContextVar("via", default="page")


@contextmanager
def via(way: str) -> Iterator[None]:
    """All that is recorded inside came by this way: page, api, link, job, offline, command."""
    token = _via.set(way)
    try:
        yield
    finally:
        _via.reset(token)


@cache
def verbs() -> dict[str, str]:
    """Every verb of every module with its words; a module lists its own in `verbs.py`."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("lingyan.") and find_spec(f"{app.name}.verbs"):
            found |= import_module(f"{app.name}.verbs").VERBS
    return found


def record(*, actor: Any, verb: str, target: models.Model | None, community_id: int | None = None, fields: dict[str, Any] | None = None) -> Entry:
    """Write that `actor` (a person, or None for somebody unknown) did `verb` to `target`, in the transaction of the change itself.

    `fields` names what changed and the new values; only keyed digests of the values are kept.
    Raises LookupError for a verb that no module lists.
    """
    if verb not in verbs():
        raise LookupError(f"no module lists the verb {verb!r}")
    entry = Entry(
        at=now(),
        actor_id=getattr(actor, "pk", None),
        via=_via.get(),
        verb=verb,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        community_id=community_id if community_id is not None else getattr(target, "community_id", None),
        fields={name: keyed_digest(f"{name}={value}")[:20] for name, value in sorted((fields or {}).items())},
    )
    entry.digest = content_digest(entry)
    entry.save(force_insert=True)
    return entry


def keyed_digest(text: str) -> str:
    """HMAC-SHA256 of `text` under the ledger's key, 64 hexadecimal digits."""
    key = hashlib.sha256(b"lingyan ledger:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def content_digest(entry: Entry) -> str:
    """The digest of all that an entry says, whatever engine gave it back."""
    return keyed_digest(
        json.dumps(
            [entry.at.timestamp(), entry.actor_id, entry.via, entry.verb, entry.target_type, entry.target_id, entry.community_id, entry.fields],
            ensure_ascii=False,
            sort_keys=True,
        )
    )


def block_digest(previous: str, sealed_at: datetime, entries: list[Entry]) -> str:
    return keyed_digest(json.dumps([previous, sealed_at.timestamp(), [[entry.pk, entry.digest] for entry in entries]]))


@transaction.atomic
def seal_next_block() -> Block | None:
    """Seal up to ENTRIES_PER_BLOCK entries that no block holds yet; None when there are none.

    Writers never wait for it: an entry committed late is taken by a later block. Two sealers at once: `previous` is unique, one of them fails
    with IntegrityError. The last block is read before the entries: a block made in between is then always the one that makes this one fail,
    and no entry is sealed twice.
    """
    last = Block.objects.order_by("-pk").first()
    entries = list(Entry.objects.filter(block__isnull=True).order_by("pk")[:ENTRIES_PER_BLOCK])
    if not entries:
        return None
    previous = last.digest if last else GENESIS
    sealed_at = now()
    block = Block.objects.create(sealed_at=sealed_at, previous=previous, digest=block_digest(previous, sealed_at, entries), entry_count=len(entries))
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(block=block)
    return block


def seal() -> int:
    """Seal all that is unsealed, note the head outside the database too, and say how many blocks were made.

    When somebody else is sealing at the same time, this one stops: the other has the entries.
    """
    made = 0
    block = None
    try:
        while (sealed := seal_next_block()) is not None:
            block, made = sealed, made + 1
    except IntegrityError:
        logger.info("another sealer is at work")
    if block is not None:
        with heads_path().open("a") as file:
            file.write(f"{block.pk} {block.digest}\n")
    return made


def heads_path() -> Path:
    """Where the heads of the chain are noted outside the database, so that a lost end is found."""
    return settings.DATA_DIR / "ledger_heads"
