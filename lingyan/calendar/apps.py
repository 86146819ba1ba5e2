from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "lingyan.calendar"
    label = "calendar"
    verbose_name = "日历"
