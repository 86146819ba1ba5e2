"""Which entries an auditor reads: those of the communities in their scope, and for a district's auditor also those of no community."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from lingyan.kernel.wires import wire
from lingyan.ledger.models import Block, Entry


def visible_entries(actor: Any) -> QuerySet[Entry]:
    scopes = actor.scopes("ledger.view_entry")
    condition = Q(community_id__in=wire("SCOPE_FINDERS").ids_within(scopes)["community"])
    if scopes.of("district"):
        condition |= Q(community_id__isnull=True)
    return Entry.objects.filter(condition)


def visible_blocks(actor: Any) -> QuerySet[Block]:
    """Blocks hold digests only: whoever reads entries may check every block they may lie in."""
    return Block.objects.all() if actor.scopes("ledger.view_entry") else Block.objects.none()
