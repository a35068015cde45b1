"""Scripts that one document loads share their names: a second one that declares a name again is not run at all."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find

DECLARED = re.compile(r"^(?:async )?(?:const|let|function|class)\s+(?:\{([^}]*)\}|\[([^\]]*)\]|([\w$]+))", re.M)
DOCUMENTS = {
    "the shell": ("shell", "sheets", "hearing", "list"),
    "a sheet of questions on the site": ("site", "parts", "sound"),
    "the page that checks papers": ("site", "scan"),
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_two_scripts_of_a_document_declare_the_same_name(document: str) -> None:
    declared: dict[str, list[str]] = defaultdict(list)
    for page in DOCUMENTS[document]:
        for part in settings.JOINED_FILES[f"offline/kept-{page}.js"]:
            for found in DECLARED.finditer(Path(str(find(part))).read_text()):
                for name in re.findall(r"[\w$]+", found[1] or found[2] or found[3]):
                    declared[name].append(part)
    assert len(declared) > 20
    assert {name: parts for name, parts in declared.items() if len(parts) > 1} == {}
