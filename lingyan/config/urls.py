"""Every address of the installation. Each module owns its own under its name."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from lingyan.config.health import healthz
from lingyan.kernel.access import public

urlpatterns = [
    path("", include("lingyan.overview.urls")),
    path("healthz", healthz, name="healthz"),
    path("language/", public(set_language), name="set_language"),
    path("people/", include("lingyan.people.urls")),
    path("registry/", include("lingyan.registry.urls")),
    path("cases/", include("lingyan.cases.urls")),
    path("visits/", include("lingyan.visits.urls")),
    path("notices/", include("lingyan.notices.urls")),
    path("files/", include("lingyan.files.urls")),
    path("ledger/", include("lingyan.ledger.urls")),
]

if settings.MODE != "production":
    from lingyan.kernel.ui_kit import ui_kit

    urlpatterns.append(path("ui/", ui_kit, name="ui_kit"))

handler400 = "lingyan.kernel.errors.bad_request"
handler403 = "lingyan.kernel.errors.forbidden"
handler404 = "lingyan.kernel.errors.not_found"
