from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "lingyan.setup"
    label = "setup"
    verbose_name = "安装"
