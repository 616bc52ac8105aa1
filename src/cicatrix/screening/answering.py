"""Three-valued answers: known, not applicable, or still to be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import load_clinical
from cicatrix.evidence.words_of_the_field import indications, lineage, sites
from cicatrix.screening.questions import Question, Tables, questions
from cicatrix.screening.value import Answer

__all__ = [
    "DERIVED",
    "NO",
    "YES",
    "Answers",
    "Truth",
    "age_on",
    "applicable",
    "as_answers",
    "check_conditions",
    "holds",
    "known_names",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Yes, no, or unknown until `ask` is answered; `used` are the questions seen."""

    value: bool | None
    ask: str = ""
    used: tuple[str, ...] = ()


YES = Truth(value=True)
NO = Truth(value=False)

_NO_ANSWER = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered, and the day for which it is judged."""

    given: Mapping[str, Answer]
    planned_for: date


def as_answers(given: Mapping[str, Any]) -> dict[str, Answer]:
    """Answers as a TOML table gives them: lists become tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
    }


def _age_years(answers: Answers) -> object:
    born = answers.given.get("born_on")
    if isinstance(born, date):
        return age_on(born, answers.planned_for)
    return answers.given.get("age_years", _NO_ANSWER)


def age_on(born: date, day: date) -> int:
    """Whole years on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _indication(answers: Answers) -> object:
    given = answers.given.get("indication")
    if not isinstance(given, str):
        return _NO_ANSWER
    return (*lineage(given), f"any-{indications()[given].kind}")


def _of_sites(word: Callable[[str], object]) -> Callable[[Answers], object]:
    def read(answers: Answers) -> object:
        given = answers.given.get("sites")
        if not isinstance(given, tuple):
            return _NO_ANSWER
        return tuple(dict.fromkeys(word(site) for site in given))

    return read


def _model_kind(answers: Answers) -> object:
    """Pen, roller, stamp or rf, as the table of models says; none for another."""
    given = answers.given.get("device")
    if given is None:
        return _NO_ANSWER
    rows = load_clinical("devices")["models"].rows
    return tuple(row.fields["device"] for row in rows if row.fields["id"] == given)


DERIVED: Mapping[str, tuple[str, Callable[[Answers], object]]] = MappingProxyType(
    {
        "age_years": ("age_years", _age_years),
        "indication": ("indication", _indication),
        "model_kind": ("device", _model_kind),
        "regions": ("sites", _of_sites(lambda site: sites()[site].region)),
        "inside_orbital_rim": (
            "sites",
            _of_sites(lambda site: sites()[site].inside_orbital_rim),
        ),
    }
)
"""Names that rules may use and that follow from a question: its id, and how."""


def known_names() -> frozenset[str]:
    """Everything that a condition may name."""
    return frozenset(questions()) | frozenset(DERIVED)


_FURTHER_VALUES = {
    "indication": frozenset({"any-scar", "any-striae"}),
    "model_kind": frozenset({"pen", "roller", "stamp", "rf"}),
    "regions": frozenset(site.region for site in sites().values()),
}
"""Values that a condition may ask for beside a question's own answers."""


def check_conditions(tables: Tables, *, at: str) -> None:
    """Refuse a condition that could never hold, because nobody asks or answers so.

    A rule with a slip of the pen would be silent for ever, which is the gravest fault
    that a file can have.

    Raises
    ------
    EvidenceInvalid
        A name is asked by no question, or a value is no answer to it.
    """
    for table in tables:
        for name, wanted in table.items():
            if name not in known_names():
                raise EvidenceInvalid(
                    f"{at}: hangs on {name}, which no question asks. Correct the name, "
                    "or add the question to evidence/questions."
                )
            strange = [each for each in _values(wanted) if not _may_be(name, each)]
            if strange:
                raise EvidenceInvalid(
                    f"{at}: {name} is never answered {strange}, so this would be "
                    "silent for ever. Correct the answer."
                )


def _values(wanted: object) -> list[object]:
    if isinstance(wanted, dict):
        return (
            _values(wanted["all_of"]) if "all_of" in wanted else list(wanted.values())
        )
    return wanted if isinstance(wanted, list) else [wanted]


def _may_be(name: str, value: object) -> bool:
    question = questions()[DERIVED[name][0] if name in DERIVED else name]
    if name == "inside_orbital_rim" or question.kind == "yes-no":
        return isinstance(value, bool)
    if question.kind in ("number", "day"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    own = () if name == "regions" else question.answers
    return value in own or value in _FURTHER_VALUES.get(name, ())


def holds(tables: Tables, answers: Answers) -> Truth:
    """Whether one of the tables holds, by Kleene's logic.

    An unknown table makes the whole unknown only where none holds for sure; its first
    unanswered question is the one to ask.
    """
    unknown: Truth | None = None
    for table in tables:
        found = _table(table, answers)
        if found.value:
            return found
        if found.value is None and unknown is None:
            unknown = found
    return unknown or NO


def _table(table: Mapping[str, Any], answers: Answers) -> Truth:
    unknown: Truth | None = None
    for name, wanted in table.items():
        found = _field(name, wanted, answers)
        if found.value is False:
            return NO
        if found.value is None and unknown is None:
            unknown = found
    return unknown or Truth(
        value=True, used=tuple(DERIVED.get(n, (n, None))[0] for n in table)
    )


def _field(name: str, wanted: object, answers: Answers) -> Truth:
    ask = DERIVED[name][0] if name in DERIVED else name
    question = questions().get(ask)
    if question is None:
        raise EvidenceInvalid(
            f"a rule asks for “{name}”, which no file of evidence/questions asks. "
            "Correct the name or add the question."
        )
    applies = applicable(question, answers)
    if applies.value is not True:
        return applies
    value = (
        DERIVED[name][1](answers)
        if name in DERIVED
        else answers.given.get(name, _NO_ANSWER)
    )
    if value is _NO_ANSWER:
        return Truth(value=None, ask=ask)
    return YES if _meets(value, wanted) else NO


def applicable(question: Question, answers: Answers) -> Truth:
    """Whether a question is to be asked at all, given what is answered."""
    if question.asked_unless and holds(question.asked_unless, answers).value:
        return NO
    if not question.asked_if:
        return YES
    return holds(question.asked_if, answers)


def _meets(value: object, wanted: object) -> bool:
    """One wanted value, any of a list, or a range, for any of several values.

    `{all_of = [...]}` wants each of them on the list.
    """
    values = value if isinstance(value, tuple) else (value,)
    if isinstance(wanted, dict) and "all_of" in wanted:
        return bool(values) and all(each in wanted["all_of"] for each in values)
    if isinstance(wanted, dict):
        return any(_in_range(each, wanted) for each in values)
    accepted = wanted if isinstance(wanted, list) else [wanted]
    return any(each == one for each in values for one in accepted)


def _in_range(value: object, wanted: Mapping[str, float]) -> bool:
    if not isinstance(value, int | float):
        return False
    return value >= wanted.get("at_least", float("-inf")) and value < wanted.get(
        "below", float("inf")
    )
