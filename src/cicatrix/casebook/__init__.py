"""A case on disk: lesions, visits and where their photographs are."""

from cicatrix.casebook.reading import CASE_FILE, PHOTO_FOLDER, read_casebook
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.casebook.writing import write_casebook

__all__ = [
    "CASE_FILE",
    "PHOTO_FOLDER",
    "Casebook",
    "LesionEntry",
    "VisitEntry",
    "read_casebook",
    "write_casebook",
]
