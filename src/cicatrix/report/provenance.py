"""With what a result was made, so that it can be made again."""

from dataclasses import dataclass

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Pairs of names and values: software with versions, parameters with their units."""

    versions: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
