"""Who appears in the demonstration, and at which point of her term. Plain data, told from "today".

All people and sites are invented. The secrets are printed on the page: a demonstration has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PIN = "204060"
SIGNING_PIN = "482913"
"""With which staff who may sign do so on a learner's phone."""

PASSWORD = "open the notebook"  # noqa: S105 -- shown to everybody, on purpose

LONG_NAME = "Nomathamsanqa Thandolwethu Sibongakonke Mkhize-Zungu Dlamini"
"""Sixty characters: what does not fit here will not fit in life."""


@dataclass(frozen=True)
class Site:
    """A facility with the units above it."""

    code: str
    name: str
    country: str
    region: str
    district: str
    time_zone: str


SITES = (
    Site("KE-11", "Mwangaza Health Centre", "KE", "Ziwa County", "Ziwa East", "Africa/Nairobi"),
    Site("KE-12", "Upendo Dispensary", "KE", "Ziwa County", "Ziwa East", "Africa/Nairobi"),
    Site("KE-21", "Tumaini Health Centre", "KE", "Pwani County", "Pwani South", "Africa/Nairobi"),
    Site("ZA-11", "Ikhaya Clinic", "ZA", "Coast Province", "Coast District", "Africa/Johannesburg"),
    Site("ZA-12", "Langa Street Clinic", "ZA", "Coast Province", "Coast District", "Africa/Johannesburg"),
    Site("MW-11", "Mtendere Health Centre", "MW", "Southern Zone", "Shire District", "Africa/Blantyre"),
)
COUNTRY_NAMES = {"KE": "Kenya", "ZA": "South Africa", "MW": "Malawi"}


@dataclass(frozen=True)
class Part:
    """One woman's term on stage.

    ``day`` is the day of her term today. ``quizzes`` and ``practices`` name modules; lessons of all
    modules in ``quizzes`` and ``lessons`` are studied. ``certificates`` are (award, days ago issued,
    what happened to it). Days of leave are told from today: negative is past. ``practised_again`` is (module, days
    ago): watched once more, for a refresher; ``attended`` are the half-days of it, in days ago.
    """

    alias: str
    name: str
    site: str
    day: int
    languages: tuple[str, ...] = ("sw", "en")
    lessons: tuple[str, ...] = ()
    quizzes: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    certificates: tuple[tuple[str, int, str], ...] = ()
    leave: tuple[int, int] | None = None
    moved_from: tuple[str, int] | None = None
    extended_days: int = 0
    ended: tuple[int, str] | None = None
    has_consented: bool = True
    account: str = ""
    pathway: str = "mentor"
    practised_again: tuple[str, int] | None = None
    attended: tuple[int, ...] = ()
    is_open_ended: bool = False


ALL = ("P2", "S1", "M4", "D1")

LEADING_PARTS = (
    # One quiz from passing everything: lessons studied, practices signed, the last quiz still to sit.
    Part(
        "WAN-101",
        "Wanjikũ",
        "KE-11",
        12,
        lessons=ALL,
        quizzes=("P2", "S1", "M4"),
        practices=("P2", "S1"),
        account="learner",
    ),
    # New today: she has not yet been asked what she agrees to.
    Part("AME-102", "Amélia", "KE-11", 1, languages=("en", "sw"), has_consented=False, account="learner_new"),
    # One practice short of her next certificate, and late with it.
    Part(
        "CHI-103",
        "Chiŵale",
        "MW-11",
        96,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=("P2", "S1", "M4"),
        certificates=(("induction", 80, "current"),),
        account="learner_due",
    ),
    Part(
        "NOM-104",
        LONG_NAME,
        "ZA-11",
        130,
        languages=("en",),
        quizzes=ALL,
        practices=ALL,
        certificates=(("induction", 118, "current"), ("certified", 40, "current")),
    ),
    # Overdue with several things.
    Part("ACH-105", "Achieng", "KE-11", 40, quizzes=("P2",), lessons=("S1",)),
    # On leave now, and back again.
    Part(
        "FAT-106",
        "Fatuma",
        "KE-11",
        150,
        quizzes=ALL,
        practices=("P2", "S1"),
        leave=(-30, 60),
        certificates=(("induction", 135, "current"),),
    ),
    Part(
        "NEE-107",
        "Neema",
        "KE-12",
        160,
        quizzes=ALL,
        practices=("P2", "S1", "M4"),
        leave=(-110, -20),
        certificates=(("induction", 140, "current"),),
    ),
    # Moved from one site to another.
    Part(
        "ZAI-108",
        "Zainabu",
        "KE-12",
        200,
        quizzes=ALL,
        practices=ALL,
        moved_from=("KE-21", 35),
        certificates=(("induction", 185, "current"), ("certified", 110, "current")),
    ),
    # Extended beyond the first year.
    Part(
        "ROS-109",
        "Rose",
        "KE-11",
        410,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=ALL,
        extended_days=365,
        certificates=(
            ("induction", 394, "current"),
            ("certified", 320, "current"),
        ),
    ),
    # Graduated, and ended early.
    Part(
        "JAN-110",
        "Janet",
        "KE-11",
        420,
        languages=("en",),
        quizzes=ALL,
        practices=ALL,
        ended=(55, "completed"),
        certificates=(
            ("induction", 404, "current"),
            ("certified", 330, "current"),
            ("record", 55, "current"),
            ("graduation", 55, "current"),
            ("passport", 55, "current"),
        ),
    ),
    Part(
        "HAL-111",
        "Halima",
        "KE-21",
        150,
        quizzes=("P2", "S1"),
        practices=("P2",),
        ended=(30, "new_work"),
        certificates=(("record", 30, "current"),),
    ),
    # Certificates: about to expire, expired, suspended, replaced.
    Part(
        "MER-112",
        "Mercy",
        "KE-11",
        430,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=ALL,
        extended_days=365,
        certificates=(
            ("induction", 414, "current"),
            ("certified", 345, "current"),
        ),
    ),
    Part(
        "LUC-113",
        "Lucy",
        "KE-11",
        470,
        quizzes=ALL,
        practices=ALL,
        extended_days=365,
        certificates=(
            ("induction", 454, "current"),
            ("certified", 390, "current"),
        ),
    ),
    Part(
        "PRI-114",
        "Prisca",
        "KE-12",
        260,
        quizzes=ALL,
        practices=ALL,
        certificates=(
            ("induction", 244, "current"),
            ("certified", 150, "suspended"),
        ),
    ),
    Part(
        "BEA-115",
        "Beatrice",
        "KE-11",
        240,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=ALL,
        certificates=(
            ("induction", 224, "current"),
            ("certified", 120, "replaced"),
        ),
    ),
    # Two years in: refreshed in time.
    Part(
        "GRA-116",
        "Grace",
        "KE-21",
        460,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=ALL,
        extended_days=365,
        practised_again=("M4", 40),
        attended=(36, 35),
        certificates=(
            ("induction", 444, "current"),
            ("certified", 370, "current"),
            ("refresher", 34, "current"),
        ),
    ),
    # She teaches others now: staff are learners too.
    Part(
        "RUT-117",
        "Ruth",
        "KE-21",
        90,
        languages=("en", "sw"),
        quizzes=ALL,
        practices=ALL,
        pathway="trainer",
        certificates=(("trainer", 20, "current"),),
    ),
)

FURTHER_NAMES = {
    "KE-12": ("Sarah", "Mumbi"),
    "KE-21": ("Mwanaisha", "Pendo", "Riziki", "Saumu", "Kadzo"),
    "ZA-11": ("Nomsa", "Thandeka", "Zanele", "Lindiwe", "Nosipho", "Ayanda"),
    "ZA-12": ("Bongiwe", "Nandi", "Palesa"),  # one unit of three women: small numbers must be hidden
    "MW-11": ("Chisomo", "Tadala", "Mphatso", "Thokozani", "Chimwemwe", "Limbani", "Alinafe", "Tiyamike"),
}
"""The rest of about forty terms, spread over the year by ``further_parts``."""


def further_parts() -> list[Part]:
    """Terms at every stage, so that rosters and lists look like life."""
    parts = []
    stages = (
        {"day": 3, "lessons": ("P2",)},
        {"day": 9, "quizzes": ("P2", "S1"), "lessons": ("M4",)},
        {"day": 16, "quizzes": ALL, "practices": ("P2",)},
        {"day": 60, "quizzes": ALL, "practices": ("P2", "S1"), "certificates": (("induction", 44, "current"),)},
        {
            "day": 210,
            "quizzes": ALL,
            "practices": ALL,
            "certificates": (("induction", 195, "current"), ("certified", 120, "current")),
        },
    )
    place = 0
    for site, names in FURTHER_NAMES.items():
        languages = ("sw", "en") if site.startswith("KE") else ("en", "sw")
        for name in names:
            stage = stages[place % len(stages)]
            parts.append(
                Part(f"{name[:3].upper()}-{201 + place}", name, site, languages=languages, **stage)  # type: ignore[arg-type]
            )
            place += 1
    return parts


@dataclass(frozen=True)
class StaffPart:
    """A member of staff, her roles and where she holds them."""

    account: str
    alias: str
    name: str
    roles: tuple[tuple[str, str], ...]
    languages: tuple[str, ...] = ("en", "sw")
    role_language: str = ""
    opens: str = "roster"
    also: tuple[str, ...] = field(default=())


STAFF = (
    StaffPart("trainer", "TRA-301", "Gathoni", (("trainer", "root"),), opens="admin"),
    StaffPart("translator", "TRN-302", "Salma", (("translator", "KE"),), role_language="sw", opens="admin"),
    StaffPart("reviewer", "REV-303", "Dr Njeri", (("reviewer", "KE"),), opens="admin"),
    StaffPart("supervisor", "SUP-304", "Wambui", (("supervisor", "KE-11"),)),
    StaffPart("coordinator", "COO-305", "Esther", (("coordinator", "KE"), ("coordinator", "MW")), opens="people-list"),
    StaffPart("nurse", "NUR-306", "Sister Atieno", (("nurse", "KE-11"),)),
    StaffPart("district_manager", "DIS-307", "Baraka", (("district_manager", "Ziwa East"),)),
    StaffPart("programme_manager", "PRO-308", "Lerato", (("programme_manager", "root"),)),
    StaffPart("monitoring", "MON-309", "Peter", (("monitoring", "root"),)),
    StaffPart("privacy_officer", "PRI-310", "Naledi", (("privacy_officer", "root"),), opens="settings"),
    StaffPart("supervisor_2", "SUP-311", "Thoko", (("supervisor", "MW-11"),)),
    StaffPart("supervisor_3", "SUP-312", "Andile", (("supervisor", "ZA-11"), ("supervisor", "ZA-12"))),
    StaffPart("supervisor_4", "SUP-313", "Mariam", (("supervisor", "KE-12"), ("supervisor", "KE-21"))),
    StaffPart("coordinator_2", "COO-314", "Zodwa", (("coordinator", "ZA"),)),
)

SECOND = "agewell"
"""The other programme of the demonstration: its folder among the packs. Nobody of the first finds a trace of it."""

VISITS = ("A1", "A2", "A3")

SECOND_PARTS = (
    # On her first day, together with the one she will visit with.
    Part(
        "THA-401", "Thandiwe", "GC-11", 1, languages=("en",), pathway="visitor", is_open_ended=True, account="visitor"
    ),
    # Everything done but the last practice; her four weeks end today.
    Part(
        "ELS-402",
        "Elsabé",
        "GC-11",
        28,
        languages=("en",),
        quizzes=VISITS,
        practices=("A1", "A2"),
        pathway="visitor",
        is_open_ended=True,
        account="visitor_due",
    ),
    Part(
        "SIP-403",
        "Sipho",
        "GC-12",
        75,
        languages=("en",),
        quizzes=VISITS,
        practices=VISITS,
        certificates=(("course", 40, "current"),),
        pathway="visitor",
        is_open_ended=True,
    ),
    Part(
        "JOS-404",
        "Josephine",
        "GC-11",
        9,
        languages=("en",),
        quizzes=("A1",),
        lessons=("A2",),
        pathway="visitor",
        is_open_ended=True,
    ),
)

SECOND_PAIR = ("THA-401", "JOS-404")
"""Who visit together."""

SECOND_STAFF = (
    StaffPart("team_leader", "LEA-411", "Oupa Daniels", (("supervisor", "GC-11"), ("supervisor", "GC-12")), ("en",)),
    StaffPart("coordinator", "COO-412", "Marlene", (("coordinator", "GC"),), ("en",), opens="people-list"),
    StaffPart("programme_manager", "PRO-413", "Ebrahim", (("programme_manager", "GC"),), ("en",)),
    StaffPart("trainer", "TRA-414", "Beauty", (("trainer", "GC"),), ("en",), opens="admin"),
)

WENT_WELL = {
    "en": "Calm voice, and time to think.",
    "sw": "Sauti tulivu, na muda wa kufikiri.",
}
NEXT_STEP = {
    "en": "Ask once more what was understood.",
    "sw": "Uliza tena ni nini kimeeleweka.",
}
