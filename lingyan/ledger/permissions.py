from django.utils.translation import gettext_lazy as _

PERMISSIONS = {"view_entry": _("查看流水账")}
