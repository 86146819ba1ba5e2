"""The way in in a real browser: what a test client cannot see (Origin and Referer, the kept form, large type on a small phone)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from lingyan.people.services import invite
from lingyan.people.tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 700}


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(viewport=PHONE, base_url=live_server.url, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def sign_in(page):
    page.goto("/people/sign-in/?next=/people/me/")
    page.fill("[name=username]", "zhoujing")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/people/me/")


def test_a_link_is_opened_and_its_form_accepted(page, cast):
    page.goto(reverse("people:invitation", args=[invite(actor=cast.system, person=cast.contact)]))
    assert page.url.endswith("/people/invitation/")

    for field in ("password", "again"):
        page.fill(f"[name={field}]", "Wild-goose-77")
    page.get_by_role("button", name="就用它").click()
    page.wait_for_function("location.pathname === '/'")

    cast.contact.refresh_from_db()
    assert cast.contact.check_password("Wild-goose-77")


def test_nothing_typed_is_lost_when_the_session_has_ended(page, social_worker):
    sign_in(page)
    page.goto(reverse("people:add") + "?role=enterprise_contact")
    page.fill("[name=name]", "吴芳")
    page.select_option("[name=scope]", index=1)
    page.fill("[name=title]", "采购")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="加上").click()
    page.get_by_role("link", name="去登录").click()
    page.fill("[name=username]", "zhoujing")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/people/persons/add/?role=enterprise_contact")

    assert (page.input_value("[name=name]"), page.input_value("[name=title]")) == ("吴芳", "采购")


def test_the_pages_are_sound_and_fit_a_small_phone_in_large_type(page, cast, social_worker):
    page.goto("/people/sign-in/")
    problems = troubles(page)
    sign_in(page)
    addresses = [reverse(f"people:{name}") for name in ("me", "password_change", "totp", "sessions", "list", "add")]
    for address in [*addresses, reverse("people:add") + "?role=worker", reverse("people:detail", args=[cast.contact.pk])]:
        page.goto(address)
        problems += troubles(page)

    assert not problems


def troubles(page):
    """Serious findings of axe, and pages that are wider than the smallest phone in large type."""
    found = [f"{page.url} {fault['id']}" for fault in Axe().run(page).response["violations"] if fault["impact"] in {"serious", "critical"}]
    page.set_viewport_size(NARROW)
    page.evaluate("document.documentElement.dataset.type = 'large'")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.set_viewport_size(PHONE)
    return [*found, f"{page.url} is too wide"] if wide else found
