"""Writing `case.toml` so that `read_casebook` reads the same case again."""

from collections.abc import Iterable
from pathlib import Path

from cicatrix.casebook.entry import CASE_FILE
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.errors import OutputUnwritable

__all__ = ["casebook_toml", "write_casebook"]

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_casebook(casebook: Casebook) -> Path:
    """Write the case's `case.toml` into its folder, whole or not at all.

    Returns
    -------
    Path
        The file written; one that was there is replaced.

    Raises
    ------
    ValueError
        A file of the case lies outside the folder: the caller has a bug.
    OutputUnwritable
        The folder cannot be written.
    """
    path = casebook.folder / CASE_FILE
    text = casebook_toml(casebook)
    half = path.with_name(f".{CASE_FILE}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise OutputUnwritable(
            f"{CASE_FILE} cannot be written ({error.strerror}), so the case would be "
            "lost. Choose a folder in which you may write."
        ) from error
    return path


def casebook_toml(casebook: Casebook) -> str:
    """The text of `case.toml`; paths are written from the case's folder, with /.

    Raises
    ------
    ValueError
        A file of the case lies outside the folder: the caller has a bug.
    """
    root = casebook.folder.resolve()
    lines = ["[case]", f"title = {_text(casebook.title)}"]
    for key, file in (("intake", casebook.intake), ("plan", casebook.plan)):
        if file is not None:
            lines.append(f"{key} = {_path(file, root)}")
    if casebook.skin_ita_deg is not None:
        lines.append(f"skin_tone = {casebook.skin_ita_deg!r}")
    for lesion in casebook.lesions:
        lines += ["", "[[lesion]]", *_lesion_lines(lesion, root)]
    for visit in casebook.visits:
        lines += ["", "[[visit]]", *_visit_lines(visit, root)]
    return "\n".join(lines) + "\n"


def _lesion_lines(lesion: LesionEntry, root: Path) -> Iterable[str]:
    yield f"name = {_text(lesion.name)}"
    if lesion.point_xy is not None:
        yield f"point_xy = {_list(lesion.point_xy)}"
    if lesion.box_xyxy is not None:
        yield f"box_xyxy = {_list(lesion.box_xyxy)}"
    if lesion.scribble_xy is not None:
        yield f"scribble_xy = [{', '.join(_list(p) for p in lesion.scribble_xy)}]"
    if lesion.polygon_xy is not None:
        yield f"polygon_xy = [{', '.join(_list(p) for p in lesion.polygon_xy)}]"
    if lesion.mask is not None:
        yield f"mask = {_path(lesion.mask, root)}"


def _visit_lines(visit: VisitEntry, root: Path) -> Iterable[str]:
    yield f"date = {visit.visited_on.isoformat()}"
    yield f"photos = [{', '.join(_path(photo, root) for photo in visit.photos)}]"
    if visit.session:
        yield "session = true"
    if visit.mm_per_px is not None:
        yield f"mm_per_px = {_number(visit.mm_per_px)}"
    if visit.grey_xy is not None:
        yield f"grey_xy = {_list(visit.grey_xy)}"
    if visit.card_corners_xy is not None:
        corners = ", ".join(_list(corner) for corner in visit.card_corners_xy)
        yield f"card_corners_xy = [{corners}]"
    if visit.flash is not None:
        yield f"flash = {str(visit.flash).lower()}"
    if visit.masks:
        yield "[visit.masks]"
        for name, mask in visit.masks.items():
            yield f"{_text(name)} = {_path(mask, root)}"


def _text(value: str) -> str:
    """A TOML basic string."""
    safe = "".join(
        _ESCAPES.get(c, c if c.isprintable() else f"\\U{ord(c):08X}") for c in value
    )
    return f'"{safe}"'


def _number(value: float) -> str:
    """A TOML number that reads back as the same float."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _list(values: Iterable[float]) -> str:
    return f"[{', '.join(_number(value) for value in values)}]"


def _path(path: Path, root: Path) -> str:
    """A path inside the folder, written from the folder."""
    absolute = path if path.is_absolute() else root / path
    return _text(absolute.resolve().relative_to(root).as_posix())
