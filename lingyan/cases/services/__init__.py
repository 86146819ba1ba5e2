"""Every change to cases: the only writers. Pages, jobs, commands and the demonstration call these alike."""

from lingyan.cases.services.answering import acknowledge_dispatch, answer_dispatch, return_dispatch
from lingyan.cases.services.dispatching import add_support, dispatch_case, remind_department
from lingyan.cases.services.ending import confirm_answer, rate_case, refuse_answer, resolve_on_site
from lingyan.cases.services.feedback import answer_feedback, send_feedback
from lingyan.cases.services.intake import raise_request, register_request, remark_on_case, reveal_asker, show_phone

__all__ = [
    "acknowledge_dispatch",
    "add_support",
    "answer_dispatch",
    "answer_feedback",
    "confirm_answer",
    "dispatch_case",
    "raise_request",
    "rate_case",
    "refuse_answer",
    "register_request",
    "remark_on_case",
    "remind_department",
    "resolve_on_site",
    "return_dispatch",
    "reveal_asker",
    "send_feedback",
    "show_phone",
]
