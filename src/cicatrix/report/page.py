"""A result as one page that needs nothing else: no network, no second file."""

from collections.abc import Iterable, Mapping, Sequence

from cicatrix.domain.result import CaseResult, Comparison, PhotoRecord
from cicatrix.evidence.reading import Source, load_sources
from cicatrix.evidence.visibility import visibility_bands
from cicatrix.report.environment import environment
from cicatrix.report.images import colour_stops
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import SheetView
from cicatrix.report.view import LesionView, lesion_of_pair, lesion_view

__all__ = ["render_comparison_report", "render_report"]


def render_report(
    case: CaseResult,
    pictures: Mapping[tuple[str, int], ComparisonPictures],
    course: Sequence[SheetView] = (),
) -> str:
    """The report of a case as one HTML page.

    Parameters
    ----------
    case
        What was measured.
    pictures
        For a lesion's name and the index of a visit, that visit beside the first one.
        A visit without pictures is shown without them.
    course
        Sheets on the same course: screening, plan, forecast. They follow the lesions.

    Returns
    -------
    str
        The page; it works offline, prints, and needs no script to be read.
    """
    lesions = tuple(
        lesion_view(series, number, pictures)
        for number, series in enumerate(case.lesions, start=1)
    )
    provenance = Provenance(versions=case.versions, parameters=case.parameters)
    return _page(case.title, lesions, provenance, notes=case.notes, course=course)


def render_comparison_report(
    comparison: Comparison,
    pictures: ComparisonPictures | None,
    provenance: Provenance,
) -> str:
    """The report of one comparison as one HTML page; see `render_report`."""
    lesion = lesion_of_pair(comparison, pictures)
    return _page("Two photographs compared", (lesion,), provenance, notes=())


def _page(
    title: str,
    lesions: tuple[LesionView, ...],
    provenance: Provenance,
    *,
    notes: tuple[str, ...],
    course: Sequence[SheetView] = (),
) -> str:
    bands = visibility_bands()
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            lesions=lesions,
            views=course,
            provenance=provenance,
            notes=notes,
            photos=_each_once(lesions),
            bands=bands,
            band_sources=_sources(key for band in bands for key in band.fact.sources),
            stops=colour_stops(),
        )
    )


def _each_once(lesions: tuple[LesionView, ...]) -> tuple[PhotoRecord, ...]:
    """Every file once, although each lesion may have looked at it."""
    found: dict[tuple[str, str], PhotoRecord] = {}
    for lesion in lesions:
        for photo in lesion.photos:
            found.setdefault((photo.sha256, photo.name), photo)
    return tuple(found.values())


def _sources(keys: Iterable[str]) -> tuple[Source, ...]:
    """The sources of these keys, each once."""
    known = load_sources()
    return tuple(known[key] for key in dict.fromkeys(keys))
