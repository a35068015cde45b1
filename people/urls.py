from django.urls import path
from django.views.generic import RedirectView

from people import views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="account_login"),
    path("sign-out/", views.SignOutView.as_view(), name="account_logout"),
    # allauth wants the name; a closed account answers like one that never was.
    path("sign-in/again/", RedirectView.as_view(pattern_name="account_login"), name="account_inactive"),
    path("start/", views.start, name="start"),
    path("consent/", views.consent, name="consent"),
    path("lock/", views.lock, name="lock"),
    path("exit/", views.quick_exit, name="quick-exit"),
    path("language/", views.set_language, name="set-language"),
    path("settings/", views.own_settings, name="settings"),
    path("my-data/", views.own_data, name="my-data"),
    path("my-data/record.json", views.own_record, name="my-record"),
]
