from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lingyan.registry"
    label = "registry"
    verbose_name = "登记"
