"""What a person has or may have that bears on an ingredient."""

from collections.abc import Iterable, Mapping
from functools import cache

from cicatrix.anaesthesia.value import Concern, Person, Question, Told
from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.forms.reading import nearest

__all__ = [
    "check_conditions",
    "concerns",
    "condition_keys",
    "conduct",
    "intake_questions",
    "questions",
]

_ANY = "any"


@cache
def _rows() -> tuple[Row, ...]:
    return load_clinical("anaesthetic-safety")["conditions"].rows


def condition_keys() -> Mapping[str, str]:
    """Every condition with its question, in the order in which they are asked."""
    return {
        row.fields["key"]: row.fields["question"]
        for row in _rows()
        if "question" in row.fields
    }


def intake_questions() -> Mapping[str, tuple[str, str | None]]:
    """The question of the intake that answers a condition, and its choice if it has."""
    return {
        row.fields["key"]: (row.fields["intake"], row.fields.get("intake_choice"))
        for row in _rows()
        if "intake" in row.fields
    }


def check_conditions(given: Iterable[str]) -> None:
    """Refuse a condition that no file knows, naming the nearest one.

    Raises
    ------
    InputInvalid
        A key is not known.
    """
    for key in given:
        if key not in condition_keys():
            begun = [known for known in condition_keys() if known.startswith(key)]
            hint = nearest(begun[0] if begun else key, condition_keys())
            raise InputInvalid(
                f"no condition is called “{key}”, so it would be passed over.{hint} "
                "See cicatrix anaesthetic --list."
            )


def concerns(person: Person, ingredients: Iterable[str]) -> tuple[Concern, ...]:
    """What the person has that bears on these ingredients, exclusions first."""
    present = tuple(ingredients)
    found = [
        _concern(row, hit)
        for row in _rows()
        if person.conditions.get(row.fields["key"]) is True
        and (hit := _hit(row, present))
    ]
    return tuple(sorted(found, key=lambda each: not each.excluded))


def _hit(row: Row, present: tuple[str, ...]) -> tuple[str, ...]:
    about = row.fields["ingredients"]
    return tuple(name for name in present if _ANY in about or name in about)


def _concern(row: Row, hit: tuple[str, ...]) -> Concern:
    fields = row.fields
    return Concern(
        key=fields["key"],
        excluded=hit if fields["action"] == "exclude" else (),
        text=fields["text"],
        dwell_min_minutes=fields.get("dwell_min_minutes"),
        dwell_max_minutes=fields.get("dwell_max_minutes"),
        backing=row.backing,
    )


def questions(person: Person, ingredients: Iterable[str]) -> tuple[Question, ...]:
    """What was not answered and bears on these ingredients; exclusions first."""
    present = tuple(ingredients)
    found: dict[str, Question] = {}
    for row in _rows():
        key = row.fields["key"]
        if person.conditions.get(key) is not None or not _hit(row, present):
            continue
        excludes = row.fields["action"] == "exclude"
        before = found.get(key)
        found[key] = Question(
            key=key,
            text=condition_keys()[key],
            excludes=excludes or (before is not None and before.excludes),
            sources=row.backing.sources if before is None else before.sources,
        )
    return tuple(sorted(found.values(), key=lambda each: not each.excludes))


def conduct(ingredients: Iterable[str]) -> tuple[Told, ...]:
    """What is told with these ingredients: the sum, before, what to watch, what to do.

    Of the rows of one topic the first that holds is told: prilocaine's own line on
    methaemoglobin replaces the general one.
    """
    present = tuple(ingredients)
    told: list[Told] = []
    topics: set[str] = set()
    for row in load_clinical("anaesthetic-safety")["conduct"].rows:
        fields = row.fields
        topic = fields.get("topic", "")
        if not _hit(row, present) or topic in topics:
            continue
        topics.update({topic} - {""})
        told.append(
            Told(heading=fields["heading"], text=fields["text"], backing=row.backing)
        )
    return tuple(told)
