from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "view_community": _("查看社区和网格"),
    "edit_community": _("建立和修改社区、网格"),
    "view_department": _("查看部门"),
    "edit_department": _("修改部门"),
    "view_enterprise": _("查看企业"),
    "edit_enterprise": _("登记和修改企业"),
    "view_contact": _("查看企业联系人"),
    "edit_contact": _("登记和修改企业联系人"),
}
