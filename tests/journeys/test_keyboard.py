"""The list of cases by keyboard alone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


def test_j_and_k_walk_the_list_the_preview_follows_and_enter_opens(house, browse):
    page = browse("secretary")
    page.goto("/cases/?tab=all")
    titles = page.locator("tr[data-row] a").all_inner_texts()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")

    expect(page.locator("tr[data-row].sel")).to_have_count(1)
    expect(page.locator("tr[data-row].sel a")).to_have_text(titles[1])
    expect(page.locator("#preview")).to_contain_text(titles[1].split()[-1])
    assert not [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/\d+/$"))
    expect(page.locator("h1")).to_contain_text(titles[1].split()[-1])


def test_slash_goes_to_the_search_box_and_enter_searches(house, browse):
    page = browse("secretary")
    page.goto("/cases/?tab=all")
    case = house.world.cases["closed"]

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type(case.number)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/cases/{case.pk}/$"))


def test_keys_are_letters_while_somebody_types(house, browse):
    page = browse("secretary")
    page.goto("/cases/?tab=all")

    page.keyboard.press("/")
    page.keyboard.type("jk/n")

    assert page.locator("input[name=q]:focus").input_value() == "jk/n"
    assert "/cases/" in page.url
    expect(page.locator("tr[data-row].sel")).to_have_count(0)


def test_a_case_is_answered_with_the_keyboard_alone(house, browse):
    """From the list to the letter that signs: no finger, no mouse."""
    case = house.world.cases["secret"]
    page = browse("officer")
    page.goto(f"/cases/{case.pk}/")

    page.keyboard.press("s")

    expect(page.get_by_text("签收了，这件现在归您。")).to_be_visible()
    case.refresh_from_db()
    assert case.stage == "in_hand"
