from django.urls import path

from programme import look

urlpatterns = [path("look/<slug:mark>.css", look.stylesheet, name="own-look")]
