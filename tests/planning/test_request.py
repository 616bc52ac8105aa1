import pytest

from cicatrix.errors import InputInvalid
from cicatrix.planning.request import read_plan

GOOD = """
sex = "female"
device = "pen"
start_on = 2026-12-01
[[site]]
site = "cheek"
indication = "acne-scar"
"""


@pytest.fixture
def reads(tmp_path):
    def call(text):
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return read_plan(path)

    return call


def test_what_is_not_said_is_none(reads):
    request = reads(GOOD)

    assert request.age_years is None
    assert request.skin_type is None
    assert request.sessions is None
    assert request.jurisdiction is None
    assert request.intake is None
    assert request.sites[0].length_mm is None


def test_face_stands_for_its_zones_outside_the_orbital_rim(reads):
    zones = [each.site for each in reads(GOOD.replace('"cheek"', '"face"')).sites]

    assert {"forehead", "cheek", "chin"} <= set(zones)
    assert not {"upper-eyelid", "scalp", "ear"} & set(zones)


def test_a_model_is_known_by_its_kind(reads):
    request = reads(GOOD.replace('"pen"', '"dermaroller-mf8"'))

    assert (request.device, request.device_kind) == ("dermaroller-mf8", "roller")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"pen"', '"penn"', "Did you mean “pen”"),
        ('"cheek"', '"chek"', "Did you mean “cheek”"),
        ('"acne-scar"', '"acne-scars"', "Did you mean “acne-scar”"),
        ("start_on", "start", "Did you mean “start_on”"),
        ('sex = "female"\n', "", "lacks sex"),
        ("start_on = 2026-12-01\n", "", "lacks start_on"),
        ("2026-12-01", '"2026-12-01"', "must be a date"),
        ("2026-12-01", "9999-12-31", "no day for a plan"),
        ("[[site]]", "interval_days = 4\n[[site]]", "looks like weeks"),
        ("[[site]]", "sessions = 0\n[[site]]", "no possible number of sessions"),
        ("[[site]]", "sessions = 2.5\n[[site]]", "a whole number"),
        ('"acne-scar"', '"acne-scar"\nlength_mm = 1500', "looks like µm"),
        ('"acne-scar"', '"acne-scar"\nlength_mm = 0.04', "looks like inches"),
        ("[[site]]", "weight_kg = 62000\n[[site]]", "looks like g"),
        ("[[site]]", "area_cm2 = 15000\n[[site]]", "looks like mm²"),
        ("[[site]]", "topicals = 'serum'\n[[site]]", "a list of words"),
        ("[[site]]", "sessions_done = [1]\n[[site]]", "a list of dates"),
        (
            "[[site]]",
            "sessions_done = [2026-11-02, 2026-10-01]\n[[site]]",
            "not in order",
        ),
        ("[[site]]", "sessions_done = [2026-12-02]\n[[site]]", "is not after the last"),
        (
            "[[site]]",
            "sessions = 1\nsessions_done = [2026-10-01, 2026-11-02]\n[[site]]",
            "only 1 are planned",
        ),
        (
            "[[site]]",
            "[[site]]\nsite='cheek'\nindication='acne-scar'\n[[site]]",
            "twice",
        ),
        ("[[site]]", "[site]", "[[tables]]"),
        ("[[site]]", 'title = "\\u001b[31mred"\n[[site]]', "cannot be printed"),
        ("[[site]]", 'title = "one\\ntwo"\n[[site]]', "cannot be printed"),
        ("[[site]]", f'title = "{"x" * 121}"\n[[site]]', "is longer than"),
        ("[[site]]", 'topicals = ["a\\tb"]\n[[site]]', "cannot be printed"),
    ],
)
def test_what_cannot_be_is_refused_with_the_likely_meaning(reads, old, new, told):
    with pytest.raises(InputInvalid) as refusal:
        reads(GOOD.replace(old, new, 1))

    assert told in str(refusal.value)


def test_a_plan_without_a_site_has_nothing_to_plan(reads):
    with pytest.raises(InputInvalid, match="nothing to plan"):
        reads('sex="male"\ndevice="pen"\nstart_on=2026-12-01\nsite=[]\n')
