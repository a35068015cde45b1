"""Why a verb was not carried out: each refusal is named after its rule and carries all of its reasons."""

from __future__ import annotations

from certificates.eligibility import Unmet
from certificates.states import FullState


class NotAllowed(Exception):
    """This person may not do this with this term."""


class NotEligible(Exception):
    """The award is not earned yet. ``unmet`` carries every reason."""

    def __init__(self, unmet: list[Unmet]) -> None:
        self.unmet = unmet
        super().__init__("; ".join(reason.requirement for reason in unmet))


class TwoPeopleNeeded(Exception):
    """The same person did the other half."""


class ProposalNeeded(TwoPeopleNeeded):
    """The award wants two people for this: ``propose`` it, and somebody else confirms."""


class StateDoesNotAllow(Exception):
    """The certificate is in a state from which this does not lead on."""

    def __init__(self, state: FullState) -> None:
        self.state = state
        super().__init__(state)


class PaperIsErased(Exception):
    """Name and paper are gone by her wish: there is nothing to draw a PDF from."""
