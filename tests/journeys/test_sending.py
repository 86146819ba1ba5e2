"""What happens to a form between the finger and the server: tapped twice, sent again, sent after the session has ended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lingyan.cases.models import Case, Feedback
from lingyan.visits.models import FieldNote
from tests.cast import PASSWORD
from tests.journeys.conftest import PHONE
from tests.journeys.test_main_job import press

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
NUMBERS = {"contact": "13900000003", "social_worker": "13900000001", "officer": "13900000005"}


def tap_twice(page: Page, name: str) -> None:
    """Two taps, as quick as a program can."""
    button = page.get_by_role("button", name=name, exact=True).and_(page.locator("button:visible")).first
    button.evaluate("button => { button.click(); button.click(); }")


def sign_in_again(page: Page, person: str) -> None:
    page.get_by_role("link", name="去登录").click()
    page.fill("[name=username]", NUMBERS[person])
    page.fill("[name=password]", PASSWORD)
    press(page, "登录")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_double_tap_writes_once(house, browse, javascript):
    words = f"点了两下的诉求 {javascript}"
    page = browse("contact", PHONE, javascript=javascript)

    page.goto("/cases/raise/")
    page.fill("[name=text]", words)
    if javascript:
        tap_twice(page, "提交")
    else:
        page.get_by_role("button", name="提交").dblclick()
    expect(page).to_have_url(re.compile(r"/cases/\d+/$"))

    assert Case.objects.filter(title=words).count() == 1


def test_a_form_that_arrives_a_second_time_leads_to_the_same_case(house, browse):
    words = "又送了一遍的诉求"
    page = browse("contact", PHONE)
    page.goto("/cases/raise/")
    page.fill("[name=text]", words)
    form = page.evaluate(
        "Object.fromEntries([...new FormData(document.querySelector('form[data-keep=raise]'))].filter(([, value]) => typeof value === 'string'))"
    )

    answers = [page.request.post("/cases/raise/", form=form, headers={"Referer": page.url}) for _each in range(2)]

    case = Case.objects.get(title=words)
    assert [answer.url for answer in answers] == [f"{house.url}/cases/{case.pk}/"] * 2


def test_a_note_tapped_twice_is_one_note_with_its_matters_once(house, browse):
    page = browse("social_worker", PHONE)
    page.goto(f"/visits/write/{house.cast.mingyue.pk}/")
    page.fill("[name=heard]", "点了两下的笔记")
    press(page, "记成诉求")
    page.fill("[name=matter-0-text]", "点了两下的笔记里的诉求")

    tap_twice(page, "写完了")
    expect(page).to_have_url(re.compile(r"/visits/\d+/$"))

    assert FieldNote.objects.filter(heard="点了两下的笔记").count() == 1
    assert Case.objects.filter(title="点了两下的笔记里的诉求").count() == 1


def test_what_was_typed_is_there_after_signing_in_again(house, browse):
    page = browse("contact", PHONE)
    page.goto("/cases/raise/")
    page.fill("[name=text]", "写到一半退出了的诉求")
    page.select_option("[name=nature]", label="建议")
    page.context.clear_cookies(name="sessionid")

    press(page, "提交")
    expect(page.locator("[name=text]")).to_have_value("写到一半退出了的诉求")
    sign_in_again(page, "contact")
    expect(page).to_have_url(re.compile(r"/cases/raise/$"))

    expect(page.locator("[name=text]")).to_have_value("写到一半退出了的诉求")
    assert not Case.objects.filter(title="写到一半退出了的诉求").exists()
    press(page, "提交")
    expect(page.get_by_text("收到了，编号")).to_be_visible()
    assert Case.objects.get(title="写到一半退出了的诉求").nature == "suggestion"


def test_a_note_with_matters_is_there_after_signing_in_again(house, browse):
    page = browse("social_worker", PHONE)
    page.goto(f"/visits/write/{house.cast.lanshi.pk}/")
    page.fill("[name=heard]", "退出前听到的")
    press(page, "记成诉求")
    page.fill("[name=matter-0-text]", "退出前记下的诉求")
    page.locator("[name=matter-0-then][value=dispatch]").check()
    page.select_option("[name=matter-0-lead_department]", label="水务")
    page.context.clear_cookies(name="sessionid")

    press(page, "写完了")
    sign_in_again(page, "social_worker")
    expect(page).to_have_url(re.compile(rf"/visits/write/{house.cast.lanshi.pk}/(\?rows=1)?$"))

    expect(page.locator("[name=heard]")).to_have_value("退出前听到的")
    expect(page.locator("[name=matter-0-text]")).to_have_value("退出前记下的诉求")
    expect(page.locator("[name=matter-0-lead_department]")).to_have_value(str(house.cast.departments["水务"].pk))


def test_a_note_with_two_matters_survives_a_reload(house, browse):
    page = browse("social_worker", PHONE)
    page.goto(f"/visits/write/{house.cast.mingyue.pk}/")
    page.fill("[name=heard]", "重新打开前听到的")
    press(page, "记成诉求")
    expect(page.locator("[name=heard]")).to_have_value("重新打开前听到的")
    page.goto(f"/visits/write/{house.cast.mingyue.pk}/")
    expect(page.locator("[name=heard]")).to_have_value("重新打开前听到的")
    press(page, "记成诉求")
    press(page, "再记一件诉求")
    page.fill("[name=matter-1-text]", "第二件也在")
    page.reload()

    expect(page.locator("[name=matter-1-text]")).to_have_value("第二件也在")
    expect(page.locator("[name=heard]")).to_have_value("重新打开前听到的")
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("[name=heard]")).to_have_value("")


def test_an_answer_is_there_after_signing_in_again(house, browse):
    case = house.world.cases["in_hand"]
    page = browse("officer", PHONE)
    page.goto(f"/cases/{case.pk}/")
    page.fill("[name=answer-text]", "写到一半的答复")
    page.context.clear_cookies(name="sessionid")

    press(page, "答复")
    sign_in_again(page, "officer")
    expect(page).to_have_url(re.compile(rf"/cases/{case.pk}/$"))

    expect(page.locator("[name=answer-text]")).to_have_value("写到一半的答复")


def test_a_refused_form_says_why_and_keeps_what_was_typed(house, browse):
    page = browse(None, PHONE)
    page.goto("/cases/feedback/")
    page.fill("[name=way_back]", "打我电话")
    press(page, "送到区里")
    expect(page.get_by_text("请写下您的意见，一句话也行。").first).to_be_visible()
    expect(page.locator("[name=way_back]")).to_have_value("打我电话")

    page.fill("[name=text]", "长" * 10_000)
    press(page, "送到区里")
    expect(page.get_by_text("最多写 5000 字，这里有 10000 字").first).to_be_visible()
    assert page.locator("[name=text]").input_value() == "长" * 10_000

    page.fill("[name=text]", "<script>alert('x')</script>😀意见")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    press(page, "送到区里")
    expect(page.get_by_text("区里收到了，会有人看。")).to_be_visible()
    assert Feedback.objects.filter(text="<script>alert('x')</script>😀意见").count() == 1
    district = browse("administrator")
    district.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    district.goto("/cases/feedback/inbox/")
    expect(district.get_by_text("<script>alert('x')</script>😀意见")).to_be_visible()
