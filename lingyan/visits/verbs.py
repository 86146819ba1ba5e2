from django.utils.translation import gettext_lazy as _

VERBS = {"note.written": _("写走访笔记")}
