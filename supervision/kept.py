"""What a supervisor keeps on her own phone for a morning without network: who needs her, and what she may watch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.kept import checklist_sheet
from assessments.models import ChecklistText
from offline import pages
from offline.lists import KeptList
from people.models import User
from programme.models import Milestone
from programme.scope import Act, Scope, scope_now
from progress.updates import with_updates
from supervision.rows import ENDS, Need, RosterRow, most_pressing, rows_of
from supervision.sync import OBSERVATION

LIST = "roster"
"""As the page that it stands for is addressed."""

MOST_NAMED = 40
"""Women on one phone: more than anybody stands beside, and what is lost with it is limited."""

MOST_LOOKED_THROUGH = 500
"""As on the roster: who watches over more has to choose a site first."""


@dataclass(frozen=True)
class Practice:
    """A practice of one woman that may be watched now; ``sheet`` names its checklist among those that are kept."""

    slug: str
    code: str
    sheet: str


def may_keep(scope: Scope) -> bool:
    """Whether there is a list for her: only for whoever watches practices, and only in her units."""
    return bool(scope.units(Act.SIGN_PRACTICE))


def list_for(owner: User) -> KeptList | None:
    """Her women who need her today, and the checklists that are open for them; the roster's rows and order.

    The same number of queries for any number of women in one country.
    """
    scope = scope_now(owner)
    if not may_keep(scope):
        return None
    running = scope.terms(Act.SIGN_PRACTICE).exclude(ended_on__lt=scope.on).select_related("learner", "programme")
    running = with_updates(running, scope.on)
    terms = list(running.order_by("learner__alias")[: MOST_LOOKED_THROUGH + 1])
    is_too_many = len(terms) > MOST_LOOKED_THROUGH
    waiting = [] if is_too_many else most_pressing(rows_of(terms, scope))
    rows = waiting[:MOST_NAMED]
    texts = _checklists(rows, owner.reading_languages)
    women = {str(row.term.uuid): _woman(row, texts) for row in rows}
    words = {
        "rows": rows,
        "total": len(terms),
        "more": len(waiting) - len(rows),
        "is_too_many": is_too_many,
        "has_many_sites": len({row.facility.pk for row in rows if row.facility}) > 1,
        "on": scope.on,
    }
    sheets = {
        name: checklist_sheet(text, owner.reading_languages, act=OBSERVATION)
        for name, text in texts.items()
        if any(name in woman["open"].values() for woman in women.values())
    }
    parts = {"page": pages.draw("supervision/kept_list.html", words), "women": women, "sheets": sheets}
    return KeptList(parts, [row.term.learner for row in rows])


def _woman(row: RosterRow, texts: dict[str, ChecklistText]) -> dict[str, Any]:
    practices = [
        Practice(milestone.module.slug, milestone.module.code, _sheet(milestone.module.code, row))
        for milestone in _watchable(row)
    ]
    watchable = [practice for practice in practices if practice.sheet in texts]
    who = f"{row.name} ({row.alias})" if row.name else row.alias
    words = {"row": row, "who": who, "practices": watchable}
    return {
        "who": who,
        "alias": row.alias,
        "page": pages.draw("supervision/kept_woman.html", words),
        "open": {practice.slug: practice.sheet for practice in watchable},
    }


def _sheet(code: str, row: RosterRow) -> str:
    """What her practice is called on the phone: two cohorts may be watched by two editions of one checklist."""
    return _name(code, row.facility.country if row.facility else "", row.standing.release)


def _name(code: str, country: str, release: int) -> str:
    return f"{code} {country} {release}" if release else f"{code} {country}"


def _checklists(rows: Collection[RosterRow], languages: Sequence[str]) -> dict[str, ChecklistText]:
    """The checklist of every practice that one of ``rows`` still has before her. A query a country and release."""
    wanted = {milestone.module_id for row in rows for milestone in _watchable(row)}
    places = sorted({(row.facility.country, row.standing.release) for row in rows if row.facility})
    found: dict[str, ChecklistText] = {}
    for country, release in places if wanted else []:
        texts = ChecklistText.objects.read_on(release).in_best_language(languages, country)
        for text in texts.filter(version__module__in=wanted).select_related("version__module"):
            found.setdefault(_name(text.version.module.code, country, release), text)
    return found


def _watchable(row: RosterRow) -> list[Milestone]:
    """Her practices that are left; all of them where a certificate ends or has ended: the next asks for a new one."""
    ends = any(wait.need in (*ENDS.values(), Need.STOPPED) for wait in row.waits) and not row.standing.is_ended
    items = row.standing.items if ends else row.standing.left
    return [item.milestone for item in items if item.milestone.kind == Milestone.Kind.PRACTICE]
