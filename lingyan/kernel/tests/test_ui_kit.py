"""The page of samples, and through it the style sheet and the script of every page, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}
DESK = {"width": 1440, "height": 900}

pytestmark = pytest.mark.django_db


def test_every_widget_is_on_the_page(client):
    text = client.get("/ui/").content.decode()

    for part in [
        'class="st ',
        'class="clock',
        'class="rows timeline"',
        'class="numlink"',
        'class="filters',
        'class="pager',
        'class="ytabs',
        'class="ysteps"',
        "data-drop",
        "<dialog",
        'class="quiet"',
        'class="sk ',
        "grades",
    ]:
        assert part in text, part


def test_a_wrong_note_is_sent_back_with_what_was_typed(client):
    response = client.post("/ui/", {"note": "短"})

    assert response.status_code == 422
    assert "短</textarea>" in response.content.decode()


def test_a_refusal_is_a_page_and_for_htmx_a_fragment(client):
    page = client.post("/ui/", {"note": "门口货车排队", "what": "refuse"})
    fragment = client.post("/ui/", {"note": "门口货车排队", "what": "refuse"}, headers={"HX-Request": "true"})

    assert page.status_code == fragment.status_code == 409
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    for response in (page, fragment):
        assert "请先点重办。" in response.content.decode()
        assert "data-refusal" in response.content.decode()


# --- in the browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(chromium, live_server):
    """Open /ui/ in a new browser window: visit(), visit(viewport=PHONE, cookies={"theme": "lamp"})."""
    contexts = []

    def opened(viewport=DESK, cookies=None, javascript=True):
        context = chromium.new_context(viewport=viewport, locale="zh-CN", java_script_enabled=javascript)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in (cookies or {}).items()])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_server.url}{reverse('ui_kit')}")
        return page

    yield opened
    for context in contexts:
        context.close()


def kept(page):
    return page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('lingyan:keep')).map(([, value]) => JSON.parse(value).values.note[0])")


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESK], ids=["320", "390", "1440"])
@pytest.mark.parametrize("cookies", [{}, {"theme": "lamp"}, {"type": "large"}], ids=["paper", "lamp", "large"])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(visit, viewport, cookies):
    page = visit(viewport, cookies)
    found = Axe().run(page).response["violations"]
    serious = [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}" for each in found if each["impact"] in {"serious", "critical"}
    ]

    assert not serious, "\n".join(serious)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_what_is_typed_survives_a_reload_and_is_forgotten_when_it_is_accepted(visit):
    page = visit()
    page.fill("#id_note", "老板说模具补贴没等到")
    page.goto(page.url)

    assert page.input_value("#id_note") == "老板说模具补贴没等到"
    assert page.get_by_text("上次没送出的字还在").is_visible()

    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("记下了，排在铭岳的一企一档里。").wait_for()

    assert kept(page) == []
    assert page.input_value("#id_note") == ""


@pytest.mark.browser
def test_kept_text_can_be_thrown_away(visit):
    page = visit()
    page.fill("#id_note", "写错了的一句")
    page.goto(page.url)
    page.get_by_role("button", name="不要了").click()

    assert page.input_value("#id_note") == ""
    assert kept(page) == []


@pytest.mark.browser
def test_a_note_sent_back_keeps_its_text_and_shows_its_error(visit):
    page = visit()
    page.fill("#id_note", "      ")
    page.get_by_role("button", name="记下", exact=True).click()
    page.locator("#id_note-error").wait_for()

    assert page.input_value("#id_note") == "      "
    assert kept(page) == ["      "]
    assert page.evaluate("document.activeElement.id") == "id_note"


@pytest.mark.browser
def test_a_refusal_stands_at_the_form_and_nothing_is_lost(visit):
    page = visit()
    page.fill("#id_note", "门口货车排队")
    page.get_by_role("button", name="被拒一次").click()
    told = page.locator("#keep-card [data-refusal]")
    told.wait_for()

    assert "请先点重办" in told.inner_text()
    assert page.evaluate("document.activeElement.hasAttribute('data-refusal')")
    assert page.input_value("#id_note") == "门口货车排队"
    assert kept(page) == ["门口货车排队"]
    expect(page.get_by_role("button", name="被拒一次")).to_be_enabled()


@pytest.mark.browser
@pytest.mark.errors_expected
def test_a_crash_loses_nothing(visit):
    page = visit()
    page.fill("#id_note", "门口货车排队")
    page.get_by_role("button", name="出错一次").click()
    page.get_by_text("系统出了错，已经记下").wait_for()

    assert page.input_value("#id_note") == "门口货车排队"
    assert kept(page) == ["门口货车排队"]


@pytest.mark.browser
def test_a_lost_network_says_so_and_loses_nothing(visit):
    page = visit()
    page.fill("#id_note", "车间里没有信号")
    page.context.set_offline(True)
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("没送到：连不上服务器").wait_for()

    assert page.get_by_text("没有信号。写的字存在这台设备上").is_visible()
    assert page.input_value("#id_note") == "车间里没有信号"
    expect(page.get_by_role("button", name="记下", exact=True)).to_be_enabled()

    page.context.set_offline(False)
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("记下了").wait_for()

    assert kept(page) == []


@pytest.mark.browser
def test_an_expired_session_keeps_the_text_and_shows_the_way_to_sign_in(visit):
    page = visit()
    sign_in = "<!doctype html><html><body data-page='sign-in'><main><h1>登录</h1></main></body></html>"
    page.route("**/ui/", lambda route: route.fulfill(body=sign_in, content_type="text/html") if route.request.method == "POST" else route.continue_())
    page.fill("#id_note", "老板说模具补贴没等到")
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("登录过期了").wait_for()

    assert page.input_value("#id_note") == "老板说模具补贴没等到"
    assert kept(page) == ["老板说模具补贴没等到"]
    assert "next=%2Fui%2F" in page.get_by_role("link", name="去登录").get_attribute("href")


@pytest.mark.browser
def test_another_person_at_the_same_phone_does_not_see_it(visit):
    page = visit()
    page.fill("#id_note", "这是我写的")
    page.evaluate(
        """() => {
            for (const [key, value] of Object.entries(localStorage)) localStorage.setItem(key.replace("|-|", "|7|"), value);
            for (const key of Object.keys(localStorage)) if (key.includes("|-|")) localStorage.removeItem(key);
        }"""
    )
    other = page.context.new_page()
    other.goto(page.url)

    assert kept(other) == ["这是我写的"]
    assert other.input_value("#id_note") == ""


@pytest.mark.browser
def test_one_tap_sends_once(visit):
    page = visit()
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.fill("#id_note", "门口货车排队")
    page.evaluate(
        """() => {
            const button = document.querySelector("#keep-form button[value=accept]");
            button.click();
            button.click();
            setTimeout(() => button.click(), 5);
        }"""
    )
    page.get_by_text("记下了").wait_for()

    assert len(sent) == 1


@pytest.mark.browser
def test_a_question_is_asked_before_what_cannot_be_undone(visit):
    page = visit()
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.locator("#confirm-form button").click()
    page.get_by_role("button", name="先不").last.click()

    assert not sent

    page.locator("#confirm-form button").click()
    page.locator("#ui-confirm").get_by_role("button", name="撤回").click()
    page.get_by_text("记下了").wait_for()

    assert len(sent) == 1


@pytest.mark.browser
def test_keys_walk_the_list_and_are_off_while_a_person_types(visit):
    page = visit()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("j")

    assert page.evaluate("document.activeElement.getAttribute('href')") != first

    page.focus("#id_note")
    page.keyboard.type("jk?/x")

    assert page.input_value("#id_note") == "jk?/x"
    assert page.locator("#ui-keys[open]").count() == 0


@pytest.mark.browser
def test_the_question_mark_lists_the_keys_of_the_page(visit):
    page = visit()
    page.keyboard.press("?")
    dialog = page.locator("#ui-keys[open]")

    assert "在名单里上下走" in dialog.inner_text()
    assert "派单" in dialog.inner_text()

    page.keyboard.press("Escape")

    assert page.locator("#ui-keys[open]").count() == 0


@pytest.mark.browser
def test_the_chosen_theme_and_type_are_drawn_by_the_server_on_the_next_page(visit):
    page = visit()
    page.locator(".acts [data-theme-toggle]").click()
    page.locator(".acts [data-large-type]").click()
    page.reload(wait_until="commit")
    page.wait_for_selector("h1")

    assert page.locator("html").get_attribute("data-theme") == "lamp"
    assert page.locator("html").get_attribute("data-type") == "large"


@pytest.mark.browser
def test_a_file_that_is_not_wanted_is_named_before_it_is_sent(visit):
    page = visit()
    page.set_input_files("#id_photos", [{"name": "合同.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}])

    assert "这种文件不收，只收照片、PDF" in page.locator("[data-drop-list]").inner_text()
    assert page.evaluate("document.querySelector('#id_photos').validationMessage") != ""

    page.get_by_role("button", name="去掉 合同.exe").click()

    assert page.evaluate("document.querySelector('#id_photos').validationMessage") == ""


@pytest.mark.browser
def test_without_the_script_a_dialog_is_a_section_and_a_form_is_sent(visit):
    page = visit(javascript=False)

    assert page.get_by_role("heading", name="写理由申请").is_visible()
    assert not page.locator("[data-theme-toggle]").first.is_visible()

    page.fill("#id_note", "门口货车排队")
    page.get_by_role("button", name="记下", exact=True).click()

    assert page.get_by_text("记下了").is_visible()


@pytest.mark.browser
def test_the_keyboard_reaches_the_content_first_by_the_skip_link(visit):
    page = visit()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "跳到正文"

    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"
