from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "lingyan.overview"
    label = "overview"
    verbose_name = "总览"
