"""Settings. Everything an operator may choose comes from the environment (``docs/settings.md``)."""

from __future__ import annotations

from pathlib import Path

import environ
from django.conf.locale import LANG_INFO
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import languages

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env("THUTO_VAR", default=str(BASE_DIR / "var")))
if (VAR_DIR / "env").exists():
    env.read_env(VAR_DIR / "env")

SECRET_KEY = env("SECRET_KEY")
CONTACT_KEYS = env.list("CONTACT_KEYS")
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY")
PIN_PEPPER = env("PIN_PEPPER")
SEALING_KEYS = env.list("SEALING_KEYS")
# Without it nothing is signed and so nothing issued; the rest of the site goes on.
ISSUER_KEY_SECRET = env("ISSUER_KEY_SECRET", default="")
ISSUER_KEYS = env("ISSUER_KEYS", default=str(VAR_DIR / "issuer-keys"))
TIMESTAMP_ADDRESS = env("TIMESTAMP_ADDRESS", default="")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[".localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "demonstration",
    "supervision",
    "certificates",
    "progress",
    "printing",
    "assessments",
    "programme",
    "curriculum",
    "people",
    "offline",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "allauth",
    "allauth.account",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.KeptForGoodMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.compression.BrotliMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.CsrfOnceMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "programme.doors.OwnWaysMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.middleware.PolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.DiscretionMiddleware",
    "config.middleware.AnswerByGetMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programme.context.installation",
                "people.context.discretion",
            ],
        },
    },
]

_sqlite = f"sqlite:///{VAR_DIR / 'thuto.sqlite3'}"
DATABASES = {"default": env.db_url("DATABASE_URL", default=_sqlite)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers and the worker go on while one writes; FULL keeps "saved" true after a power cut. A file
    # that script/server is still making serves nobody: broken off, it is begun again, so it need not wait for the disk.
    _sync = "OFF" if str(DATABASES["default"]["NAME"]).endswith(".sqlite3.new") else "FULL"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Without recursive triggers INSERT OR REPLACE would take evidence away past the refusal to delete it.
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={_sync}; PRAGMA cache_size=-16000; "
            "PRAGMA recursive_triggers=ON;"
        ),
    }
    # Opening costs 2 ms a page, and closing the last connection writes the log back: 5 ms more.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    # The usual 300 entries would let 300 invented names push out the count of wrong tries on a real one.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 20_000}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.auth.AliasBackend"]
PASSWORD_HASHERS = ["people.auth.PepperedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "people.auth.AccountAdapter"
ACCOUNT_FORMS = {"login": "people.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "alias"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# By account first; loosely by address, because a whole class sits behind one Wi-Fi.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "200/m/ip,5/15m/key",
    "start": "5/15m/key",  # wrong codes from a slip, by account
    "unlock": "10/12h/key",  # wrong PINs at the lock and where a PIN is changed, by session
    "ended": "600/m/ip",  # phones that ask which vaults are to go: a class behind one Wi-Fi asks at once
    "verify": "120/m/ip",  # certificate numbers looked up
    "verify_name": "10/m/ip,30/h/key",  # names compared with a certificate, by address and by number
    "paper": "60/h/user",  # papers asked for at once, each of one module or of all
}
# Where a number typed without its country code may be from.
PHONE_REGIONS = env.list("PHONE_REGIONS", default=["KE", "ZA", "MW"])
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "s"
CSRF_COOKIE_NAME = "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", default=False)
SECURE_HSTS_SECONDS = 31536000 if SESSION_COOKIE_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
# Nothing to other sites; "no-referrer" would make browsers send "Origin: null" and every form be refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# With the session, which ends with her sign-in: a cookie of its own would tell the next woman on this phone.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOCK_AFTER_MINUTES = env.int("LOCK_AFTER_MINUTES", default=5)
# The most that a lesson may cost her: its text compressed, that with its pictures, and hearing all of it. Read aloud,
# five minutes are 600 KB at 16 kbit/s.
LESSON_TEXT_MOST_KB = env.int("LESSON_TEXT_MOST_KB", default=30)
LESSON_MOST_KB = env.int("LESSON_MOST_KB", default=300)
LESSON_SOUND_MOST_KB = env.int("LESSON_SOUND_MOST_KB", default=900)

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
}
ADMIN_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    # What a trainer has just read, until it is sent.
    "media-src": [CSP.SELF, "blob:"],
    "frame-ancestors": [CSP.SELF],
    "form-action": [CSP.SELF],
}

LANGUAGE_CODE = "en"
LANG_INFO.update(languages.INFO)
LANGUAGES = [*languages.COMPLETE, *languages.BEGINNING]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("fr", "Français"), ("pt", "Português"), ("sw", "Kiswahili")]
COMPLETE_LANGUAGES = [code for code, _name in languages.COMPLETE]
BEGINNING_LANGUAGES = [code for code, _name in languages.BEGINNING]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "l"
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# What script/setup.sh fetches and nobody copies into the repository: the decoder of codes on paper.
VENDOR = Path(env("VENDOR", default=str(VAR_DIR / "vendor")))
HAS_DECODER = (VENDOR / "qr/decode.js").is_file()
STATICFILES_DIRS = [BASE_DIR / "static", *([VENDOR] if HAS_DECODER else [])]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static_files.JoinedFiles",
]
# What a phone keeps of the site: each is one file on the phone, and several here.
JOINED_FILES = (
    {
        "offline/kept-site.js": ["thuto.js", "offline/meter.js", "offline/tap.js"],
    }
    | {
        f"offline/kept-{page}.js": [f"offline/{part}.js" for part in parts.split()]
        for page, parts in {
            "shell": "bytes store seal vault outbox ends kept practice meter tap languages notes pages"
            " lock contact taps shell",
            "sound": "bytes listen",
            "hearing": "listen heard",
            "worker": "bytes store outbox ends meter worker",
            "list": "list",
            "parts": "parts",
            "sheets": "parts sheets",
        }.items()
    }
    | {
        # What whoever checks papers keeps: docs/verify.md
        "offline/kept-scan.js": [
            "offline/bytes.js",
            *(f"verify/{part}.js" for part in ("statement", "words", "verdict", "keeping", "camera", "scan")),
        ],
        "offline/kept-check.js": ["verify/worker.js"],
    }
)
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.ServedFiles"},
    # Printed papers: not among the media, which anybody may ask for, and made again when they are gone.
    "papers": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "papers"}},
}
WHITENOISE_MAX_AGE = 3600
# What makes recordings from whatever a browser gives; speech is clear from 16 kbit/s on.
FFMPEG = env("FFMPEG", default="ffmpeg")
SPEECH_KBITS = env.int("SPEECH_KBITS", default=20)

# "default" stays immediate: Wagtail's search and reference index must never wait for a worker.
TASKS = {
    "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["background"]},
}
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "synced"
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True

WAGTAIL_SITE_NAME = "Thuto"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# What a lesson can play. Anything else that is uploaded would be handed to whoever has its address.
WAGTAILDOCS_EXTENSIONS = ["mp3", "m4a", "ogg", "opus", "wav"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "curriculum.upload_forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "curriculum.upload_forms.RecordingForm"
WAGTAIL_MODERATION_ENABLED = True
# A review ends with exactly the revision that was reviewed; one written on meanwhile is asked for again.
WAGTAIL_FINISH_WORKFLOW_ACTION = "curriculum.four_eyes.publish_reviewed_revision"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A refused or missing address may name a certificate: it is told to the one who asked, not to the log.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        # Every saved page starts a dozen tasks, and each would be told twice.
        "django_tasks": {"level": "WARNING"},
        "django.tasks": {"level": "WARNING"},
    },
}

PUBLIC_NAME = _("Thuto")
