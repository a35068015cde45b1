from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give ``people`` the words for the roles that its access log names."""
        from people.my_data import register_roles  # noqa: PLC0415 -- models are not ready before
        from programme.models import Role  # noqa: PLC0415 -- models are not ready before

        register_roles(dict(Role.choices))
