"""The rows of the table by name, and what a person would send to each address."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.cast import CODES, PASSWORD

# A GET of these writes: opening a message notes that it was seen.
READING_WRITES = {"notices:open"}
# These answer kindly and write nothing here: signing in again, a wrong code, a password that is not changed.
WRITES_NOTHING = {"set_language", "ui_kit", "people:sign_in_code", "people:totp", "people:totp_remove", "people:recovery_codes"}
# These write only if there is something: unread messages, other sessions.
MAY_WRITE_NOTHING = {"notices:read_all", "people:sessions_end_others"}


def arguments(world: SimpleNamespace, row: str) -> tuple[Any, ...]:
    """The part of the address that names this row."""
    cast = world.cast
    if row == "-":
        return ()
    if row in world.cases:
        return (world.cases[row].pk,)
    of, _space, name = row.rpartition(" ")
    found = {
        "lead of": lambda: world.lead[name].pk,
        "support of": lambda: world.support[name].pk,
        "file of": lambda: world.file_of[name].uuid,
        "person": lambda: getattr(world, name).pk,
        "membership of": lambda: world.membership_of[name].pk,
        "notice of": lambda: world.notice_of[name].pk,
        "session of": lambda: world.session_of[name].pk,
    }.get(of)
    if found:
        return (found(),)
    return {
        "link": (world.secret_link,),
        "lanshi": (cast.lanshi.pk,),
        "mingyue enterprise": (cast.mingyue.pk,),
        "elsewhere": (cast.elsewhere.pk,),
        "contact row": (world.lanshi_contact.pk,),
        "far contact row": (world.far_contact.pk,),
        "contact at lanshi": (cast.lanshi.pk, cast.contact.pk),
        "other contact at lanshi": (cast.lanshi.pk, cast.other_contact.pk),
        "far contact at elsewhere": (cast.elsewhere.pk, world.far_contact_person.pk),
        "lingfeng": (cast.lingfeng.pk,),
        "dagang": (cast.dagang.pk,),
        "grid": (cast.grid.pk,),
        "far grid": (world.far_grid.pk,),
        "zhujian": (cast.departments["住建"].pk,),
        "feedback": (world.feedback.pk,),
        "note": (world.note.pk,),
        "far note": (world.far_note.pk,),
        "block": (world.block.pk,),
    }[row]


def query(world: SimpleNamespace, route: str, person: str) -> str:
    """What stands behind the question mark, for the pages that ask first which role."""
    if route == "people:add":
        return "?role=secretary" if person == "administrator" else "?role=enterprise_contact"
    return "?role=worker" if route == "people:grant" else ""


def sent(world: SimpleNamespace, route: str, row: str, person: str) -> dict[str, Any]:
    """A form filled in so that it would be taken from whoever may send it."""
    cast = world.cast
    note = {"client_uuid": uuid4(), "heard": "说订单够做到年底", "matter-TOTAL_FORMS": 0, "matter-INITIAL_FORMS": 0}
    home = cast.dagang.pk if person == "outsider" else cast.lingfeng.pk
    on_behalf = {"contact": f"enterprise:{cast.lanshi.pk}", "other_contact": f"enterprise:{cast.mingyue.pk}"}.get(person, f"person:{home}")
    firm = cast.elsewhere.pk if person == "outsider" else cast.lanshi.pk
    added = {"name": "新来的", "username": "xinlaide", "scope": f"community:{cast.lingfeng.pk}" if person == "administrator" else f"enterprise:{firm}"}
    words = {"nature": "help", "urgency": "routine"}
    return {
        "set_language": {"language": "en", "next": "/"},
        "ui_kit": {"note": "门口货车排队"},
        "people:sign_in": {"username": "zhoujing", "password": "wrong"},
        "people:password_change": {"current": PASSWORD, "password": "Other-goose-88", "again": "Other-goose-88"},
        "people:add": added,
        "people:grant": {"scope": f"enterprise:{cast.lanshi.pk}"},
        "people:mobile": {"reason": "要打电话"},
        "registry:enterprise_create": {"credit_code": CODES[3], "name": "新企业", "short_name": "新", "community": home, "grid": ""},
        "registry:enterprise_change": {"credit_code": CODES[4], "name": "改了名", "short_name": "改", "grid": ""},
        "registry:micro_grid_create": {"name": "二车间"},
        "registry:contacts": {"name": "新联系", "mobile": "13911112222", "capacity": "owner"},
        "registry:mobile_reveal": {"reason": "要打电话"},
        "registry:community_create": {"name": "新社区", "short_name": "新"},
        "registry:community_change": {"name": "改了名"},
        "registry:grid_create": {"name": "九网格", "leader": ""},
        "registry:grid_change": {"name": "改了名", "leader": ""},
        "registry:department_change": {"telephone": "0574-1"},
        "cases:raise": words | {"client_uuid": uuid4(), "on_behalf": on_behalf, "text": "新提一件"},
        "cases:register": words | {"client_uuid": uuid4(), "community": home, "channel": "desk", "whose": "person", "text": "新登记一件"},
        "cases:dispatch": {"dispatch-lead_department": cast.departments["水务"].pk},
        "cases:support": {"support-department": cast.departments["水务"].pk},
        "cases:on_site": {"on_site-text": "当场说清了", "on_site-outcome": "solved"},
        "cases:confirm": {"confirm-outcome": "solved"},
        "cases:refuse": {"refuse-reason": "还是不行"},
        "cases:rate": {"rate-grade": 4},
        "cases:remark": {"remark-text": "补一句"},
        "cases:remind": {},
        "cases:phone": {},
        "cases:asker": {"asker-reason": "要上门核实"},
        "cases:answer": {"answer-text": "办好了", "answer-outcome": "solved"},
        "cases:return": {"return-reason": "不归我们"},
        "cases:feedback": {"client_uuid": uuid4(), "text": "说句意见"},
        "cases:feedback_answer": {"text": "谢谢，改了"},
        "visits:write_at": note,
    }.get(route, {})
