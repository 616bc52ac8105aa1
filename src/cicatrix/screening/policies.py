"""Which policy a clinic follows where sources disagree: a setting on record."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form, nearest, read_form
from cicatrix.screening.rules import Rule, rules
from cicatrix.screening.value import PolicyChoices

__all__ = ["CAUTIOUS", "disputed", "policies_from_form", "read_policies"]

CAUTIOUS = PolicyChoices(by_rule=MappingProxyType({}))
"""No choice on record: the cautious policy everywhere."""


def disputed() -> dict[str, Rule]:
    """Rules on which sources disagree, by id."""
    return {name: rule for name, rule in rules().items() if rule.policies}


def read_policies(path: Path) -> PolicyChoices:
    """The clinic's policies: a TOML file with a table `policy`.

    Raises
    ------
    InputInvalid
        The file cannot be read, holds anything else, or its table is at fault.
    """
    form = read_form(path, what="list of policies")
    form.only(["policy"])
    form.needs("policy")
    return policies_from_form(form.table("policy"))


def policies_from_form(
    form: Form | None, *, clinic: PolicyChoices | None = None
) -> PolicyChoices:
    """The choices of a table `policy`, joined with the clinic's own.

    Raises
    ------
    InputInvalid
        A rule or a policy is unknown, nobody says who chose it and when, or the table
        contradicts the clinic's file.
    """
    base = clinic or CAUTIOUS
    if form is None:
        return base
    form.only(("chosen_by", "chosen_on", *disputed()))
    chosen = {
        name: _chosen(form, rule)
        for name, rule in disputed().items()
        if name in form.fields
    }
    by, on = form.text("chosen_by"), form.day("chosen_on")
    if chosen and (by is None or on is None):
        raise InputInvalid(
            f"{form.at}: a policy other than the default must be on record. Add "
            "chosen_by = “…” and chosen_on = the day."
        )
    for name, policy in chosen.items():
        if base.by_rule.get(name, policy) != policy:
            raise InputInvalid(
                f"{form.at}: {name} = “{policy}”, but the clinic chose "
                f"“{base.by_rule[name]}”. Keep one of them."
            )
    if not chosen:
        return base
    return _joined(base, chosen, by=by or "", on=on)


def _joined(
    base: PolicyChoices, chosen: dict[str, str], *, by: str, on: date | None
) -> PolicyChoices:
    """Both records; where two people chose, both are told, with the later day."""
    names = [name for name in dict.fromkeys((base.chosen_by, by)) if name]
    days = [day for day in (base.chosen_on, on) if day is not None]
    return PolicyChoices(
        by_rule=MappingProxyType({**base.by_rule, **chosen}),
        chosen_by=" and ".join(names),
        chosen_on=max(days) if days else None,
    )


def _chosen(form: Form, rule: Rule) -> str:
    names = [policy.name for policy in rule.policies]
    value = form.text(rule.id) or ""
    if value not in names:
        raise InputInvalid(
            f"{form.at}, {rule.id} ({rule.title}): “{value}” is not one of "
            f"{', '.join(names)}.{nearest(value, names)} Choose one of these."
        )
    return value
