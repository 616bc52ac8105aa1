"""What trials say of an indication, as a sheet for the terminal and the page."""

from collections.abc import Iterable, Iterator

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.reading import load_sources
from cicatrix.evidence.trial_rows import KindRow, ReviewRow, Study
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.asking import Evidence
from cicatrix.outcomes.contrasts import Contrast
from cicatrix.outcomes.harms import PIH, HarmPool
from cicatrix.outcomes.words import flag_words, treatments

__all__ = [
    "by_pair",
    "contrast_words",
    "evidence_sheet",
    "flags_text",
    "pair_title",
    "study_name",
]

_METHOD = "cicatrix-design"
_ABSTRACT = "read almost only as abstracts; no clinician has checked it"
_NOT_ON_THE_SHEET = {"ranks-only", "needling-not-in-it"}
"""Rows of reviews that say nothing of an effect of needling: they stand in the JSON."""


def evidence_sheet(evidence: Evidence) -> Sheet:
    """The evidence as a sheet: compared within trials, not shown, harms, reviews."""
    return Sheet(
        title=f"What trials show: {evidence.indication.title}",
        answer=_answer(evidence),
        sections=tuple(
            part
            for part in (
                *_compared(evidence),
                _kinds(evidence),
                _gaps(evidence),
                _pih(evidence),
                _other_harms(evidence),
                _reviews(evidence),
                _unused(evidence),
            )
            if part.lines
        ),
    )


def by_pair(contrasts: Iterable[Contrast]) -> dict[tuple[str, str], list[Contrast]]:
    """Contrasts of the same two treatments together; those against needling first."""
    order = sorted(contrasts, key=lambda c: (c.second != "needling", c.first, c.second))
    found: dict[tuple[str, str], list[Contrast]] = {}
    for contrast in order:
        found.setdefault((contrast.first, contrast.second), []).append(contrast)
    return found


def pair_title(first: str, second: str) -> str:
    """Both treatments in words."""
    return f"{treatments()[first].title} against {treatments()[second].title}"


def study_name(key: str) -> str:
    """How a study is called: its source's title up to the colon."""
    return load_sources()[key].title.split(":")[0]


def flags_text(flags: Iterable[str]) -> str:
    """What may be wrong with a row, in words."""
    return "; ".join(flag_words()[flag] for flag in flags)


def contrast_words(contrast: Contrast) -> str:
    """What one trial showed of its two arms, in one line."""
    said = {
        "first better": f"authors: {_short(contrast.first)} better",
        "second better": f"authors: {_short(contrast.second)} better",
        "no difference": "authors: no difference shown",
        "scales disagree": "authors: better on one scale, not on another",
        "": "authors' verdict not seen",
    }[contrast.verdict]
    parts = [said + (f" (p {_p(contrast.p)})" if contrast.p else "")]
    if contrast.better is not None:
        parts.append(
            f"{_short(contrast.first)} did better in {100 * contrast.better:.0f} % of "
            f"pairs of persons ({100 * (contrast.low or 0):.0f} to "
            f"{100 * (contrast.high or 0):.0f} %): {contrast.numbers}"
        )
    return "; ".join([*parts, _design(contrast)])


def _short(treatment: str) -> str:
    return treatments()[treatment].title.split(" (")[0]


def _p(text: str) -> str:
    return text if text[0] in "<>" else f"= {text}"


def _design(contrast: Contrast) -> str:
    study, persons = contrast.study, contrast.persons
    told = [str(n) if n is not None else "not told" for n in persons]
    if study.structure in ("split-face", "split-body"):
        size = f"{told[0]} persons, {study.structure}" if persons[0] else "split sides"
    else:
        size = f"{told[0]} and {told[1]} persons" if any(persons) else "sizes not told"
    return f"{size}, {_how(study)}"


def _how(study: Study) -> str:
    if study.randomised is None and study.blinded is None:
        return "randomisation and blinding not told"
    randomised = {
        True: "randomised",
        False: "not randomised",
        None: "randomisation not told",
    }
    blinded = {True: "assessor blinded", False: "open", None: "blinding not told"}
    return f"{randomised[study.randomised]}, {blinded[study.blinded]}"


def _answer(evidence: Evidence) -> Line:
    studies = evidence.study_keys()
    if not studies:
        return Line(
            text="No study of this indication was seen.",
            note="Nothing seen is not the same as nothing known.",
        )
    compared = {c.study.key for c in evidence.contrasts}
    blinded = {
        c.study.key
        for c in evidence.contrasts
        if c.study.blinded and c.study.randomised
    }
    return Line(
        text=(
            f"{len(studies)} studies seen; {len(compared)} compare treatments, "
            f"{len(blinded)} of these randomised with a blinded assessor. How much a "
            "treatment improves is not comparable between studies: only arms of one "
            "study stand beside each other here."
        ),
        origin=Origin.COMPUTED,
        sources=(_METHOD,),
        note=_ABSTRACT + _wider(evidence),
    )


def _wider(evidence: Evidence) -> str:
    """That studies of a wider indication are shown, where they are."""
    wider = evidence.asked_as[-1]
    if wider == evidence.indication.id:
        return ""
    return f"; the studies are those of {indications()[wider].title}"


def _compared(evidence: Evidence) -> Iterator[Section]:
    """One section for each pair of treatments; the first tells how to read them."""
    lead = (
        "The share is of all pairs of one person from each arm; half means no "
        "difference. Where a study prints no spread, one is assumed; sides of one "
        "face are taken as if they were two persons, which makes it look less sure."
    )
    for (first, second), group in by_pair(evidence.contrasts).items():
        yield Section(
            title=f"Within one trial: {pair_title(first, second)}",
            lead=lead,
            lines=tuple(
                Line(
                    label=study_name(contrast.study.key),
                    text=contrast_words(contrast),
                    origin=Origin.FACT,
                    sources=(contrast.study.key,),
                    note=flags_text(contrast.flags),
                )
                for contrast in group
            ),
        )
        lead = ""


def _kinds(evidence: Evidence) -> Section:
    """Kinds of scar beside each other, arm by arm."""
    by_arm: dict[str, list[KindRow]] = {}
    for row in evidence.kinds:
        by_arm.setdefault(row.arm.key, []).append(row)
    return Section(
        title="Kinds of scar within one arm",
        lead="Mean improvement as printed; how many scars of each kind is not told.",
        lines=tuple(
            Line(
                label=study_name(group[0].arm.study.key),
                text=f"{treatments()[group[0].arm.treatment].title}: "
                + ", ".join(f"{row.kind} {row.percent_mean:g} %" for row in group),
                origin=Origin.FACT,
                sources=(group[0].arm.study.key,),
            )
            for group in by_arm.values()
        ),
    )


def _gaps(evidence: Evidence) -> Section:
    return Section(
        title="Not shown",
        lines=tuple(
            Line(text=text, origin=Origin.FACT, sources=sources)
            for text, sources in evidence.gaps
        ),
    )


def _pih(evidence: Evidence) -> Section:
    own = [pool for pool in evidence.harms if pool.harm == PIH]
    missing = {pool.treatment for pool in own}
    other = [
        pool
        for pool in evidence.harms_elsewhere
        if pool.harm == PIH and pool.treatment not in missing
    ]
    return Section(
        title="Dark marks afterwards (PIH)",
        lead=(
            "Counts added up over arms that state them; arms that stay silent are "
            "missing, so the level may be off either way."
        ),
        lines=(
            *(_harm_line(pool, "") for pool in own),
            *(_harm_line(pool, " (other indications)") for pool in other),
        ),
    )


def _harm_line(pool: HarmPool, where: str) -> Line:
    types = sorted(
        {c.arm.study.skin_types for c in pool.arms if c.arm.study.skin_types}
    )
    told = f"; skin types {', '.join(types)} where told" if types else ""
    arms = "arm" if len(pool.arms) == 1 else "arms"
    return Line(
        label=treatments()[pool.treatment].title + where,
        text=(
            f"{pool.count} of {pool.of}, {100 * pool.count / pool.of:.1f} % "
            f"({100 * pool.low:.1f} to {100 * pool.high:.1f} %), {len(pool.arms)} "
            f"{arms}{told}"
        ),
        origin=Origin.FACT,
        sources=tuple(dict.fromkeys(c.arm.study.key for c in pool.arms)),
        note=flags_text(dict.fromkeys(f for c in pool.arms for f in c.arm.study.flags)),
    )


def _other_harms(evidence: Evidence) -> Section:
    return Section(
        title="Other harms with a count",
        lines=tuple(
            Line(
                label=f"{pool.harm.replace('-', ' ')}, "
                f"{treatments()[pool.treatment].title}",
                text=(
                    f"{pool.count} of {pool.of} ({100 * pool.low:.1f} to "
                    f"{100 * pool.high:.1f} %)"
                ),
                origin=Origin.FACT,
                sources=tuple(dict.fromkeys(c.arm.study.key for c in pool.arms)),
            )
            for pool in evidence.harms
            if pool.harm != PIH
        ),
    )


def _reviews(evidence: Evidence) -> Section:
    shown = [r for r in evidence.reviews if not _NOT_ON_THE_SHEET & set(r.flags)]
    return Section(
        title="Reviews, apart",
        lead=(
            "They contain many of the trials above, so they are never added to them. "
            "Where they contradict each other, both stand here."
        ),
        lines=tuple(_review_line(row) for row in shown),
    )


def _review_line(row: ReviewRow) -> Line:
    return Line(
        label=row.comparison,
        text=f"{row.outcome}: {review_result(row)}",
        origin=Origin.FACT,
        sources=(row.key,),
        note=flags_text(row.flags),
    )


def review_result(row: ReviewRow) -> str:
    """The pooled result of a review's row, in words."""
    parts = []
    if row.estimate is not None:
        ends = "" if row.low is None else f" ({row.low:g} to {row.high:g})"
        parts.append(f"{row.measure} {row.estimate:g}{ends}")
    elif row.low is not None:
        parts.append(f"{row.low:g} to {row.high:g}")
    if row.p:
        parts.append(f"p {_p(row.p)}")
    if row.reading:
        parts.append(row.reading)
    return "; ".join(parts) or "no number in the text seen"


def _unused(evidence: Evidence) -> Section:
    return Section(title="Kept, but in no number", lines=tuple(_unpooled(evidence)))


def _unpooled(evidence: Evidence) -> Iterator[Line]:
    seen = set()
    for arm in evidence.arms:
        if not arm.pooled and arm.study.key not in seen:
            seen.add(arm.study.key)
            yield Line(
                text=flags_text(arm.study.flags),
                origin=Origin.FACT,
                sources=(arm.study.key,),
            )
