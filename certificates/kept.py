"""Her certificates as her phone keeps them: without the file, which needs the network."""

from __future__ import annotations

from typing import Any

from certificates.cards import own_words
from offline import pages
from programme.after_term import closed_words


def own_page(owner: Any) -> dict[str, str]:
    """``certificates``; whom to ask instead, once her months after the term are over. Five queries."""
    words = own_words(owner)
    if words["after"] is not None and words["after"].is_over:
        return {"certificates": pages.draw("no_term.html", closed_words(owner))}
    return {"certificates": pages.draw("certificates/my_certificates.html", words)}
