"""Where, when, with whom and by which day something is to be learned."""

from programme.models.evidence import Clock, Evidence
from programme.models.installation import AlreadyDecided, Installation
from programme.models.pathways import Milestone, Pathway, PathwayVersion, Programme
from programme.models.roles import Role, RoleAssignment
from programme.models.terms import Cohort, Extension, Leave, Placement, Term
from programme.models.units import OrganisationUnit, UnitLevel, UnitParent

__all__ = [
    "AlreadyDecided",
    "Clock",
    "Cohort",
    "Evidence",
    "Extension",
    "Installation",
    "Leave",
    "Milestone",
    "OrganisationUnit",
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
