"""For the tests of the registry."""

import pytest

from lingyan.people.models import Role, ScopeKind
from lingyan.people.services import grant_membership


@pytest.fixture
def make_secretary_of_both(cast):
    """Somebody who is secretary in 灵峰 and in 大港."""
    for community in (cast.lingfeng, cast.dagang):
        grant_membership(actor=cast.system, person=cast.nobody, role=Role.SECRETARY, scope_kind=ScopeKind.COMMUNITY, scope_id=community.pk)
    return cast.nobody
