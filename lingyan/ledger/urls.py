from django.urls import path

from lingyan.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.entry_list, name="list"),
    path("verify/", views.ledger_verify, name="verify"),
    path("blocks/<int:block_id>/", views.block_detail, name="block"),
]
