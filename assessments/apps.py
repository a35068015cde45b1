from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, published  # noqa: PLC0415 -- apps must be loaded first

        from assessments import receivers  # noqa: PLC0415 -- apps must be loaded first
        from assessments.models import QuestionSnippet, QuizPage  # noqa: PLC0415 -- apps must be loaded first
        from assessments.refreezing import quizzes_that_print  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.fact_prints import register_printer  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.models import ModulePage  # noqa: PLC0415 -- apps must be loaded first

        register_printer(quizzes_that_print())

        from assessments.releases import questions_in_a_release  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.releases import parts as release_parts  # noqa: PLC0415 -- apps must be loaded first

        release_parts.register(questions_in_a_release())
        page_published.connect(receivers.on_quiz_published, sender=QuizPage)
        page_published.connect(receivers.on_module_published, sender=ModulePage)
        published.connect(receivers.on_question_published, sender=QuestionSnippet)

        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- apps must be loaded first

        from assessments import kept, signing, sync  # noqa: PLC0415 -- apps must be loaded first
        from offline import downloads, keeping, kinds  # noqa: PLC0415 -- apps must be loaded first

        # Translators: a kind of entry that came from a phone: she answered a quiz.
        kinds.register("attempt", sync.take_attempt, label=_("A quiz answered"))
        kinds.register_reasons(sync.REASONS)
        # Translators: a kind of entry that came from a phone: a practice, watched and signed on the learner's phone.
        kinds.register("signoff", signing.take_signoff, label=_("A practice signed"))
        kinds.register_reasons(signing.REASONS)
        keeping.register(kept.open_tries)
        downloads.register_part("tickets", kept.tickets_of)
        downloads.register_part("results", kept.results_for)

        from assessments import listening  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.listening.readings import register_source  # noqa: PLC0415 -- apps must be loaded first

        register_source(listening.told_by_quizzes)
        register_source(listening.told_by_checklists)
        downloads.register_part("practices", kept.practices_for)

        from assessments.in_packs import QuestionsPart  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.packs import parts  # noqa: PLC0415 -- apps must be loaded first

        parts.register(QuestionsPart())

        from assessments import to_translate  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.translating import originals  # noqa: PLC0415 -- apps must be loaded first

        originals.register("questions", to_translate.questions)

        from assessments.models import Question  # noqa: PLC0415 -- apps must be loaded first
        from curriculum.policies import (  # noqa: PLC0415 -- apps must be loaded first
            AUTHOR,
            TRANSLATOR,
            LanguagePolicy,
            ReadingPolicy,
            bring_to_the_desk,
        )
        from curriculum.separation import belongs_by  # noqa: PLC0415 -- apps must be loaded first

        bring_to_the_desk(
            QuestionSnippet,
            LanguagePolicy,
            grants={AUTHOR: ("add", "change", "delete", "publish"), TRANSLATOR: ("change", "publish")},
            is_reviewed=True,
        )
        bring_to_the_desk(Question, ReadingPolicy)
        belongs_by("assessments.QuestionSnippet", "question__module__strand__curriculum")
        belongs_by("assessments.Question", "module__strand__curriculum")
        belongs_by("assessments.QuizPage", "quiz__module__strand__curriculum")
