from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "view_person": _("查看人员"),
    "add_person": _("建立人员、发邀请"),
    "grant_membership": _("授予和结束身份"),
    "unlock_person": _("解除登录锁"),
    "reveal_mobile": _("查看完整手机号（写明理由，留痕）"),
}
