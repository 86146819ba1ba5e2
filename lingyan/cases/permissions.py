from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "raise_request": _("自己提诉求"),
    "register_request": _("替人登记诉求"),
    "view_case": _("查看诉求"),
    "view_asker": _("查看保密诉求是谁提的"),
    "reveal_asker": _("写明理由查看保密诉求是谁提的（留痕）"),
    "dispatch_case": _("派单"),
    "remind_department": _("催办"),
    "call_asker": _("看提的人的电话（留痕）"),
    "resolve_on_site": _("现场办结"),
    "answer_dispatch": _("签收和答复派给本部门的单"),
    "answer_for_community": _("签收和答复社区自办的单"),
    "confirm_answer": _("确认答复、评价"),
    "call_back": _("回访后代为确认"),
    "answer_feedback": _("答复意见与投诉"),
}
