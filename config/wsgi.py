"""The WSGI application that a production server loads."""

import os

from django.apps import apps
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Read every address now, before the server divides into workers: what is loaded by then they share
# (50 MB less), and nobody waits for it on the first page.
_ = get_resolver().url_patterns

# Pages for what goes wrong ask the database nothing, and still say when nothing here is real. No worker may
# inherit the connection.
apps.get_model("programme.Installation").learn()
connections.close_all()
