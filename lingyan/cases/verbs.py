from django.utils.translation import gettext_lazy as _

VERBS = {
    "request.registered": _("登记诉求"),
    "case.opened": _("立案"),
    "case.dispatched": _("派单"),
    "case.resolved_on_site": _("现场办结"),
    "case.confirmed": _("确认结案"),
    "case.refused": _("没解决，重办"),
    "case.rated": _("评价"),
    "case.remarked": _("补充说明"),
    "case.phone_shown": _("看提的人的电话"),
    "case.reminded": _("催办"),
    "case.asker_revealed": _("查看保密诉求是谁提的"),
    "dispatch.acknowledged": _("签收"),
    "dispatch.answered": _("答复"),
    "dispatch.returned": _("退单"),
    "feedback.sent": _("提意见与投诉"),
    "feedback.answered": _("答复意见与投诉"),
}

# Fields of ledger entries that are no fields of a model.
FIELD_WORDS = {"lead": _("主办"), "support": _("协办"), "outcome": _("结果"), "grade": _("评价"), "reason": _("理由")}
