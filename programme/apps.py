from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give ``people`` the words for the roles that its access log names; at sign-in look at the roles anew.

        Tell ``offline`` what a phone may say about the person herself, and what it keeps of her and of help.
        """
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- models are not ready before
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- with the models below

        from curriculum.life import say_whether_real  # noqa: PLC0415 -- models are not ready before
        from offline import downloads, kinds, pages, ways  # noqa: PLC0415 -- models are not ready before
        from people import offered  # noqa: PLC0415 -- models are not ready before
        from people.auth import register_door  # noqa: PLC0415 -- models are not ready before
        from people.my_data import Section, register, register_closing, register_roles  # noqa: PLC0415 -- models are not ready before
        from people.offered import register_spoken  # noqa: PLC0415 -- models are not ready before
        from programme import doors, kept, sync, wording  # noqa: PLC0415 -- models are not ready before
        from programme.actions.roles import follow_roles_at_sign_in  # noqa: PLC0415 -- models are not ready before
        from programme.after_term import over_page  # noqa: PLC0415 -- models are not ready before
        from programme.begun import begun_for  # noqa: PLC0415 -- models are not ready before
        from programme.context import note_desk  # noqa: PLC0415 -- models are not ready before
        from programme.look import own_ways  # noqa: PLC0415 -- models are not ready before
        from programme.models import Installation, Role  # noqa: PLC0415 -- models are not ready before
        from programme.phones import rows_about  # noqa: PLC0415 -- models are not ready before

        wording.install()
        register_door(doors.admits)
        register_spoken(wording.languages_in_force)
        offered.register(begun_for)
        ways.register(own_ways)
        say_whether_real(Installation.is_real_work)
        register_roles(dict(Role.choices))
        register_closing(over_page)
        # Translators: a heading on the page that shows what is kept about her: on which phones.
        register(Section("phones", _("On phones"), rows_about, order=60))
        pages.register(kept.help_page)
        downloads.register_part("me", kept.about_her)
        # Translators: a kind of entry that came from a phone: she chose her languages or the size of the letters.
        kinds.register(sync.SETTINGS, sync.take_settings, label=_("Settings"))
        kinds.register_reasons(sync.REASONS)
        user_logged_in.connect(note_desk, dispatch_uid="note_desk")
        user_logged_in.connect(doors.note_programme, dispatch_uid="note_programme")
        user_logged_in.connect(follow_roles_at_sign_in, dispatch_uid="follow_roles_at_sign_in")
