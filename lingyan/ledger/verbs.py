from django.utils.translation import gettext_lazy as _

VERBS = {"ledger.verified": _("核对流水账")}
