from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell ``offline`` which list a supervisor may keep on her own phone, and what that phone sends."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- with the models below

        from offline import kinds, lists  # noqa: PLC0415 -- imports models
        from supervision import kept, sync  # noqa: PLC0415 -- imports models

        # Translators: a kind of entry that came from a phone: a supervisor watched a practice and signed it.
        kinds.register(sync.OBSERVATION, sync.take_observation, label=_("A practice watched"))
        kinds.register_reasons(sync.REASONS)
        lists.register(kept.LIST, kept.list_for)
