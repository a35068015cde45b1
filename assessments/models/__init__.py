"""What is asked, marked and observed."""

from assessments.models.answers import QuestionKind
from assessments.models.authored import Choice, Question, QuestionSnippet, Quiz, QuizPage
from assessments.models.evidence import Attempt, AttemptAnswers, Observation, ObservationComment, TalkHeld, Ticket
from assessments.models.frozen import ChecklistText, ChecklistVersion, QuizText, QuizVersion
from assessments.models.released import ReleasedWords

__all__ = [
    "Attempt",
    "AttemptAnswers",
    "ChecklistText",
    "ChecklistVersion",
    "Choice",
    "Observation",
    "ObservationComment",
    "Question",
    "QuestionKind",
    "QuestionSnippet",
    "Quiz",
    "QuizPage",
    "QuizText",
    "QuizVersion",
    "ReleasedWords",
    "TalkHeld",
    "Ticket",
]
