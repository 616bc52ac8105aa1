"""What trials and reviews say of one indication."""

from dataclasses import dataclass

from cicatrix.errors import InputInvalid
from cicatrix.evidence.trial_rows import (
    Arm,
    KindRow,
    ReviewRow,
    arms,
    data_hash,
    kind_rows,
    review_rows,
)
from cicatrix.evidence.words_of_the_field import Indication, indications, lineage
from cicatrix.forms.reading import nearest
from cicatrix.outcomes.contrasts import Contrast, contrasts
from cicatrix.outcomes.harms import HarmPool, harm_pools
from cicatrix.outcomes.words import not_shown

__all__ = ["Evidence", "evidence_for", "known_indication"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen for an indication.

    `asked_as` are the indication and the wider ones whose studies are shown too;
    `contrasts` compare arms within a study, `kinds` kinds of scar within an arm; `harms` are those of these studies,
    `harms_elsewhere` those of every study for scars or stretch marks; `gaps` are
    statements of what is not shown, with their sources; `reviews` stand apart, because
    they hold many of these studies. `data_hash` names the state of the tables.
    """

    indication: Indication
    asked_as: tuple[str, ...]
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    kinds: tuple[KindRow, ...]
    harms: tuple[HarmPool, ...]
    harms_elsewhere: tuple[HarmPool, ...]
    gaps: tuple[tuple[str, tuple[str, ...]], ...]
    reviews: tuple[ReviewRow, ...]
    data_hash: str

    def study_keys(self) -> tuple[str, ...]:
        """The studies, each once, in the order of the tables."""
        return tuple(dict.fromkeys(arm.study.key for arm in self.arms))


def known_indication(name: str) -> Indication:
    """The indication of that id.

    Raises
    ------
    InputInvalid
        There is none; the message names the nearest one.
    """
    found = indications().get(name)
    if found is None:
        raise InputInvalid(
            f"“{name}” is no indication that is known here."
            f"{nearest(name, indications())} Choose one of "
            f"{', '.join(indications())}."
        )
    return found


def evidence_for(indication: str) -> Evidence:
    """Treatments compared within trials, harms, gaps and reviews for an indication.

    Parameters
    ----------
    indication
        An id of the vocabulary, e.g. “acne-scar”, “striae”, “burn-scar”.

    Returns
    -------
    Evidence
        Studies of the indication and of the wider ones that hold it. Levels of different
        studies are never compared.

    Raises
    ------
    InputInvalid
        The indication is not known.

    Examples
    --------
    >>> found = evidence_for("acne-scar")
    >>> {c.second for c in found.contrasts if c.first == "laser-co2"} >= {"needling"}
    True
    """
    asked = known_indication(indication)
    wanted = set(lineage(indication))
    own = tuple(arm for arm in arms() if wanted & set(arm.study.indications))
    return Evidence(
        indication=asked,
        asked_as=lineage(indication),
        arms=own,
        contrasts=contrasts(own),
        kinds=tuple(row for row in kind_rows() if row.arm in own),
        harms=harm_pools(own),
        harms_elsewhere=harm_pools(arms()),
        gaps=not_shown(lineage(indication)),
        reviews=tuple(
            row
            for row in review_rows()
            if "all" in row.indications or wanted & set(row.indications)
        ),
        data_hash=data_hash(),
    )
