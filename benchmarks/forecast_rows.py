"""Rows of trials as observations of a latent improvement, each in its own likelihood.

Every arm is used once: by its grades before and after, else by percent intervals, grade
drops, mean improvement, responders, or grades of the study's own.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cicatrix.evidence.trial_rows import Arm, arms, kind_rows
from cicatrix.outcomes.words import treatments

INDICATIONS = (
    *("acne-scar", "striae", "hypertrophic-scar", "burn-scar", "surgical-scar"),
    "traumatic-scar",
)
"""Those with data; keloids are read with hypertrophic scars, as their one study did."""

SUBTYPES = ("ice-pick", "boxcar", "rolling")
DEFAULT_SESSIONS, DEFAULT_INTERVAL_WEEKS, DEFAULT_WEEKS_AFTER = 4, 4.0, 12.0
"""Where a row does not tell: the medians of those that do."""

GRADES_TO_LOSE = 2.2
"""Grades above the floor at the start, where only the drop is told: trials begin near 3.2."""

_OWN_CENTRES = {"any": (8.0, 5.0), "own": (35.0, 15.0), "label": (50.0, 12.0)}
_BEST_FIRST = ("excellent", "marked", "good", "fair", "moderate", "mild", "minimal")


@dataclass(frozen=True, slots=True)
class Cut:
    """A border between grades on the scale of percent improvement.

    A fixed one has only `at`; one of Goodman and Baron's grades moves by `per_grade`
    times how readily raters drop a grade; one of a study's own is uncertain by `sd`.
    One that stands `above` another lies `at` points over it, more or less by a factor.
    """

    at: float
    per_grade: float = 0.0
    sd: float = 0.0
    study: int = -1
    above: int = -1


@dataclass
class Rows:
    """Everything that the model reads, as lists; `arrays()` freezes them."""

    arms: list[Arm] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    cells: list[tuple[int, int, int, float]] = field(default_factory=list)
    means: list[tuple[int, float, float, bool]] = field(default_factory=list)
    contrasts: list[tuple[int, int, float, float]] = field(default_factory=list)
    kinds: list[tuple[int, int, float, float]] = field(default_factory=list)
    how: dict[str, str] = field(default_factory=dict)

    def arm(self, arm: Arm) -> int:
        """The number of an arm; it is added if it is new."""
        if arm not in self.arms:
            self.arms.append(arm)
        return self.arms.index(arm)

    def cut(self, cut: Cut) -> int:
        """The number of a border; equal ones are shared within a study."""
        if cut not in self.cuts:
            self.cuts.append(cut)
        return self.cuts.index(cut)


_LOWEST, _HIGHEST = Cut(-1e4), Cut(1e4)


def rows_of_trials() -> Rows:
    """The observations of every study of scars or stretch marks that can be used."""
    rows = Rows()
    by_study: dict[str, list[Arm]] = {}
    for arm in arms():
        if set(arm.study.indications) & set(INDICATIONS) and arm.pooled:
            by_study.setdefault(arm.study.key, []).append(arm)
    for number, group in enumerate(by_study.values()):
        _add_study(rows, group, number)
    _add_kinds(rows)
    return rows


def _add_study(rows: Rows, group: list[Arm], number: int) -> None:
    for arm in group:
        used = (
            _transitions(rows, arm)
            or _percent_cells(rows, arm)
            or _grade_drops(rows, arm)
            or _mean(rows, arm)
            or _responders(rows, arm, number)
        )
        if not used and len(group) > 1:
            used = _labels(rows, arm, number)
        if used:
            rows.how[arm.key] = used
    _spread_contrast(rows, group)


def _weight(arm: Arm) -> float:
    """Two sides of one person count as 1 / (1 + 0.5) persons each."""
    return 1 / 1.5 if arm.study.structure in ("split-face", "split-body") else 1.0


def _cell(rows: Rows, arm: Arm, low: Cut, high: Cut, count: float) -> None:
    if count:
        place = rows.arm(arm), rows.cut(low), rows.cut(high)
        rows.cells.append((*place, count * _weight(arm)))


def _drop_cut(drop: int, to_lose: float) -> Cut:
    """The least improvement that a rater calls so many grades."""
    if drop <= 0:
        return _LOWEST
    return Cut(100 * (drop - 0.5) / to_lose, per_grade=100 / to_lose)


def _transitions(rows: Rows, arm: Arm) -> str:
    if arm.words["counts_kind"] != "grade-transition":
        return ""
    for name, count in arm.counts().items():
        start, end = name.split("->")
        if end == "improved":
            _cell(rows, arm, _drop_cut(1, int(start) - 1), _HIGHEST, count)
            continue
        drop, to_lose = int(start) - max(int(end), 1), int(start) - 1
        high = _drop_cut(drop + 1, to_lose) if drop < to_lose else _HIGHEST
        _cell(rows, arm, _drop_cut(drop, to_lose), high, count)
    return "grades before and after"


def _percent_cells(rows: Rows, arm: Arm) -> str:
    counts = arm.counts()
    if set(counts) == {"marked-excellent", "minimal-moderate"}:
        counts = {
            "(50,100]": counts["marked-excellent"],
            "[0,50]": counts["minimal-moderate"],
        }
    if not counts or not all(name[0] in "([" for name in counts):
        return ""
    for name, count in counts.items():
        low, high = (float(end) for end in name[1:-1].split(","))
        ends = Cut(low) if low > 0 else _LOWEST, Cut(high) if high < 100 else _HIGHEST
        _cell(rows, arm, *ends, count)
    return "percent intervals"


def _grade_drops(rows: Rows, arm: Arm) -> str:
    if arm.words["counts_kind"] != "grade-drop":
        return ""
    most = max(int(name) for name in arm.counts())
    for name, count in arm.counts().items():
        high = (
            _HIGHEST if int(name) == most else _drop_cut(int(name) + 1, GRADES_TO_LOSE)
        )
        _cell(rows, arm, _drop_cut(int(name), GRADES_TO_LOSE), high, count)
    return "grade drops"


def _mean(rows: Rows, arm: Arm) -> str:
    value, derived = _mean_percent(arm)
    n = arm.number("n")
    if value is None or n is None:
        return ""
    rows.means.append((rows.arm(arm), value, n * _weight(arm), derived))
    return "mean, derived" if derived else "mean"


def _mean_percent(arm: Arm) -> tuple[float | None, bool]:
    """Mean improvement in percent, and whether it was computed from a scale.

    The floor of Goodman and Baron's grades is 1, so the part that can be lost is what
    lies above it.
    """
    if {"instrumental", "percent-ambiguous"} & set(arm.study.flags):
        return None, False
    start, end = arm.number("baseline_mean"), arm.number("final_mean")
    if arm.words["scale"].startswith("Goodman-Baron qualitative") and start and end:
        return 100 * (start - end) / (start - 1), True
    if "medians" in arm.study.flags and start and end is not None:
        return 100 * (start - end) / start, True
    kind = arm.words["percent_kind"]
    if kind in ("reported", "from-means", "from-vas"):
        return arm.number("percent_mean"), kind != "reported"
    return None, False


def _responders(rows: Rows, arm: Arm, number: int) -> str:
    border = arm.words["responder_from"]
    count, of = arm.number("responders"), arm.number("responders_of")
    share, n = arm.number("responders_percent"), arm.number("n")
    if border in ("", "histology"):
        return ""
    if count is None and "imputed" in arm.study.flags and share and n:
        count, of = share / 100 * n / 2, n / 2  # filled in: worth half as many
    if count is None or of is None:
        return ""
    if border.startswith("grade>="):
        cut = _drop_cut(int(border[-1]), GRADES_TO_LOSE)
    elif border in _OWN_CENTRES:
        centre, sd = _OWN_CENTRES[border]
        cut = Cut(centre, sd=sd, study=number)
    else:
        cut = Cut(float(border))
    _cell(rows, arm, cut, _HIGHEST, count)
    _cell(rows, arm, _LOWEST, cut, of - count)
    return "responders"


def _labels(rows: Rows, arm: Arm, number: int) -> str:
    """Grades whose borders are the study's own: they speak of its arms' difference."""
    counts = arm.counts()
    if not counts or arm.words["counts_kind"] not in ("labels", "quartile-labels"):
        return ""
    rank = {name: place for place, name in enumerate(_BEST_FIRST)}
    names = sorted(
        counts, key=lambda name: rank.get(name, len(rank) + (name == "none"))
    )
    middle = [100 * (1 - (k + 1) / len(names)) for k in range(len(names) - 1)]
    if names == ["moderate", "poor"]:
        middle = [25.0]  # printed as near nothing, yet the first of two grades
    borders = [Cut(middle[-1], sd=12.0, study=number)]
    for lower, upper in pairwise(reversed(middle)):
        below = rows.cut(borders[0])
        borders.insert(0, Cut(upper - lower, study=number, above=below))
    highs = [_HIGHEST, *borders]
    lows = [*borders, _LOWEST]
    for name, low, high in zip(names, lows, highs, strict=True):
        _cell(rows, arm, low, high, counts[name])
    return "grades of its own"


def _spread_contrast(rows: Rows, group: list[Arm]) -> None:
    """Two arms told only by means with spreads: their difference over the spread."""
    if len(group) != 2 or any(arm.key in rows.how for arm in group):
        return
    found = [_spread(arm) for arm in group]
    if None in found or "spread-may-be-standard-error" in group[0].study.flags:
        return
    (a, s, n), (b, t, m) = (f for f in found if f is not None)
    final = group[0].number("final_mean") is not None
    sign = -1 if final and group[0].words["better"] == "lower" else 1
    difference = sign * (a - b) / np.sqrt((s * s + t * t) / 2)
    place = rows.arm(group[0]), rows.arm(group[1])
    rows.contrasts.append((*place, float(difference), float(np.sqrt(1 / n + 1 / m))))
    rows.how.update({arm.key: "difference over spread" for arm in group})


def _spread(arm: Arm) -> tuple[float, float, float] | None:
    n = arm.number("n")
    if n is None:
        return None
    low, high = arm.number("change_low"), arm.number("change_high")
    for name in ("change", "final"):
        mean, sd = arm.number(f"{name}_mean"), arm.number(f"{name}_sd")
        if mean is not None and sd is None and low is not None and high is not None:
            sd = (high - low) / 3.92 * float(np.sqrt(n))
        if mean is not None and sd is not None:
            return mean, sd, n
    return None


def _add_kinds(rows: Rows) -> None:
    """Improvement by kind of scar: each rests on about a third of the persons."""
    for row in kind_rows():
        n = (row.arm.number("n") or 30) * _weight(row.arm) / 3
        place = rows.arm(row.arm), SUBTYPES.index(row.kind)
        rows.kinds.append((*place, row.percent_mean, n))


@dataclass(frozen=True)
class Design:
    """What the model knows of each arm."""

    study: np.ndarray
    indication: np.ndarray
    parts: np.ndarray
    kinds: np.ndarray
    sessions: np.ndarray
    interval_weeks: np.ndarray
    weeks_after: np.ndarray
    single: np.ndarray
    open_label: np.ndarray
    control: np.ndarray
    derived: np.ndarray
    pair: np.ndarray
    study_keys: tuple[str, ...]
    part_names: tuple[str, ...]
    families: tuple[str, ...]
    pair_names: tuple[tuple[str, str], ...]


def _indication(arm: Arm) -> str:
    return next(name for name in arm.study.indications if name in INDICATIONS)


def design_of(rows: Rows) -> Design:
    """The arms as arrays; parts are those of any treatment but needling itself."""
    known = treatments()
    part_names = tuple(
        dict.fromkeys(p for t in known.values() for p in t.parts if p != "needling")
    )
    families = {p: _family(p, known) for p in part_names}
    study_keys = tuple(dict.fromkeys(arm.study.key for arm in rows.arms))
    pairs = tuple(
        dict.fromkeys(
            (_indication(a), a.treatment)
            for a in rows.arms
            if _indication(a) != "acne-scar" and a.treatment != "untreated"
        )
    )

    def each(value):
        return np.array([value(arm) for arm in rows.arms])

    means = {place: derived for place, _, _, derived in rows.means}
    return Design(
        study=each(lambda a: study_keys.index(a.study.key)),
        indication=each(lambda a: INDICATIONS.index(_indication(a))),
        parts=each(
            lambda a: [float(p in known[a.treatment].parts) for p in part_names]
        ),
        kinds=each(_kind_shares),
        sessions=each(lambda a: round(a.number("sessions") or DEFAULT_SESSIONS)),
        interval_weeks=each(
            lambda a: a.number("interval_weeks") or DEFAULT_INTERVAL_WEEKS
        ),
        weeks_after=each(_weeks_after),
        single=each(lambda a: float(a.study.structure == "single-arm")),
        open_label=each(lambda a: float(a.study.blinded is not True)),
        control=each(lambda a: float(a.treatment == "untreated")),
        derived=np.array([float(means.get(i, False)) for i in range(len(rows.arms))]),
        pair=each(
            lambda a: (
                pairs.index(p) if (p := (_indication(a), a.treatment)) in pairs else -1
            )
        ),
        study_keys=study_keys,
        part_names=part_names,
        families=tuple(families[p] for p in part_names),
        pair_names=pairs,
    )


def _family(part: str, known) -> str:
    if part.startswith("+"):
        return "addition"
    return next(t.family for t in known.values() if part in t.parts)


def _weeks_after(arm: Arm) -> float:
    weeks = arm.number("weeks_after_last")
    return DEFAULT_WEEKS_AFTER if weeks is None else weeks


def _kind_shares(arm: Arm) -> list[float]:
    """Shares of the kinds of scar, where a study treats some only; CROSS is for pits."""
    own = [kind for kind in SUBTYPES if kind in arm.study.subtypes]
    if not own or len(own) == len(SUBTYPES) or arm.treatment == "tca-cross":
        return [0.0] * len(SUBTYPES)
    return [float(kind in own) / len(own) for kind in SUBTYPES]
