from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lingyan.kernel"
    label = "kernel"
    verbose_name = "内核"
