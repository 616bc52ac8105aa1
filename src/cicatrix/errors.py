"""Every error a user of this library may meet.

    CicatrixError
    ├── PhotoUnusable            this photograph cannot be measured
    │   ├── PhotoUnreadable      the file is not a picture we can open
    │   ├── PhotoTooLarge        it would unpack to more pixels than allowed
    │   ├── AlignmentRefused     the same skin was not found in both photographs
    │   ├── LesionNotFound       no scar can be outlined where it was pointed to
    │   └── ReferenceUnusable    a colour card is there but cannot be trusted
    ├── CasebookInvalid          a casebook contradicts itself or lacks a file
    ├── InputInvalid             an intake, a plan or an option contradicts itself
    ├── EvidenceInvalid          a fact file is malformed
    ├── OutputUnwritable         the result cannot be written where it was asked
    └── ExtraMissing             an optional library is not installed

Messages say what was found, why it stops us, and what to do next.
They may name a file by its name, never by its folder, nor a person.
"""

from typing import ClassVar


class CicatrixError(Exception):
    """Base of all our errors; `code` never changes and may be shown and logged."""

    code: ClassVar[str] = "error"


class PhotoUnusable(CicatrixError):
    """This photograph cannot be measured; the message is the reason."""

    code = "photo-unusable"

    @property
    def reason(self) -> str:
        """What was found, why it stops us, what to do next."""
        return str(self)


class PhotoUnreadable(PhotoUnusable):
    """The file is not a picture that we can open."""

    code = "photo-unreadable"


class PhotoTooLarge(PhotoUnusable):
    """The picture would unpack to more pixels than allowed."""

    code = "photo-too-large"


class AlignmentRefused(PhotoUnusable):
    """The same skin was not found in both photographs, or not surely enough."""

    code = "alignment-refused"


class LesionNotFound(PhotoUnusable):
    """No scar can be outlined where it was pointed to."""

    code = "lesion-not-found"


class ReferenceUnusable(PhotoUnusable):
    """A colour card is in the picture but cannot be trusted."""

    code = "reference-unusable"


class CasebookInvalid(CicatrixError):
    """A casebook contradicts itself or lacks a file."""

    code = "casebook-invalid"


class InputInvalid(CicatrixError):
    """An intake, a plan or an option is impossible, unknown or contradicts itself."""

    code = "input-invalid"


class EvidenceInvalid(CicatrixError):
    """A file of clinical or technical facts is malformed."""

    code = "evidence-invalid"


class OutputUnwritable(CicatrixError):
    """The result cannot be written where it was asked."""

    code = "output-unwritable"


class ExtraMissing(CicatrixError):
    """An optional library is not installed."""

    code = "extra-missing"
