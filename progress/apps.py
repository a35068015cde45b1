from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- with the models below

        from offline import downloads, kinds, packs, pages  # noqa: PLC0415 -- with the models below
        from people import my_data  # noqa: PLC0415 -- imports models
        from progress import kept, sync  # noqa: PLC0415 -- imports models
        from progress.actions import STUDY, UPDATE  # noqa: PLC0415 -- imports models
        from progress.own_record import rows_of_learning  # noqa: PLC0415 -- imports models
        from progress.packs import packs_for  # noqa: PLC0415 -- imports models

        # Translators: a kind of entry that came from a phone: she studied a lesson.
        kinds.register(STUDY, sync.take_study, label=_("A lesson studied"))
        # Translators: a kind of entry that came from a phone: she read what has changed, and answered one question.
        kinds.register(UPDATE, sync.take_update, label=_("An update answered"))
        kinds.register_reasons(sync.REASONS)
        packs.register_source(packs_for)
        pages.register(kept.first_pages)
        downloads.register_part("done", kept.done_by)

        # Translators: a heading on the page that shows what is kept about her.
        my_data.register(my_data.Section("learning", _("What I have learned"), rows_of_learning, order=40))
