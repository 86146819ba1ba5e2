from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lingyan.notices"
    label = "notices"
    verbose_name = "消息"
