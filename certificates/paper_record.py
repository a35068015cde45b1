"""What a machine reads of a paper: the facts that are printed on it, and which texts they stand on."""

from __future__ import annotations

from typing import Any

from certificates.models import Certificate

FORMAT = "record 1"

PRINTED_FACTS = ("from_on", "until_on", "attendance_hours", "logbook_entries", "practices", "certificates")
"""Of ``Certificate.facts``, what a passport prints; the others say how it was made."""


def record_of(certificate: Certificate) -> dict[str, Any]:
    """The facts of ``certificate`` as plain values, the same for every kind of its paper.

    One query at most: the number of the paper before it. ``expires_on`` is what the paper says, ``null`` for no end;
    ``texts`` names the text of each module by the beginning of its hash.
    """
    return {
        "format": FORMAT,
        "number": certificate.serial,
        "name": certificate.printed_name,
        "titles": certificate.titles or {certificate.language: certificate.title},
        "languages": list(dict.fromkeys([certificate.language, *certificate.languages])),
        "issued_by": certificate.issuing_name,
        "country": certificate.country,
        "issued_on": certificate.issued_on.isoformat(),
        "expires_on": certificate.expires_on.isoformat() if certificate.expires_on else None,
        "hours": certificate.hours,
        "modules": [
            {
                "code": module["code"],
                "titles": module.get("cover_titles") or {certificate.language: module["cover_title"]},
                "hours": module["hours"],
                "is_practised": module["is_practised"],
            }
            for module in certificate.modules
        ],
        "facts": {name: certificate.facts[name] for name in PRINTED_FACTS if name in certificate.facts},
        "signatories": certificate.signatories,
        "pathway_version": certificate.pathway_version,
        "texts": certificate.curriculum_versions,
        "in_place_of": certificate.replaces.serial if certificate.replaces else None,
        "is_demonstration": certificate.is_demonstration,
    }
