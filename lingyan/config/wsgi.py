"""The application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
application = get_wsgi_application()

from lingyan.config.checks import refuse_insecure  # noqa: E402 - after Django has been loaded

refuse_insecure()
