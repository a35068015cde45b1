"""What is taught. True also in a country that has no learners yet."""

from curriculum.models.articles import Article
from curriculum.models.fact_changes import (
    FactChange,
    FactPrint,
    FactUpdate,
    FactUpdateText,
    OldText,
    PrintPlace,
    Reopened,
)
from curriculum.models.facts import Country, Fact, FactValue, Mark
from curriculum.models.glossary import GlossaryEntry, GlossaryMeaning
from curriculum.models.identities import Lesson, Module, Strand
from curriculum.models.imports import ImportedPiece, KeptPack, UploadedPack
from curriculum.models.local_blocks import LocalBlock
from curriculum.models.meanings import Meaning, SaidMeaning, TypoLook
from curriculum.models.pages import LessonPage, LibraryPage, ModulePage, StrandPage
from curriculum.models.readings import TextReading
from curriculum.models.recordings import Recording
from curriculum.models.releases import (
    Release,
    ReleaseApproval,
    ReleaseDocument,
    ReleasedText,
    ReleasePaper,
    ReleaseUpdate,
)
from curriculum.models.review import Approval, ClinicalReviewTask, EditorialRight
from curriculum.models.searching import ArticleWords
from curriculum.models.translations import TranslatedSegment

__all__ = [
    "Approval",
    "Article",
    "ArticleWords",
    "ClinicalReviewTask",
    "Country",
    "EditorialRight",
    "Fact",
    "FactChange",
    "FactPrint",
    "FactUpdate",
    "FactUpdateText",
    "FactValue",
    "GlossaryEntry",
    "GlossaryMeaning",
    "ImportedPiece",
    "KeptPack",
    "Lesson",
    "LessonPage",
    "LibraryPage",
    "LocalBlock",
    "Mark",
    "Meaning",
    "Module",
    "ModulePage",
    "OldText",
    "PrintPlace",
    "Recording",
    "Release",
    "ReleaseApproval",
    "ReleaseDocument",
    "ReleasePaper",
    "ReleaseUpdate",
    "ReleasedText",
    "Reopened",
    "SaidMeaning",
    "Strand",
    "StrandPage",
    "TextReading",
    "TranslatedSegment",
    "TypoLook",
    "UploadedPack",
]
