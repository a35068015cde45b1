"""Where, when, with whom and by which day something is to be learned."""

from programme.models.evidence import Clock, Evidence
from programme.models.installation import AlreadyDecided, Installation
from programme.models.pairs import Pairing
from programme.models.pathways import Milestone, Pathway, PathwayVersion, Programme
from programme.models.roles import Role, RoleAssignment
from programme.models.terms import Cohort, CohortMove, Extension, Leave, Placement, Term
from programme.models.units import OrganisationUnit, UnitLevel, UnitParent

__all__ = [
    "AlreadyDecided",
    "Clock",
    "Cohort",
    "CohortMove",
    "Evidence",
    "Extension",
    "Installation",
    "Leave",
    "Milestone",
    "OrganisationUnit",
    "Pairing",
    "Pathway",
    "PathwayVersion",
    "Placement",
    "Programme",
    "Role",
    "RoleAssignment",
    "Term",
    "UnitLevel",
    "UnitParent",
]
