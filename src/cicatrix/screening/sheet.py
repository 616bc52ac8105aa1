"""Screening and its questionnaire as sheets, to be read on a terminal or a page."""

from datetime import date

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.clinical import load_clinical
from cicatrix.screening.asking import Asked, questionnaire
from cicatrix.screening.value import (
    Figure,
    LabelAnswer,
    OpenQuestion,
    PolicyShown,
    Reason,
    Screening,
    Verdict,
)

__all__ = ["questionnaire_sheet", "screening_sheet"]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def screening_sheet(screening: Screening) -> Sheet:
    """The verdict, its reasons, what must be asked, and what the sources dispute."""
    sections = [
        _section("Why", [_reason_line(reason) for reason in screening.reasons]),
        _section(
            "Still to be asked, most decisive first",
            [_open_line(question) for question in screening.must_ask],
            lead="Unanswered is not “no”: each of these may change the verdict.",
        ),
        _section(
            "Where sources disagree",
            [_policy_line(policy) for policy in screening.policies],
            lead=_who_chose(screening),
        ),
        _section("Labels", [_label_line(label) for label in screening.labels]),
        _section(
            "Counts of harm for this skin type",
            _figure_lines(screening),
            lead="Single studies; their levels cannot be compared with each other.",
        ),
        _section("What this stands on", _frame_lines(screening)),
    ]
    return Sheet(
        title="Screening",
        answer=_answer(screening),
        sections=tuple(section for section in sections if section is not None),
    )


def _section(title: str, lines: list[Line], *, lead: str = "") -> Section | None:
    return Section(title=title, lines=tuple(lines), lead=lead) if lines else None


def _answer(screening: Screening) -> Line:
    deciding = [r for r in screening.reasons if r.verdict is screening.verdict]
    text = _VERDICT_WORDS[screening.verdict] + _until(screening)
    if deciding:
        text += f": {_joined([_lower(reason.title) for reason in deciding])}"
    text += "."
    if screening.must_ask and screening.verdict.rank > Verdict.NOT_CLEARED.rank:
        text += " Questions are open, and more may come up."
    elif screening.must_ask:
        text += f" First ask: {screening.must_ask[0].ask}"
    sources = tuple(dict.fromkeys(k for reason in deciding for k in reason.sources))
    sources = sources or (screening.must_ask[0].sources if screening.must_ask else ())
    origin = Origin.COMPUTED if sources else Origin.WORDS
    return Line(text=text, origin=origin, sources=sources)


_VERDICT_WORDS = {
    Verdict.PROCEED: "Proceed",
    Verdict.PRECAUTIONS: "Proceed with precautions",
    Verdict.NOT_CLEARED: "Cannot be cleared yet",
    Verdict.DEFER: "Defer",
    Verdict.DO_NOT_TREAT: "Do not treat",
}


def _until(screening: Screening) -> str:
    parts = [_day(screening.until_on)] if screening.until_on else []
    parts += screening.until
    if not parts:
        return ""
    word = " until " if screening.verdict is Verdict.DEFER else " before "
    return word + _joined(parts)


def _joined(parts: list[str]) -> str:
    parts = list(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _lower(title: str) -> str:
    """A title inside a sentence; a short form in capitals stays."""
    first = title.split(maxsplit=1)[0]
    return title if len(first) > 1 and first.isupper() else title[0].lower() + title[1:]


def _reason_line(reason: Reason) -> Line:
    text = f"{reason.title}. {reason.say}"
    if reason.until_on is not None:
        verb = "Possible from" if reason.verdict is Verdict.DEFER else "Holds until"
        text += f" {verb} {_day(reason.until_on)}."
    if reason.until:
        text += f" Until {reason.until}."
    if reason.excludes:
        text += f" Excluded: {_joined(list(reason.excludes))}."
    text += f" Why: {reason.why}"
    note = f"Policy “{reason.policy}”. {reason.note}" if reason.policy else reason.note
    return Line(
        text=text,
        label=str(reason.verdict).replace("proceed with precautions", "precaution"),
        origin=Origin.COMPUTED if reason.until_on else Origin.FACT,
        sources=reason.sources,
        support=str(reason.support),
        note=note.strip(),
    )


def _open_line(question: OpenQuestion) -> Line:
    text = f"{question.ask} ({question.id})"
    holds_digit = any(letter.isdigit() for letter in text)
    return Line(
        text=text,
        label=f"may be: {question.may_become}".replace("proceed with ", ""),
        origin=Origin.FACT if holds_digit else Origin.WORDS,
        sources=question.sources if holds_digit else (),
    )


def _policy_line(policy: PolicyShown) -> Line:
    here = str(policy.verdict)
    ends = [_day(policy.until_on)] if policy.until_on is not None else []
    if ends or policy.until:
        here += f" until {_joined([*ends, *policy.until])}"
    marks = [
        *(["cautious"] if policy.cautious else []),
        *(["followed"] if policy.followed else []),
    ]
    return Line(
        text=f"{policy.title}. {policy.says} Here: {here}.",
        label=f"{policy.rule} {policy.name}"
        + (f" ({', '.join(marks)})" if marks else ""),
        origin=Origin.COMPUTED,
        sources=policy.sources,
        support=str(policy.support),
        note=policy.note,
    )


def _who_chose(screening: Screening) -> str:
    if screening.policy_choices.by_rule:
        return (
            "The clinic's choice is on record below; elsewhere the cautious one holds."
        )
    return "No choice is on record: the cautious policy holds."


def _label_line(label: LabelAnswer) -> Line:
    return Line(
        text=label.says,
        label=label.state.replace("-", " ").replace("on label", "within the label"),
        origin=Origin.FACT,
        sources=label.sources,
        support=str(label.support),
        note=label.note,
    )


def _figure_lines(screening: Screening) -> list[Line]:
    if not screening.figures and "skin_type" in screening.answers:
        return [
            Line(text="No count is known for this skin type: that is not zero risk.")
        ]
    return [_figure_line(figure) for figure in screening.figures]


def _figure_line(figure: Figure) -> Line:
    count = (
        f"{figure.events} of {figure.treated}"
        if figure.treated is not None
        else f"{figure.events}, of how many is not known"
    )
    return Line(
        text=f"{count}: {figure.what}. {figure.population[0].upper()}"
        f"{figure.population[1:]}.",
        origin=Origin.FACT,
        sources=figure.sources,
        support=str(figure.support),
        note=figure.note,
    )


def _frame_lines(screening: Screening) -> list[Line]:
    choices = screening.policy_choices
    lines = [
        Line(
            label="answers of",
            text=f"{_day(screening.asked_on)}; ask again on the day itself",
            origin=Origin.ASKED,
        ),
        Line(
            label="planned for", text=_day(screening.planned_for), origin=Origin.ASKED
        ),
    ]
    if choices.by_rule:
        chosen = ", ".join(f"{rule} {name}" for rule, name in choices.by_rule.items())
        day = _day(choices.chosen_on) if choices.chosen_on else "an unknown day"
        lines.append(
            Line(
                label="policies",
                text=f"{chosen}; chosen by {choices.chosen_by} on {day}",
                origin=Origin.ASKED,
            )
        )
    if not _all_reviewed():
        lines.append(
            Line(label="reviewed", text="No clinician has reviewed these rules yet.")
        )
    lines.append(
        Line(
            label="limits",
            text="It informs a professional, who decides. It is no diagnosis.",
        )
    )
    return lines


def _all_reviewed() -> bool:
    return all(
        backing.clinician_reviewed
        for file in load_clinical("screening").values()
        for backing in file.backings()
    )


def questionnaire_sheet() -> Sheet:
    """The questions in order, with the answers to choose from and why each is asked."""
    sections: dict[str, list[Line]] = {}
    for asked in questionnaire():
        sections.setdefault(asked.question.section, []).append(_asked_line(asked))
    return Sheet(
        title="Questions before needling",
        answer=Line(
            text="Leave open what nobody knows: unanswered is never “no”. Questions "
            "marked “clinician” are answered by looking."
        ),
        sections=tuple(
            Section(title=title, lines=tuple(lines))
            for title, lines in sections.items()
        ),
    )


def _asked_line(asked: Asked) -> Line:
    question = asked.question
    who = " (clinician)" if question.who == "clinician" else ""
    why = [f"{_lower(p.title)} ({_short(p.may_become)})" for p in asked.purposes]
    why += asked.also
    if asked.opens and not asked.purposes:
        why.append("whether to ask further")
    only = f"({asked.only}) " if asked.only else ""
    return Line(
        text=f"{asked.number}. {only}{question.ask}{who} {_choices(asked)}",
        origin=Origin.FACT if asked.sources else Origin.ASKED,
        sources=asked.sources,
        note=f"Why: {'; '.join(why)}",
    )


def _short(verdict: Verdict) -> str:
    return str(verdict).removeprefix("proceed with ")


def _choices(asked: Asked) -> str:
    question = asked.question
    if question.kind == "yes-no":
        return _boxes(["yes", "no"])
    if question.kind in ("day", "number") or len(question.answers) > _LONGEST_LIST:
        return "______"
    none = ["none of these"] if question.kind == "choices" else []
    return _boxes([*question.answers.values(), *none])


def _boxes(words: list[str]) -> str:
    """A box before each, which a line end does not part from it."""
    return "  ".join(f"☐\u00a0{each}" for each in words)


_LONGEST_LIST = 12
"""More choices (sites of the body) are written, not ticked."""
