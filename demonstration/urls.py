from django.urls import path

from demonstration import views

urlpatterns = [
    path("", views.home, name="home"),
    path("demo/sign-in/<slug:account>/", views.sign_in, name="demo-sign-in"),
    path("demo/start-over/", views.start_over, name="demo-start-over"),
]
