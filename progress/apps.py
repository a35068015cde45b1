from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- with the models below

        from people import my_data  # noqa: PLC0415 -- imports models
        from progress.own_record import rows_of_learning  # noqa: PLC0415 -- imports models

        # Translators: a heading on the page that shows what is kept about her.
        my_data.register(my_data.Section("learning", _("What I have learned"), rows_of_learning, order=40))
