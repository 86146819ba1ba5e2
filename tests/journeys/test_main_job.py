"""The main job from end to end: heard in a factory, written down, dispatched, answered, refused, answered again, confirmed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lingyan.cases.models import Case
from lingyan.visits.models import FieldNote
from tests.cast import PASSWORD
from tests.journeys.conftest import DESK, PHONE, is_wider_than_the_screen

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


def press(page: Page, name: str) -> None:
    """Press the button of this name that is on the screen."""
    page.get_by_role("button", name=name, exact=True).and_(page.locator("button:visible")).first.click()


def number_on_home(page: Page, label: str) -> int:
    page.goto("/")
    return int(page.locator(".numlink", has_text=label).locator("b").inner_text())


def write_note(page: Page, house, heard: str, on_the_spot: str, dispatched: str) -> None:
    """On the page of the enterprise: what was heard, and two matters, one answered at once and one sent to 住建 with 交通."""
    page.goto(f"/registry/enterprises/{house.cast.lanshi.pk}/")
    page.get_by_role("link", name="记一笔").and_(page.locator(f"[href*='enterprise={house.cast.lanshi.pk}']")).first.click()
    expect(page).to_have_url(re.compile(rf"/visits/write/{house.cast.lanshi.pk}/$"))
    page.fill("[name=heard]", heard)
    press(page, "记成诉求")
    page.fill("[name=matter-0-text]", on_the_spot)
    page.locator("[name=matter-0-then][value=on_site]").check()
    page.fill("[name=matter-0-on_site_answer]", "当场打电话问了社保窗口，下月起能转。")
    press(page, "再记一件诉求")
    expect(page.locator("[name=heard]")).to_have_value(heard)
    page.fill("[name=matter-1-text]", dispatched)
    page.locator("[name=matter-1-then][value=dispatch]").check()
    page.select_option("[name=matter-1-lead_department]", label="住建")
    page.locator(".only-dispatch:visible summary").click()
    page.locator(".only-dispatch:visible").get_by_label("交通", exact=True).check()
    press(page, "写完了")
    expect(page.get_by_text("记好了，2 件诉求。")).to_be_visible()


def answer(page: Page, case: Case, text: str) -> None:
    page.goto(f"/cases/{case.pk}/")
    page.fill("[name=answer-text]", text)
    press(page, "答复")
    expect(page.get_by_text("答复了，等提的人确认。")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_factory_to_the_askers_word(house, browse, viewport):
    size = viewport["width"]
    heard, small, big = f"{size}：老板说下半年订单翻倍", f"{size}社保怎么转到宁波？", f"{size}门口货车排队，早班进不来"
    secretary, worker, contact, officer = browse("secretary", viewport), browse(None, viewport), browse("contact", viewport), browse("officer", viewport)
    open_before = number_on_home(secretary, "在办诉求")

    # the social worker signs in as everybody does, and writes in the factory
    worker.goto("/")
    worker.fill("[name=username]", "13900000001")
    worker.fill("[name=password]", PASSWORD)
    press(worker, "登录")
    expect(worker).to_have_url(re.compile(r"/$"))
    write_note(worker, house, heard, small, big)
    note = FieldNote.objects.get(heard=heard)
    on_the_spot, case = (request.case for request in note.requests.order_by("pk"))
    assert (on_the_spot.stage, on_the_spot.is_on_site) == ("closed", True)
    assert {(dispatch.department.short_name, dispatch.part) for dispatch in case.dispatches.all()} == {("住建", "lead"), ("交通", "support")}

    # the enterprise sees who has it and by when; nobody has to ask
    contact.goto("/")
    row = contact.locator(".row:visible", has_text=big).first
    expect(row).to_contain_text("住建，等签收")
    row.click()
    expect(contact.locator(".holder:visible")).to_contain_text(re.compile("住建.*前答复", re.DOTALL))
    assert not is_wider_than_the_screen(contact)

    # the officer signs for it and answers
    officer.goto("/")
    officer.locator(".row:visible", has_text=big).first.click()
    press(officer, "签收")
    expect(officer.get_by_text("签收了，这件现在归您。")).to_be_visible()
    contact.reload()
    expect(contact.locator(".holder:visible")).to_contain_text("傅工")
    answer(officer, case, "划了禁停线。")
    assert number_on_home(secretary, "等提的人确认") >= 1

    # the asker says no, once, with a reason
    contact.goto("/")
    contact.locator(".row:visible", has_text=big).first.click()
    expect(contact.get_by_text("划了禁停线。").first).to_be_visible()
    contact.locator("[data-open=refuse]:visible").first.click()
    contact.fill("dialog [name=refuse-reason]", "线划了，早上照样停满。")
    contact.locator("dialog").get_by_role("button", name="退回重办").click()
    expect(contact.get_by_text("记下了，退回重办。")).to_be_visible()
    expect(contact.locator(".holder:visible")).to_contain_text("住建")

    # the officer reads why, answers again; the asker confirms and rates
    officer.goto(f"/cases/{case.pk}/")
    expect(officer.get_by_text("线划了，早上照样停满。").first).to_be_visible()
    answer(officer, case, "早高峰派人值守，今天起。")
    contact.reload()
    contact.get_by_text("评一评（可以不评）").click()
    contact.locator("label", has_text=re.compile(r"^\s*满意\s*$")).click()
    press(contact, "解决了")
    expect(contact.get_by_text("结案了，谢谢您回话。")).to_be_visible()

    case.refresh_from_db()
    assert (case.stage, case.outcome, case.redo_count, case.rating.grade) == ("closed", "solved", 1, 4)
    assert case.dispatches.get(part="support").state == "dropped"
    assert number_on_home(secretary, "在办诉求") == open_before
    secretary.goto(f"/cases/?tab=closed&q={size}")
    expect(secretary.locator("a:visible", has_text=big).first).to_be_visible()


def test_without_javascript_the_main_job_works_too(house, browse):
    words = "没有脚本也能办：厂区门口积水"
    contact, worker, officer = (
        browse("contact", PHONE, javascript=False),
        browse("social_worker", DESK, javascript=False),
        browse("officer", PHONE, javascript=False),
    )

    contact.goto("/cases/raise/")
    contact.fill("[name=text]", words)
    press(contact, "提交")
    case = Case.objects.get(title=words)
    worker.goto(f"/cases/{case.pk}/")
    worker.select_option("[name=dispatch-lead_department]", label="住建")
    press(worker, "派单")
    officer.goto(f"/cases/{case.pk}/")
    press(officer, "签收")
    answer(officer, case, "排水口通了。")
    contact.goto(f"/cases/{case.pk}/")
    contact.fill("[name=refuse-reason]", "又堵了")
    press(contact, "退回重办")
    answer(officer, case, "换了粗管。")
    contact.goto(f"/cases/{case.pk}/")
    press(contact, "解决了")

    case.refresh_from_db()
    assert (case.stage, case.redo_count) == ("closed", 1)

    worker.goto(f"/visits/write/{house.cast.lanshi.pk}/")
    worker.fill("[name=heard]", "没有脚本的笔记")
    press(worker, "记成诉求")
    worker.fill("[name=matter-0-text]", "没有脚本的诉求")
    press(worker, "写完了")
    assert FieldNote.objects.get(heard="没有脚本的笔记").requests.get().text == "没有脚本的诉求"


def test_the_posted_cadre_answers_one_on_the_spot(house, browse):
    case = house.world.cases["waiting"]
    page = browse("posted_cadre", PHONE)

    page.goto("/")
    page.locator(".row:visible", has_text=case.title).first.click()
    page.fill("[name=on_site-text]", "当场把门口的路障挪开了。")
    press(page, "现场办结")

    expect(page.get_by_text("当场办结了。")).to_be_visible()
    case.refresh_from_db()
    assert (case.stage, case.is_on_site) == ("closed", True)


def test_a_worker_complains_in_confidence_and_the_employer_finds_nothing(house, browse):
    words = "夜班加班费三个月没发紫微"
    worker, contact, officer = browse("worker", PHONE), browse("contact", DESK), browse("officer", DESK)

    worker.goto("/")
    worker.get_by_role("link", name="提一件").and_(worker.locator("a:visible")).first.click()
    worker.fill("[name=text]", words)
    worker.select_option("[name=nature]", label="投诉")
    worker.get_by_label("替我保密").check()
    press(worker, "提交")
    expect(worker.get_by_text("收到了，编号")).to_be_visible()
    case = Case.objects.get(title=words)

    for address in ("/", "/cases/?tab=all", "/notices/", f"/registry/enterprises/{house.cast.lanshi.pk}/", "/search/?q=夜班"):
        contact.goto(address)
        assert words not in contact.content()
        assert case.number not in contact.content()
    for page in (contact, officer):
        assert page.request.get(f"/cases/{case.pk}/").status == 404


def test_an_opinion_of_somebody_who_is_not_signed_in_is_answered_by_the_district(house, browse):
    stranger, district = browse(None, PHONE), browse("administrator")

    stranger.goto("/cases/feedback/")
    stranger.fill("[name=text]", "办事大厅中午没人")
    stranger.fill("[name=way_back]", "13911110000")
    press(stranger, "送到区里")
    expect(stranger.get_by_text("区里收到了，会有人看。")).to_be_visible()
    district.goto("/cases/feedback/inbox/")
    row = district.locator(".row", has_text="办事大厅中午没人")
    expect(row).to_contain_text("13911110000")
    row.locator("summary").click()
    row.locator("[name=text]").fill("中午起轮班。")
    row.get_by_role("button", name="答复").click()

    expect(district.get_by_text("答复了。", exact=True)).to_be_visible()
    expect(district.locator(".row", has_text="办事大厅中午没人")).to_contain_text("中午起轮班。")


def test_the_auditor_reads_what_happened_and_finds_it_whole(house, browse):
    page = browse("auditor")

    page.goto("/")
    page.get_by_role("link", name="流水账").and_(page.locator("a:visible")).first.click()
    expect(page.locator("main")).to_contain_text("派单")
    press(page, "核对一遍")

    expect(page.locator("#verdict")).to_contain_text("完整")
    expect(page.locator("#verdict")).not_to_contain_text("不完整")
