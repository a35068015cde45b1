"""The listening room of the writing desk: what is read aloud, one sitting, one block kept, one withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from curriculum.listening import rights
from curriculum.listening.actions import record, withdraw
from curriculum.listening.forms import KeepForm, WithdrawForm
from curriculum.listening.readings import Line, Reading, State, is_doubtful, readings
from curriculum.listening.sound import LONGEST_SECONDS, NoConverter, SoundRefused, converter, to_opus
from curriculum.models import Recording

LANGUAGE_NAMES = dict(settings.LANGUAGES)

KINDS: Mapping[str, Any] = {
    "title": gettext_lazy("Title"),
    "objective": gettext_lazy("What she will be able to do"),
    "text": gettext_lazy("Text"),
    "key_message": gettext_lazy("Key message"),
    "story": gettext_lazy("Story"),
    "picture": gettext_lazy("Picture"),
    "question": gettext_lazy("Question"),
    "option": gettext_lazy("Answer"),
    # Translators: what a learner reads after she chose an answer.
    "feedback": gettext_lazy("What is said to this answer"),
    "why": gettext_lazy("Why the right answer is right"),
    "role_play": gettext_lazy("Role play"),
    "checklist": gettext_lazy("Checklist"),
    "word": gettext_lazy("Word explained"),
    "step": gettext_lazy("Step"),
}
"""What a trainer calls each kind of piece."""

WORDS: Mapping[str, Any] = {
    "block": gettext_lazy("Block %(now)s of %(total)s"),
    "done": gettext_lazy("%(done)s of %(total)s recorded"),
    "record": gettext_lazy("Record"),
    "stop": gettext_lazy("Stop"),
    # Translators: on a button: read this block aloud once more.
    "again": gettext_lazy("Read again"),
    "read_this": gettext_lazy("Read this block aloud"),
    "ready": gettext_lazy("Press Record and read the words aloud, as you would to her."),
    "is_recorded": gettext_lazy("This block is recorded. Listen to it, read it again, or go on."),
    "recording": gettext_lazy("Recording. Press Stop when you have read it."),
    # Translators: seconds since she pressed Record.
    "clock": gettext_lazy("%(seconds)s s"),
    "silent": gettext_lazy("Recording, but nothing is heard. Is the microphone on?"),
    "short": gettext_lazy("That was too short to keep. Press Record and read the words."),
    "keeping": gettext_lazy("Sending this block …"),
    "kept": gettext_lazy("Kept: %(seconds)s s, %(kb)s KB. Listen to it, or go on."),
    "kept_doubtful": gettext_lazy(
        "Kept, but %(seconds)s s is short or long for these words. Listen to it once before you go on."
    ),
    "waiting": gettext_lazy("No connection. Blocks not sent yet: %(count)s. Leave this page open: it tries again."),
    "locked": gettext_lazy(
        "You are signed out or locked. Sign in again in another tab, then press Send now. "
        "Blocks not sent yet: %(count)s."
    ),
    "no_microphone": gettext_lazy(
        "The browser gives no microphone. Allow it beside the address and load the page again, or choose a file for "
        "each block."
    ),
    "no_https": gettext_lazy(
        "Recording in the browser needs an address with https. Choose a file for each block, or ask whoever runs the "
        "server."
    ),
    "not_played": gettext_lazy("This browser could not play it. The recording itself is kept."),
    "all_done": gettext_lazy("Every block is recorded. Thank you."),
    "label_recorded": gettext_lazy("recorded"),
}
"""What the script of a sitting says."""

NO_CONVERTER = gettext_lazy(
    "Recordings cannot be made on this server yet: it lacks the program ffmpeg. Whoever runs the server finds the "
    "step in docs/running.md. What is recorded already can be heard."
)
CHANGED = gettext_lazy("These words have changed meanwhile. Load the page again and read the new ones.")

View = Callable[..., HttpResponse]


def in_a_language_of_hers(view: View) -> View:
    """Let only those in who have to do with the language of the address; others find nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, language: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights.may_withdraw(request.user, language):
            raise Http404
        return view(request, language, *args, **kwargs)

    return guarded


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """Every text that can be read aloud in one language, with what is recorded of it; what waits first."""
    languages = rights.languages_heard_by(request.user)
    if not languages:
        raise Http404
    chosen = request.GET.get("language", languages[0])
    if chosen not in languages:
        raise Http404
    found = rights.of_hers(request.user, readings(chosen))
    return render(
        request,
        "wagtailadmin/desk/listening.html",
        {
            "languages": [(code, LANGUAGE_NAMES[code]) for code in languages],
            "chosen": chosen,
            "readings": sorted(found, key=_what_waits_first),
            "again_count": sum(reading.again for reading in found),
            "may_record": rights.may_record(request.user, chosen),
            "trouble": "" if converter() else NO_CONVERTER,
            "header_title": _("Listening"),
        },
    )


def _what_waits_first(reading: Reading) -> int:
    """What must be read again, then what is begun, then what is not, then what is there."""
    if reading.again:
        return 0
    if reading.is_complete:
        return 3
    return 1 if reading.recorded else 2


@require_GET
@in_a_language_of_hers
def sitting(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """One text, block by block: read, listen, next. Without script, a list with a file to choose for each block."""
    found = rights.of_hers(request.user, readings(language, key))
    if not found:
        raise Http404
    return _sitting(request, language, found, found[0].title)


@require_GET
@in_a_language_of_hers
def again(request: HttpRequest, language: str) -> HttpResponse:
    """The queue: every block of a language that had a voice before its words changed."""
    found = [reading for reading in rights.of_hers(request.user, readings(language)) if reading.again]
    for reading in found:
        reading.lines = [line for line in reading.lines if line.state is State.AGAIN]
    return _sitting(request, language, found, _("To read again"))


def _sitting(request: HttpRequest, language: str, found: list[Reading], title: str) -> HttpResponse:
    may_record = rights.may_record(request.user, language)
    return render(
        request,
        "wagtailadmin/desk/listening_sitting.html",
        {
            "readings": [(reading, [(line, KINDS[line.kind]) for line in reading.lines]) for reading in found],
            "words": {name: str(text) for name, text in WORDS.items()},
            "lines_total": sum(reading.total for reading in found),
            "is_queue": request.resolver_match.url_name == "desk_listening_again",
            "language": language,
            "language_name": LANGUAGE_NAMES[language],
            "may_record": may_record,
            "can_record": may_record and bool(converter()),
            "trouble": NO_CONVERTER if may_record and not converter() else "",
            "longest_seconds": LONGEST_SECONDS,
            "header_title": title,
        },
    )


@require_POST
def keep(request: HttpRequest, language: str) -> HttpResponse:
    """One block that was read: made into what phones play, at once, so that she hears what learners will hear."""
    if not rights.may_record(request.user, language):
        raise Http404
    form = KeepForm(request.POST, request.FILES)
    if not form.is_valid():
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        return _answer(request, language, None, sentence=str(sentences[0]), status=400)
    reading, line = _line(language, form)
    if reading is None or line is None:
        return _answer(request, language, None, sentence=str(CHANGED), status=409)
    try:
        sound = to_opus(form.cleaned_data["sound"].read())
    except SoundRefused as refusal:
        return _answer(request, language, line, sentence=str(refusal.sentence), status=400)
    except NoConverter:
        return _answer(request, language, line, sentence=str(NO_CONVERTER), status=503)
    if sentence := _too_heavy(reading, line, len(sound.data)):
        return _answer(request, language, line, sentence=sentence, status=400)
    kept = record(
        language=language,
        place=line.place,
        text=line.text,
        sound=sound,
        recorded_by=request.user,
        recorded_at=timezone.now(),
    )
    return _answer(request, language, line, kept=kept)


def _line(language: str, form: KeepForm) -> tuple[Reading, Line] | tuple[None, None]:
    """The piece of which the form says that it was read, if its words are still the same, and where it stands."""
    place, mark = form.cleaned_data["place"], form.cleaned_data["hash"]
    lines = ((reading, line) for reading in readings(language, form.key) for line in reading.lines)
    return next(((reading, line) for reading, line in lines if (line.place, line.hash) == (place, mark)), (None, None))


def _too_heavy(reading: Reading, line: Line, size: int) -> str:
    """Why a lesson cannot take ``size`` bytes for ``line``: it would pass what was promised to her. Empty: it can."""
    others = sum(other.recording.size_bytes for other in reading.lines if other.recording and other is not line)
    if not reading.is_lesson or others + size <= settings.LESSON_SOUND_MOST_KB * 1000:
        return ""
    return _(
        "With this block, hearing all of it would cost her %(size)s KB; %(most)s KB is the most. It is not kept. "
        "Please read in a quicker, even voice, or divide the text."
    ) % {"size": round((others + size) / 1000), "most": settings.LESSON_SOUND_MOST_KB}


def _answer(
    request: HttpRequest,
    language: str,
    line: Line | None,
    *,
    sentence: str = "",
    status: int = 200,
    kept: Recording | None = None,
) -> HttpResponse:
    """For the script in JSON; without it, on the page she came from, at the block she read."""
    if "application/json" in request.headers.get("Accept", ""):
        if kept is None or line is None:
            return JsonResponse({"kept": False, "sentence": sentence}, status=status)
        return JsonResponse(
            {
                "kept": True,
                "recording": kept.pk,
                "url": kept.url,
                "seconds": round(kept.duration_ms / 1000),
                "kb": max(1, round(kept.size_bytes / 1000)),
                "is_doubtful": is_doubtful(kept.text, kept.duration_ms),
            }
        )
    if sentence:
        messages.error(request, sentence)
    else:
        messages.success(request, _("Kept. Learners can listen to it now."))
    mark = f"#{line.mark}" if line else ""
    return redirect(_back(request, language, request.POST.get("place", "")) + mark)


def _back(request: HttpRequest, language: str, place: str) -> str:
    """The page on which ``place`` is read, or the room when there is none any more."""
    if request.POST.get("queue"):
        return reverse("desk_listening_again", args=[language])
    key = place.partition("#")[0]
    if key and readings(language, key):
        return reverse("desk_listening_read", args=[language, key])
    return f"{reverse('desk_listening')}?language={language}"


@require_POST
@in_a_language_of_hers
def stop(request: HttpRequest, language: str) -> HttpResponse:
    """This recording is not to be used: learners do not hear it any more, and its sound is taken off the server."""
    form = WithdrawForm(request.POST, language=language)
    if not form.is_valid():
        # Somebody else did it first; it is as she wished.
        return redirect(f"{reverse('desk_listening')}?language={language}")
    recording = withdraw(
        recording=form.cleaned_data["recording"], withdrawn_by=request.user, withdrawn_at=timezone.now()
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"stopped": True})
    messages.success(request, _("Not used any more. The text waits to be read again."))
    return redirect(_back(request, language, recording.place))
