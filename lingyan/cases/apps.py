from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lingyan.cases"
    label = "cases"
    verbose_name = "诉求"
