from django.utils.translation import gettext_lazy as _

PERMISSIONS = {"view_overview": _("查看总览")}
