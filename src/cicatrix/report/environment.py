"""The template engine, loaded when a page is drawn."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

__all__ = ["environment"]


@cache
def environment() -> "jinja2.Environment":
    """The engine over this room's templates: escaped, no undefined name passes."""
    import jinja2  # here, so that a command without a report need not load it

    return jinja2.Environment(
        loader=jinja2.PackageLoader("cicatrix.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
