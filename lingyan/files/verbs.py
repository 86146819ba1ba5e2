from django.utils.translation import gettext_lazy as _

VERBS = {"file.attached": _("附上文件")}
FIELD_WORDS = {"target": _("挂在哪一条")}
