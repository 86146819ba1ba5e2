from django.utils.translation import gettext_lazy as _

VERBS = {
    "district.created": _("建立区"),
    "community.created": _("建立社区"),
    "community.changed": _("修改社区"),
    "grid.created": _("建立网格"),
    "grid.changed": _("修改网格"),
    "micro_grid.created": _("建立微网格"),
    "department.created": _("建立部门"),
    "department.changed": _("修改部门"),
    "enterprise.registered": _("登记企业"),
    "enterprise.changed": _("修改企业"),
    "contact.added": _("登记企业联系人"),
    "contact.ended": _("企业联系人离开"),
}
