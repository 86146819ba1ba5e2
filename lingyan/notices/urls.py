from django.urls import path

from lingyan.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="inbox"),
    path("read-all/", views.notice_read_all, name="read_all"),
    path("<int:notice_id>/open/", views.notice_open, name="open"),
]
