from django.utils.translation import gettext_lazy as _

VERBS = {
    "person.created": _("建立人员"),
    "person.changed": _("修改人员资料"),
    "person.disabled": _("停用人员"),
    "person.enabled": _("恢复人员"),
    "person.invited": _("发出邀请链接"),
    "person.signed_in": _("登录"),
    "person.signed_out": _("退出"),
    "person.sign_in_failed": _("登录失败"),
    "person.locked": _("登录被锁"),
    "person.unlocked": _("解除登录锁"),
    "person.password_set": _("设置密码"),
    "person.totp_added": _("开启动态验证码"),
    "person.totp_removed": _("关闭动态验证码"),
    "person.recovery_codes_renewed": _("换新恢复码"),
    "person.session_revoked": _("结束一处登录"),
    "person.mobile_revealed": _("查看完整手机号"),
    "membership.granted": _("授予身份"),
    "membership.ended": _("结束身份"),
}
