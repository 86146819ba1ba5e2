from django.utils.translation import gettext_lazy as _

VERBS = {"ledger.verified": _("核对流水账")}
FIELD_WORDS = {"faults": _("不对的地方"), "reason": _("理由")}
