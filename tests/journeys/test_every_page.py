"""Every page a person can open: nothing serious for axe by day and by lamp, nothing wider than a small phone, no fault in the console."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import DESK, NARROW, PHONE, is_wider_than_the_screen
from tests.matrix.walk import addresses_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

# Who is looked over: the others see the same pages. Pages that one has shown are not shown again by the next, except where the role changes what is on them.
PERSONS = ["secretary", "social_worker", "officer", "posted_cadre", "contact", "worker", "administrator", "auditor", "nobody"]
SERIOUS = {"serious", "critical"}
THEIR_OWN = ("/", "/cases/", "/cases/raise/", "/people/me/")
MORE = {"secretary": ["/cases/?tab=all&q=nichts", "/search/?q=灵峰", "/ui/"], "administrator": ["/people/persons/add/"]}


def seen_before(house: Any, person: str) -> set[str]:
    return {address for other in PERSONS[: PERSONS.index(person)] for address in addresses_of(house.world, other)} - set(THEIR_OWN)


def faults_of(page: Page, address: str) -> list[str]:
    """What axe finds by day and by lamp, and where the page is wider than a small screen."""
    found = []
    for theme, options in (("paper", {}), ("lamp", {"runOnly": {"type": "rule", "values": ["color-contrast"]}})):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.evaluate("document.getAnimations().filter(each => each.effect.getComputedTiming().endTime !== Infinity).forEach(each => each.finish())")
        violations = Axe().run(page, options=options).response["violations"]
        found += [f"{address} ({theme}): {each['id']}: {each['nodes'][0]['html'][:160]}" for each in violations if each["impact"] in SERIOUS]
    for viewport in (PHONE, NARROW):
        page.set_viewport_size(viewport)
        if is_wider_than_the_screen(page):
            found.append(f"{address}: wider than {viewport['width']} px")
    page.set_viewport_size(DESK)
    return found


@pytest.mark.parametrize("person", PERSONS)
def test_nothing_serious_and_nothing_wider_than_the_screen(house, browse, person):
    page = browse(person, csp=False)
    before = seen_before(house, person)
    addresses = [address for address in addresses_of(house.world, person) if address not in before and not address.endswith("/preview/")]

    faults = []
    for address in [*addresses, *MORE.get(person, [])]:
        page.goto(address)
        faults += faults_of(page, address)

    assert not faults, "\n".join(faults)


def test_the_pages_of_a_stranger(house, browse):
    page = browse(csp=False)
    faults = []
    for address in ("/people/sign-in/", "/cases/feedback/"):
        page.goto(address)
        faults += faults_of(page, address)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", ["social_worker", "officer", "contact"])
def test_on_a_phone_every_place_of_the_dock_is_fit_for_a_thumb(house, browse, person):
    """What is pressed with the thumb is at least 44 px high, nothing lies under the dock at the end of the page, and axe finds nothing on the phone either."""
    page = browse(person, PHONE, csp=False)
    page.goto("/")
    places = page.locator("nav.ydock a:visible")

    assert places.count() >= 4
    assert min(place.bounding_box()["height"] for place in places.all()) >= 44
    assert not [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
