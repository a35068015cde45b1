"""The product's settings with the few changes that make tests fast and alone."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE, STORAGES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TASKS = {
    name: {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    for name in ("default", "background")
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Most tests read what answers a form at once. The whole way is that of tests/test_answers.py and of every flow.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "config.middleware.AnswerByGetMiddleware"]
