from django.urls import path

from lingyan.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
]
