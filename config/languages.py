"""The languages of the product: those that are complete, and those that are only beginning.

A language that is beginning has a name, its dates and numbers, and the words that are sure; where the interface has
no word in it yet, the word is English. Its lessons may be read as soon as there are any.
"""

from __future__ import annotations

from typing import Any

COMPLETE = [("en", "English"), ("sw", "Kiswahili"), ("fr", "Français"), ("pt", "Português")]
BEGINNING = [("zu", "isiZulu"), ("xh", "isiXhosa"), ("st", "Sesotho"), ("ny", "Chichewa")]

# What Django says of its own languages: it knows none of these, and refuses an address that begins with them.
INFO: dict[str, dict[str, Any]] = {
    "zu": {"bidi": False, "code": "zu", "name": "Zulu", "name_local": "isiZulu"},
    "xh": {"bidi": False, "code": "xh", "name": "Xhosa", "name_local": "isiXhosa"},
    "st": {"bidi": False, "code": "st", "name": "Sesotho", "name_local": "Sesotho"},
    "ny": {"bidi": False, "code": "ny", "name": "Chichewa", "name_local": "Chichewa"},
}
