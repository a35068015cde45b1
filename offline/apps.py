from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "offline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from offline import downloads, packs, pages  # noqa: PLC0415 -- imports models

        downloads.register_part("packs", packs.offers_to)
        downloads.register_part("pages", pages.pages_of)
