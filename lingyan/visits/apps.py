from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "lingyan.visits"
    label = "visits"
    verbose_name = "走访"
