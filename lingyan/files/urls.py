from django.urls import path

from lingyan.files import views

app_name = "files"
urlpatterns = [path("<uuid:uuid>/", views.attachment_download, name="download")]
