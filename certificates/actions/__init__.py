"""What supervisors and coordinators do with certificates. Each verb is one transaction.

Expected refusals: ``NotAllowed`` (a stranger, who must not learn that there is anything), ``NotEligible`` with every
reason, ``TwoPeopleNeeded`` and ``ProposalNeeded``, ``StateDoesNotAllow``; ``keys.NoSigningKey`` where nothing can be
signed.
"""

from __future__ import annotations

from certificates.actions.deciding import confirm, needs_two, propose, restore, revoke, suspend, withdraw
from certificates.actions.freezing import paper_languages
from certificates.actions.issuing import CARRIED_OVER, issue_certificate, renew, replace, sign_off, unmet_for_issue
from certificates.actions.papers import make_pdf, pdf_of
from certificates.actions.refusals import (
    NotAllowed,
    NotEligible,
    PaperIsErased,
    ProposalNeeded,
    StateDoesNotAllow,
    TwoPeopleNeeded,
)

__all__ = [
    "CARRIED_OVER",
    "NotAllowed",
    "NotEligible",
    "PaperIsErased",
    "ProposalNeeded",
    "StateDoesNotAllow",
    "TwoPeopleNeeded",
    "confirm",
    "issue_certificate",
    "make_pdf",
    "needs_two",
    "paper_languages",
    "pdf_of",
    "propose",
    "renew",
    "replace",
    "restore",
    "revoke",
    "sign_off",
    "suspend",
    "unmet_for_issue",
    "withdraw",
]
