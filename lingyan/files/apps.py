from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lingyan.files"
    label = "files"
    verbose_name = "附件"
