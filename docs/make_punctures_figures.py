"""Draw docs/_static/punctures-*.svg and fill the tables of docs/explanation/punctures.md.

Run as python docs/make_punctures_figures.py: maps, and tables between the marks of the page.
"""

from dataclasses import replace
from pathlib import Path

from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.device import Device, Handling, Stamp
from cicatrix.punctures.field import (
    PunctureField,
    Sampling,
    expected_density_per_cm2,
    puncture_field,
    puncture_map,
)
from cicatrix.report.puncture_map import map_svg

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "explanation" / "punctures.md"
AIM_PER_CM2 = 250.0
AREA_CM2, SECONDS, SPEED_CM_S = 100.0, 500.0, 2.0
DRAWN = Sampling(patch_cm2=0.64, seed=1)
SAMPLING = Sampling(patches=200, seed=1)
PEN = device_asked("pen", {"needles": 12, "rate_hz": 100})
ROLLER = device_asked("dermaroller-mf8", {})
SHALLOW = device_asked("dermaroller-mf8", {"penetrated_mm": 0.3})

Treatments = dict[str, tuple[Device, Handling]]


def fast_pen(passes: int) -> tuple[Device, Handling]:
    """A pen moved so fast that it leaves only `AIM_PER_CM2`."""
    handling = Handling(passes=passes, speed_cm_s=SPEED_CM_S)
    found = expected_density_per_cm2(PEN, handling)
    return PEN, replace(handling, speed_cm_s=SPEED_CM_S * found / AIM_PER_CM2)


def at_equal_density() -> Treatments:
    """About `AIM_PER_CM2` each."""
    stamp = Stamp(needles=round(AIM_PER_CM2 / 4), field_mm=10)
    return {
        "pen, 12 needles, 4 passes": fast_pen(4),
        "pen, 12 needles, 1 pass": fast_pen(1),
        "roller MF8, 16 passes": (ROLLER, Handling(passes=16)),
        "the same, a fifth of the needle in": (SHALLOW, Handling(passes=16)),
        "stamp, 62 needles, 4 passes": (stamp, Handling(passes=4)),
    }


def in_equal_time() -> Treatments:
    """Both at `SPEED_CM_S` for `SECONDS` on `AREA_CM2`."""
    found = {}
    for name, device in (("pen, 12 needles", PEN), ("roller MF8", ROLLER)):
        swept_cm2 = SECONDS * SPEED_CM_S * device.width_mm / 10
        passes = round(swept_cm2 / AREA_CM2)
        handling = Handling(passes=passes, speed_cm_s=SPEED_CM_S)
        found[f"{name}, {passes} passes"] = (device, handling)
    return found


def changed_assumptions() -> Treatments:
    """One pass of the pen with one assumption changed."""
    one = Handling(speed_cm_s=SPEED_CM_S)
    return {
        "as assumed": (PEN, one),
        "needle field 2 mm": (replace(PEN, field_mm=2), one),
        "needle field 8 mm": (replace(PEN, field_mm=8), one),
        "one ring": (replace(PEN, rings=1), one),
        "no unsteadiness of the hand": (PEN, replace(one, jitter_mm=0)),
        "unsteadiness 0.3 mm": (PEN, replace(one, jitter_mm=0.3)),
        "tracks placed exactly": (PEN, replace(one, placing_mm=0)),
        "tracks placed to 2 mm": (PEN, replace(one, placing_mm=2)),
        "tip does not turn": (PEN, replace(one, rotation_deg=0)),
        "tip turns by 45°": (PEN, replace(one, rotation_deg=45)),
    }


def row(name: str, found: PunctureField) -> str:
    """One line of a table."""
    skin = found.distances.from_skin_quantiles_mm[-1]
    cells = (
        name,
        f"{found.handling.speed_cm_s:.0f}" if found.device.kind == "pen" else "any",
        f"{found.per_cm2.mean:.0f} ± {found.per_cm2.patch_sd:.0f}",
        f"{found.evenness.mean:.2f}",
        f"{found.variance_to_mean:.2f}",
        f"{100 * found.within[1].mean:.1f} %",
        f"{skin:.2f}",
        f"{100 * found.wounded.mean:.2f} %",
        f"{100 * found.distances.overlapping.mean:.0f} %",
        f"{found.entry.slit_mm:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def table(title: str, treatments: Treatments) -> str:
    """What the treatments leave."""
    heads = (
        *(title, "cm/s", "per cm² ± patch", "evenness", "variance ÷ mean"),
        *("within 0.25 mm", "95 % of skin within, mm", "wounded"),
        *("touching another", "longest slit, mm"),
    )
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for name, (device, handling) in treatments.items():
        found = puncture_field(device, handling=handling, sampling=SAMPLING)
        lines.append(row(name, found))
    return "\n".join(lines)


def filled(page: str, mark: str, text: str) -> str:
    """The page with `text` between two marks."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = page.split(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"


def main() -> None:
    """Write maps and tables."""
    drawn = {"pen": "pen, 12 needles, 1 pass", "roller": "roller MF8, 16 passes"}
    for short, name in drawn.items():
        device, handling = at_equal_density()[name]
        target = DOCS / "_static" / f"punctures-{short}.svg"
        field = puncture_map(device, handling=handling, sampling=DRAWN)
        title = f"{name}, {handling.speed_cm_s:.0f} cm/s"
        target.write_text(map_svg(field, title=title) + "\n", encoding="utf-8")
        print(target.relative_to(DOCS.parent))
    equal_time = f"{SECONDS:.0f} s on {AREA_CM2:.0f} cm²"
    tables = "\n\n".join(
        (
            table(f"about {AIM_PER_CM2:.0f} per cm²", at_equal_density()),
            table(equal_time, in_equal_time()),
        )
    )
    page = filled(PAGE.read_text(encoding="utf-8"), "tables", tables)
    page = filled(page, "assumptions", table("pen", changed_assumptions()))
    PAGE.write_text(page, encoding="utf-8")
    print(PAGE.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
