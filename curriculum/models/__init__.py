"""What is taught. True also in a country that has no learners yet."""

from curriculum.models.articles import Article
from curriculum.models.facts import Country, Fact, FactValue
from curriculum.models.glossary import GlossaryEntry, GlossaryMeaning
from curriculum.models.identities import Lesson, Module, Strand
from curriculum.models.pages import LessonPage, LibraryPage, ModulePage, StrandPage
from curriculum.models.recordings import Recording
from curriculum.models.review import Approval, ClinicalReviewTask, EditorialRight
from curriculum.models.translations import TranslatedSegment

__all__ = [
    "Approval",
    "Article",
    "ClinicalReviewTask",
    "Country",
    "EditorialRight",
    "Fact",
    "FactValue",
    "GlossaryEntry",
    "GlossaryMeaning",
    "Lesson",
    "LessonPage",
    "LibraryPage",
    "Module",
    "ModulePage",
    "Recording",
    "Strand",
    "StrandPage",
    "TranslatedSegment",
]
