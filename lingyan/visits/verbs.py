from django.utils.translation import gettext_lazy as _

VERBS = {"note.written": _("写走访笔记")}

# Fields of ledger entries that are no fields of a model.
FIELD_WORDS = {"matters": _("诉求件数")}
