"""From answers to a verdict: what is promised of every person."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.screening.answering import Answers, applicable
from cicatrix.screening.intake import Intake
from cicatrix.screening.judging import screen, strictest
from cicatrix.screening.policies import CAUTIOUS, disputed
from cicatrix.screening.questions import questions
from cicatrix.screening.value import PolicyChoices, Verdict

ASKED_ON = date(2026, 3, 1)
OPEN = object()


def values_of(question):
    """Every kind of answer to a question."""
    if question.kind == "yes-no":
        return st.booleans()
    if question.kind == "number":
        return st.integers(10, 60).map(float)
    if question.kind == "day":
        return st.integers(0, 800).map(lambda days: ASKED_ON - timedelta(days=days))
    if question.kind == "choice":
        return st.sampled_from(list(question.answers))
    return st.sets(st.sampled_from(list(question.answers)), max_size=3).map(
        lambda found: tuple(each for each in question.answers if each in found)
    )


def harmless(question):
    """The answer that raises nothing, where answers have an order."""
    if question.kind == "yes-no":
        return False
    if question.kind == "number":
        return 40.0
    if question.kind == "day":
        return ASKED_ON - timedelta(days=3000)
    if question.kind == "choice":
        return next(iter(question.answers))
    return ()


@st.composite
def intakes(draw, *, mostly_harmless=True, may_stay_open=True):
    """An intake; most answers are harmless, so that no verdict hides the others."""
    said = {}
    planned = ASKED_ON + timedelta(days=draw(st.integers(0, 60)))
    for question in questions().values():
        if question.id == "born_on":
            continue
        so_far = Answers(given=said, planned_for=planned)
        if applicable(question, so_far).value is not True:
            continue
        kind = draw(st.integers(0, 19 if mostly_harmless else 2))
        if kind == 0 and may_stay_open:
            continue
        if kind <= 1 or question.risk == "none":
            value = draw(values_of(question))
            said[question.id] = value or ("cheek",) if question.id == "sites" else value
        else:
            said[question.id] = harmless(question)
    return intake(said, planned, draw(policies()))


@st.composite
def policies(draw):
    """Any choice of policies, none for most rules."""
    chosen = {
        name: draw(st.sampled_from([policy.name for policy in rule.policies]))
        for name, rule in disputed().items()
        if draw(st.integers(0, 3)) == 0
    }
    return (
        PolicyChoices(by_rule=chosen, chosen_by="lead", chosen_on=ASKED_ON)
        if chosen
        else CAUTIOUS
    )


def intake(said, planned, choices=CAUTIOUS):
    return Intake(
        asked_on=ASKED_ON,
        planned_for=planned,
        answers=MappingProxyType(dict(said)),
        policies=choices,
    )


def changed(person, name, value):
    """The same person with another answer, or none; what it makes void is dropped."""
    said = {n: v for n, v in person.answers.items() if n != name}
    if value is not OPEN:
        said[name] = value
    kept = {}
    for each in questions().values():
        so_far = Answers(given=kept, planned_for=person.planned_for)
        if each.id in said and applicable(each, so_far).value is not False:
            kept[each.id] = said[each.id]
    return intake(kept, person.planned_for, person.policies)


def graver(question, value):
    """Graver answers than this one, in the order of their risk."""
    words = list(question.answers)
    graver_of = {
        "yes-no": lambda: [] if value else [True],
        "choice": lambda: words[words.index(value) + 1 :],
        "choices": lambda: [(*value, more) for more in words if more not in value],
        "number": lambda: [value - 1, value - 9],
        "day": lambda: [value + (ASKED_ON - value) / 2, ASKED_ON],
    }
    return [] if question.risk == "none" else graver_of[question.kind]()


ANY_QUESTION = st.sampled_from(list(questions().values()))


def strictness(screening):
    """Comparable: the verdict first, then how long a deferral lasts by its dates."""
    until = screening.until_on or date.min
    return screening.verdict.rank, until


def a_harmless_person(**answers):
    """Every question answered without any risk, except those given."""
    person = intake({}, ASKED_ON)
    base = {"indication": "acne-scar", "sites": ("cheek",), "device_kind": "pen"}
    for question in questions().values():
        if question.id in ("born_on", "sex", "jurisdiction", "device"):
            continue
        value = base.get(question.id, harmless(question))
        person = changed(person, question.id, value)
    for name, value in answers.items():
        person = changed(person, name, value)
    return person


def test_whoever_bears_no_risk_may_proceed():
    screening = screen(a_harmless_person())

    assert (screening.verdict, screening.must_ask) == (Verdict.PROCEED, ())


@given(person=intakes(), question=ANY_QUESTION)
def test_more_risk_never_yields_a_milder_verdict(person, question):
    if question.id not in person.answers:
        return
    before = screen(person)

    for value in graver(question, person.answers[question.id]):
        after = screen(changed(person, question.id, value))
        assert strictness(after) >= strictness(before), (question.id, value)


@given(person=intakes(), question=ANY_QUESTION)
def test_an_open_question_is_never_milder_than_no(person, question):
    if question.risk == "none":
        return
    no = changed(person, question.id, harmless(question))

    assert strictness(screen(changed(person, question.id, OPEN))) >= strictness(
        screen(no)
    )


@given(person=intakes(), name=st.sampled_from(["indication", "sites", "device_kind"]))
def test_leaving_out_what_is_planned_never_clears_anybody(person, name):
    screening = screen(changed(person, name, OPEN))

    assert screening.verdict.rank >= Verdict.NOT_CLEARED.rank
    assert name in {question.id for question in screening.must_ask}


@given(person=intakes(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(person, random):
    shuffled = list(person.answers.items())
    random.shuffle(shuffled)

    assert screen(
        intake(dict(shuffled), person.planned_for, person.policies)
    ) == screen(person)


@given(person=intakes())
def test_the_strictest_reason_wins_and_questions_forbid_a_free_verdict(person):
    screening = screen(person)
    told = strictest(reason.verdict for reason in screening.reasons)

    if screening.must_ask:
        assert screening.verdict is strictest([told, Verdict.NOT_CLEARED])
    else:
        assert screening.verdict is told


@given(person=intakes())
def test_what_must_be_asked_comes_most_decisive_first(person):
    ranks = [question.may_become.rank for question in screen(person).must_ask]

    assert ranks == sorted(ranks, reverse=True)


@given(person=intakes(may_stay_open=False))
def test_on_the_day_that_a_deferral_names_it_no_longer_stands(person):
    screening = screen(person)
    if screening.until_on is None:
        return

    day = screening.until_on
    then = screen(intake(person.answers, day, person.policies))

    assert not [r for r in then.reasons if r.until_on is not None and r.until_on <= day]
    assert strictness(then) < strictness(screening) or screening.until


@given(person=intakes(), name=st.sampled_from(sorted(disputed())))
def test_the_cautious_policy_is_never_milder_than_another(person, name):
    def under(policy):
        choices = PolicyChoices(by_rule={name: policy}, chosen_by="x")
        return strictness(screen(intake(person.answers, person.planned_for, choices)))

    rule = disputed()[name]

    assert under(rule.policy(None).name) == max(under(p.name) for p in rule.policies)


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("infection", True, Verdict.DO_NOT_TREAT),
        ("pregnancy", "yes", Verdict.DEFER),
        ("skin_type", "V", Verdict.PRECAUTIONS),
        ("infection", OPEN, Verdict.NOT_CLEARED),
    ],
)
def test_each_verdict_can_be_reached(name, value, verdict):
    assert screen(a_harmless_person(**{name: value})).verdict is verdict


def test_what_is_decisive_is_told_before_the_rest_is_asked():
    screening = screen(intake({"isotretinoin": "current"}, ASKED_ON))

    assert screening.verdict is Verdict.DO_NOT_TREAT
    assert screening.must_ask[0].may_become is Verdict.DO_NOT_TREAT


def test_the_latest_of_several_waits_and_every_event_is_told():
    person = a_harmless_person(
        sunburn=True,
        sunburn_on=date(2026, 2, 25),
        tanned=True,
        tanned_on=date(2026, 2, 25),
        pregnancy="yes",
    )

    screening = screen(person)

    assert screening.until_on == date(2026, 3, 25)
    assert screening.until == ("after birth",)


def test_a_wait_from_an_unknown_day_clears_nobody():
    screening = screen(changed(a_harmless_person(sunburn=True), "sunburn_on", OPEN))

    assert screening.verdict is Verdict.NOT_CLEARED
    assert [question.id for question in screening.must_ask] == ["sunburn_on"]


def test_reasons_come_strictest_first_and_from_the_person_to_the_cream():
    person = a_harmless_person(
        anaesthetic=True, heart=True, tattoo=True, keloid_family=True, infection=True
    )

    told = [(str(r.verdict), r.scope) for r in screen(person).reasons]

    assert told == [
        ("do not treat", "field"),
        ("proceed with precautions", "patient"),
        ("proceed with precautions", "field"),
        ("proceed with precautions", "anaesthetic"),
    ]


def test_an_event_that_is_not_enough_is_not_promised():
    """Whoever has an infection and a suspicious spot is not cleared by a cure of one."""
    alone = screen(a_harmless_person(infection=True))
    both = screen(a_harmless_person(infection=True, skin_cancer=True))

    assert alone.until == ("the infection is gone",)
    assert both.until == ()


def test_both_policies_are_shown_and_the_choice_decides():
    answers = dict(a_harmless_person(isotretinoin="stopped").answers)
    answers["isotretinoin_stopped_on"] = date(2026, 2, 1)
    chosen = PolicyChoices(
        by_rule={"isotretinoin-recent": "consensus"}, chosen_by="lead"
    )

    by_default = screen(intake(answers, ASKED_ON))
    by_choice = screen(intake(answers, ASKED_ON, chosen))

    assert by_default.verdict is Verdict.DEFER
    assert by_choice.verdict is Verdict.PRECAUTIONS
    for screening in (by_default, by_choice):
        shown = {policy.name: policy.verdict for policy in screening.policies}
        assert shown == {
            "legacy-label": Verdict.DEFER,
            "consensus": Verdict.PRECAUTIONS,
        }
    assert [p.name for p in by_choice.policies if p.followed] == ["consensus"]


def test_a_policy_tells_the_end_of_its_strictest_ground_only():
    person = a_harmless_person(indication="surgical-scar")
    person = changed(person, "wound_closed_on", date(2026, 2, 20))

    ends = {policy.name: policy.until_on for policy in screen(person).policies}

    assert ends == {
        "careful-for-a-year": date(2026, 4, 3),
        "early": date(2026, 4, 3),
    }


def test_policies_are_shown_while_only_the_day_is_unknown():
    person = changed(
        a_harmless_person(isotretinoin="stopped"), "isotretinoin_stopped_on", OPEN
    )

    assert {p.name for p in screen(person).policies} == {"legacy-label", "consensus"}
    assert screen(intake({}, ASKED_ON)).policies == ()


def test_allergies_exclude_ingredients_and_not_the_needling():
    person = a_harmless_person(
        anaesthetic=True,
        anaesthetic_allergies=("ester",),
        methaemoglobinaemia=True,
        methaemoglobin_medicines=False,
        heart=False,
        severe_liver_disease=False,
        pseudocholinesterase_deficiency=False,
    )

    screening = screen(person)

    assert screening.excluded_anaesthetics == ("prilocaine", "tetracaine")
    assert screening.verdict is Verdict.PRECAUTIONS
