"""One programme, or one country of it, taken from this installation to another. docs/moving.md says how.

- ``rows``: a row as plain values and back, exactly.
- ``what``: which rows go along, in which order, and what is known there already.
- ``archive``: one file, sealed with a passphrase.
- ``giving_out``, ``bringing_in``: the two verbs.
"""

from certificates.moving.archive import NotOpened, TooShort
from certificates.moving.bringing_in import Brought, NotBroughtIn, bring_in
from certificates.moving.giving_out import GivenOut, NothingToGive, give_out

__all__ = [
    "Brought",
    "GivenOut",
    "NotBroughtIn",
    "NotOpened",
    "NothingToGive",
    "TooShort",
    "bring_in",
    "give_out",
]
