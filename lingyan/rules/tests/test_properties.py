"""What must hold of every profile: to know more never overturns a decision, and what is missing is what settles."""

import datetime as dt
import random

import pytest

from lingyan.rules import checkup, installed
from lingyan.rules.check import INELIGIBLE, MANUAL_REVIEW, NOT_APPLICABLE, NOT_IN_FORCE, UNKNOWN
from lingyan.rules.tests.profiles import Profiles

JUNE = dt.date(2026, 6, 1)
OPEN = {UNKNOWN, MANUAL_REVIEW}


@pytest.fixture(scope="module")
def profiles():
    return Profiles(installed(), JUNE)


def decided(results):
    """The decided outcomes; a no stays a no, though with the region known it may become "not for you"."""
    no = {NOT_APPLICABLE: INELIGIBLE}
    return {result.policy.id: no.get(result.status, result.status) for result in results if result.status not in OPEN}


@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 100))])
def test_to_know_more_never_overturns_a_decision(profiles, seed):
    rng = random.Random(seed)
    full = profiles.make(rng, left_out=0)
    some = {name: value for name, value in full.items() if rng.random() < 0.7}

    before, after = decided(checkup(some, JUNE)), decided(checkup(full, JUNE))

    # a version chosen by application type may change when the type becomes known
    assert {policy: status for policy, status in before.items() if policy != "little-giant"}.items() <= after.items()


@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 100))])
def test_given_what_is_missing_the_outcome_is_settled(profiles, seed):
    rng = random.Random(1000 + seed)
    full = profiles.make(rng, left_out=0)
    some = {name: value for name, value in full.items() if rng.random() < rng.choice([0.3, 0.7, 0.9])}
    for result in checkup(some, JUNE):
        if result.status in OPEN and "hires" not in result.missing_facts and set(result.missing_facts) <= set(full):
            more = {**some, **{name: full[name] for name in result.missing_facts}}
            then = {later.policy.id: later for later in checkup(more, JUNE)}[result.policy.id]
            assert then.status != UNKNOWN or then.version != result.version, (result.policy.id, result.missing_facts, then.missing_facts)


@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 100))])
def test_no_missing_fact_is_named_in_vain(profiles, seed):
    """Every fact named as missing is absent, and none is named for a policy that is decided against or not in force."""
    profile = profiles.make(random.Random(2000 + seed))
    for result in checkup(profile, JUNE):
        assert not set(result.missing_facts) & set(profile) - {"hires"}  # a list can be there and leave persons open
        assert not set(result.failing_facts) - set(profile) - {"in_ningbo", "registered_in_zhejiang", "size_class", "is_slp", "established_within_3y"}
        if result.status in OPEN:
            assert result.missing_facts
        if result.status == NOT_IN_FORCE:
            assert not result.missing_facts
