from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "view_note": _("查看走访笔记"),
    "write_note": _("写走访笔记"),
}
