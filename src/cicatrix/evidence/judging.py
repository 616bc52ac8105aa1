"""When a photograph after a session may be judged."""

from dataclasses import dataclass

from cicatrix.evidence.reading import load_facts

__all__ = ["RednessWindow", "judge_after_days", "redness_window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RednessWindow:
    """Days after a session in which its own redness hides the scar.

    Past `usual_days` redness has mostly gone, past `longest_days` it should have;
    after deep needling it may take `deep_needling_days`.
    """

    usual_days: int
    longest_days: int
    deep_needling_days: int


def redness_window() -> RednessWindow:
    """How long redness after microneedling hides the result; see `judging.toml`.

    Examples
    --------
    >>> redness_window().longest_days
    7
    """
    facts = load_facts("judging.toml")
    return RednessWindow(
        usual_days=round(facts["redness_usual_days"].value),
        longest_days=round(facts["redness_longest_days"].value),
        deep_needling_days=round(facts["redness_deep_needling_days"].value),
    )


def judge_after_days() -> int:
    """Days after the last session before its final result is judged; `judging.toml`.

    Examples
    --------
    >>> judge_after_days()
    91
    """
    return round(load_facts("judging.toml")["result_judged_after_days"].value)
