"""A curriculum as plain files: Markdown for lessons, PO for translations, TOML for facts and words.

``docs/packs.md`` describes the form for who writes it. From the ground up:

- ``model``: what a pack says, as plain values; ``ids``: the short names everything is known by.
- ``prose``, ``plain``, ``containers``, ``toml_text``: the pieces a file is made of.
- ``lessons``, ``po``, ``parts``: kinds of file; other apps register theirs in ``parts``.
- ``reading``, ``writing``, ``minting``: files become a pack, a pack becomes files, gaps in it are filled.
- ``strings``, ``words``, ``pictures``, ``checking``, ``check_prose``: what is in it, and what is wrong with it.
- ``pieces``, ``merging``: a pack, the desk and the last import, compared piece by piece.
- ``files``: folders and zips. ``opening`` puts all of it together.

Nothing here knows the database; ``curriculum.importing`` and ``curriculum.exporting`` do.
"""

from curriculum.packs.model import Module, Pack, Problem, Problems
from curriculum.packs.opening import Opened, fix, module_folders, open_files, open_pack, open_zip
from curriculum.packs.strings import strings
from curriculum.packs.writing import write

__all__ = [
    "Module",
    "Opened",
    "Pack",
    "Problem",
    "Problems",
    "fix",
    "module_folders",
    "open_files",
    "open_pack",
    "open_zip",
    "strings",
    "write",
]
