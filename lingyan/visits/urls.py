from django.urls import path

from lingyan.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.note_list, name="list"),
    path("write/", views.note_choose, name="write"),
    path("write/<int:enterprise_id>/", views.note_write, name="write_at"),
    path("<int:note_id>/", views.note_detail, name="detail"),
]
