from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "curriculum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete  # noqa: PLC0415 -- apps must be loaded first
        from wagtail.signals import (  # noqa: PLC0415 -- apps must be loaded first
            page_published,
            page_unpublished,
            post_page_move,
            published,
        )

        from curriculum import four_eyes, policies, receivers, translation  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.fact_changing import when_something_changes  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.fact_prints import register_printer  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.freeze import articles_that_print  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.listening import checks, readings  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.models import LessonPage, LocalBlock, ModulePage  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.releases import articles, parts, reaching  # noqa: PLC0415 -- apps must be loaded first

        register_printer(articles_that_print())
        parts.register(articles.articles_in_a_release())
        when_something_changes(reaching.reach_releases)
        checks.register()
        readings.register_source(readings.told_by_articles)
        four_eyes.install()
        policies.register()
        translation.install()
        page_published.connect(receivers.on_page_published)
        published.connect(receivers.on_published)
        page_unpublished.connect(receivers.on_page_changed)
        post_page_move.connect(receivers.on_page_changed)
        for page in (ModulePage, LessonPage):
            post_delete.connect(receivers.on_page_deleted, sender=page)
        post_delete.connect(receivers.on_local_block_deleted, sender=LocalBlock)
