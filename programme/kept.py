"""What a phone keeps of the person herself, and whom she can turn to without network."""

from __future__ import annotations

from typing import Any

from offline import pages
from programme.help_lines import help_words
from programme.scope import current_study


def help_page(owner: Any) -> dict[str, str]:
    """``help``. Three queries."""
    return {"help": pages.draw("programme/help_for_me.html", help_words(current_study(owner)))}


def about_her(owner: Any) -> dict[str, Any]:
    """What her phone calls her, and how she reads. No query."""
    return {
        "name": owner.display_name,
        "alias": owner.alias,
        "languages": list(owner.languages),
        "text_size": owner.text_size,
    }
