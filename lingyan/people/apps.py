from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lingyan.people"
    label = "people"
    verbose_name = "人员"
