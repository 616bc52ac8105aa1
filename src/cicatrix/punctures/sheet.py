"""A simulated treatment as a sheet for the terminal and the page."""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.punctures.device import PER_CM2, Pen, Roller
from cicatrix.punctures.duration import Duration
from cicatrix.punctures.estimate import Estimate
from cicatrix.punctures.expected import (
    random_coverage,
    random_nearest_mm,
    random_overlap,
)
from cicatrix.punctures.field import PunctureField
from cicatrix.punctures.needles import assumption, device_row, measured

__all__ = ["counted", "puncture_sheet"]

_METHOD = "cicatrix-design"


def puncture_sheet(field: PunctureField, *, duration: Duration | None = None) -> Sheet:
    """The field as a sheet; `duration` where the area to be treated was told."""
    parts = (
        Section(title="Asked", lines=tuple(_asked(field))),
        Section(
            title="In the skin",
            lead="Means over patches of skin, in brackets how sure the mean is.",
            lines=tuple(_found(field)),
        ),
        Section(title="Evenness", lines=tuple(_evenness(field))),
        Section(title="How a needle enters", lines=tuple(_entry(field))),
        Section(title="Time", lines=tuple(_time(duration))),
        Section(title="Told by sources", lines=(*_told(field), *_published(field))),
        Section(
            title="Assumed",
            lead="No source tells these; every one can be changed.",
            lines=tuple(_assumed(field)),
        ),
        Section(title="What it is not", lines=tuple(_limits())),
    )
    return Sheet(
        title=f"Punctures of a {field.device.kind}, simulated",
        answer=_answer(field),
        sections=tuple(part for part in parts if part.lines),
    )


def _computed(label: str, text: str, *, note: str = "", channel: bool = False) -> Line:
    sources = (*_channel_sources(), _METHOD) if channel else (_METHOD,)
    return Line(
        label=label, text=text, note=note, origin=Origin.COMPUTED, sources=sources
    )


def _channel_sources() -> tuple[str, ...]:
    return measured("channel-diameter").backing.sources


def _answer(field: PunctureField) -> Line:
    near = ""
    if field.within:
        near = (
            f"{_percent(field.within[0].mean)} of the skin lies within "
            f"{field.sampling.within_mm[0]:g} mm of one, "
        )
    return _computed(
        "",
        f"About {_rounded(field.per_cm2.mean)} punctures per cm²: {near}"
        f"{_percent(field.wounded.mean)} of it is wounded.",
        channel=field.sampling.channel_um is None,
    )


def _asked(field: PunctureField) -> Iterator[Line]:
    device, handling = field.device, field.handling
    said = f"{device.kind}, {counted(device.needles, 'needle')}"
    if isinstance(device, Pen):
        said += f", {device.rate_hz:g} strokes a second"
    if isinstance(device, Roller):
        said += f" in {counted(device.rows, 'row')}, {device.needle_mm:g} mm long"
    yield Line(label="device", text=said, origin=Origin.ASKED)
    used = dict.fromkeys(handling.pass_directions_deg())
    directions = ", ".join(f"{each:g}°" for each in used)
    yield Line(
        label="hand",
        text=f"{handling.speed_cm_s:g} cm/s, {counted(handling.passes, 'pass')} along "
        f"{directions}, {_percent(handling.overlap_fraction)} overlap of tracks",
        origin=Origin.ASKED,
    )
    yield Line(
        label="simulated",
        text=f"{field.sampling.patches} patches of {field.sampling.patch_cm2:g} cm², "
        f"{field.counted} punctures, seed {field.sampling.seed}",
        origin=Origin.ASKED,
    )


def _found(field: PunctureField) -> Iterator[Line]:
    density = field.per_cm2.mean / PER_CM2
    channel = field.sampling.channel_mm()
    measured_channel = field.sampling.channel_um is None
    yield _computed(
        "punctures per cm²",
        _interval(field.per_cm2, _rounded),
        note=f"from patch to patch ± {_rounded(field.per_cm2.patch_sd)}; the geometry "
        f"gives {_rounded(field.expected_per_cm2)}",
    )
    far = field.distances
    if isfinite(far.nearest_mm.mean) and density > 0:
        low, *_, high = far.nearest_quantiles_mm
        yield _computed(
            "nearest neighbour",
            f"{_interval(far.nearest_mm, _millimetres)} mm",
            note=f"nine in ten from {_millimetres(low)} to {_millimetres(high)} mm; "
            f"random punctures: {_millimetres(random_nearest_mm(density))} mm",
        )
        yield _computed(
            "touching another",
            _share(far.overlapping),
            note=f"channels of {1000 * channel:.3g} µm; random punctures: "
            f"{_percent(random_overlap(density, channel))}",
            channel=measured_channel,
        )
    for radius, share in zip(field.sampling.within_mm, field.within, strict=True):
        yield _computed(
            f"within {radius:g} mm",
            f"{_share(share)} of the skin",
            note=f"random punctures: {_percent(random_coverage(density, radius))}",
        )
    middle, farthest = far.from_skin_quantiles_mm[2], far.from_skin_quantiles_mm[-1]
    if isfinite(middle):
        yield _computed(
            "from skin to puncture",
            f"{_millimetres(middle)} mm for half of the skin, "
            f"{_millimetres(farthest)} mm or less for 95 % of it",
        )
    yield _computed(
        "wounded area",
        f"{_share(field.wounded)} of the skin",
        note=f"round channels of {1000 * channel:.3g} µm; random punctures: "
        f"{_percent(random_coverage(density, channel / 2))}",
        channel=measured_channel,
    )


def _evenness(field: PunctureField) -> Iterator[Line]:
    if isfinite(field.evenness.mean):
        yield _computed(
            "nearest distance",
            f"{_interval(field.evenness, _two)} of that of random punctures",
            note="1 is random, 2.15 a honeycomb, less than 1 clumped (Clark-Evans)",
        )
    if isfinite(field.variance_to_mean):
        yield _computed(
            "variance to mean",
            f"{field.variance_to_mean:.2f} in squares of {field.quadrat_mm:.2g} mm",
            note="1 is random, 0 perfectly even, more than 1 patchy",
        )


def _entry(field: PunctureField) -> Iterator[Line]:
    yield _computed(
        "angle", f"{field.entry.angle_deg:.0f}° from the perpendicular on entering"
    )
    yield _computed(
        "longest slit",
        f"{_millimetres(field.entry.slit_mm)} mm",
        note="if the skin did not move with the needle; skin that yields is torn less",
    )
    yield _computed(
        "wounded at most",
        f"{_percent(field.wounded_at_most)} of the skin",
        note="if every channel were such a slit and none met another",
        channel=field.sampling.channel_um is None,
    )


def _time(duration: Duration | None) -> Iterator[Line]:
    if duration is None:
        return
    yield _computed("punctures in all", _rounded(duration.punctures))
    if duration.seconds is not None:
        minutes = duration.seconds / 60
        yield _computed(
            "needles on the skin",
            f"{minutes:.1f} minutes" if minutes >= 1 else f"{duration.seconds:.0f} s",
            note=f"{duration.area_cm2:g} cm², without turning round or resting",
        )


def _told(field: PunctureField) -> Iterator[Line]:
    if field.device.model:
        row = device_row(field.device.model)
        yield Line(
            label=row.fields["title"],
            text=", ".join(_sizes(row.fields)),
            note=row.backing.note,
            origin=Origin.FACT,
            sources=row.backing.sources,
            support=row.backing.support.value,
        )
    told = ["channel-diameter"] if field.sampling.channel_um is None else []
    if field.device.kind == "roller":
        told += ["roller-density", "roller-penetration"]
    for name in told:
        row = measured(name)
        spread = f" ± {row.fields['sd']:g}" if "sd" in row.fields else ""
        yield Line(
            label=row.fields["title"],
            text=f"{row.fields['value']:g}{spread} {row.fields['unit']}",
            note=row.backing.note,
            origin=Origin.FACT,
            sources=row.backing.sources,
            support=row.backing.support.value,
        )


def _sizes(told: Mapping[str, Any]) -> Iterator[str]:
    """What a source told of a device, in words."""
    if "needles" in told:
        rows = f" in {told['rows']} rows" if "rows" in told else ""
        yield f"{told['needles']} needles{rows}"
    if "drum_diameter_mm" in told:
        yield f"drum of {told['drum_diameter_mm']} mm, {told['width_mm']} mm wide"
    for low, high, words in (
        ("length_low_mm", "length_high_mm", "mm long"),
        ("rate_low_hz", "rate_high_hz", "strokes a second"),
    ):
        least, most = told.get(low), told.get(high)
        if least is not None and most is not None:
            span = f"{least:g}" if least == most else f"{least:g} to {most:g}"
            yield f"{span} {words}"
        elif most is not None:
            yield f"up to {most:g} {words}"
        elif least is not None:
            yield f"{least:g} or more {words}"


def _published(field: PunctureField) -> Iterator[Line]:
    """The geometry of a roller beside the density that was published for one."""
    row = measured("roller-density")
    told = device_row(row.fields["device"]).fields
    device = field.device
    if not isinstance(device, Roller) or device.needles != told["needles"]:
        return
    published = row.fields["value"] / row.fields["passes"]
    own = field.expected_per_cm2 / field.handling.passes
    yield Line(
        label="a single pass",
        text=f"{own:.1f} per cm² here, {published:.1f} published",
        note="needles over the area of one turn of the drum; a turn of "
        f"{device.needles / published:.1f} cm² would give the published density",
        origin=Origin.COMPUTED,
        sources=row.backing.sources,
    )


def _assumed(field: PunctureField) -> Iterator[Line]:
    for name in field.assumed:
        row = assumption(name)
        yield Line(
            label=row.fields["title"],
            text=f"{row.fields['value']:g} {row.fields['unit']}".removesuffix(
                " fraction"
            ),
            note=row.backing.note,
            origin=Origin.COMPUTED,
            sources=row.backing.sources,
            support=row.backing.support.value,
        )


def _limits() -> Iterator[Line]:
    yield Line(
        text="A simulation of geometry: no skin was needled and no effect shown."
    )
    yield Line(text="It says nothing of how deep needles go, nor how skin heals.")


def _interval(found: Estimate, text: Callable[[float], str]) -> str:
    return f"{text(found.mean)} ({text(found.low)} to {text(found.high)})"


def _share(found: Estimate) -> str:
    """In percent, with digits enough to tell the ends of the interval apart."""
    width = 100 * (found.high - found.low)
    digits = 0 if width > 3 else 1 if width > 0.3 else 2
    mean, low, high = (
        f"{100 * part:.{digits}f}" for part in (found.mean, found.low, found.high)
    )
    return f"{mean} % ({low} to {high} %)"


def counted(number: int, word: str) -> str:
    """A number with its word.

    Examples
    --------
    >>> counted(1, "needle"), counted(12, "needle"), counted(4, "pass")
    ('1 needle', '12 needles', '4 passes')
    """
    if number == 1:
        return f"1 {word}"
    return f"{number} {word}es" if word.endswith("s") else f"{number} {word}s"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _millimetres(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def _percent(share: float) -> str:
    """Enough digits that a small share is not 0 % and a nearly full one not 100 %."""
    percent = 100 * share
    from_the_end = min(percent, 100 - percent)
    digits = 0 if from_the_end >= 10 or from_the_end <= 0 else 1 + (from_the_end < 1)
    return f"{percent:.{digits}f} %"


def _two(value: float) -> str:
    return f"{value:.2f}"
