"""What is left out of a pair to see what it costs."""

from dataclasses import fields

from causes import WITHOUT, all_of, fits
from pairs import tuning_pairs

CHANGED = {
    "nothing": set(),
    "another camera and lamp": {"camera", "matrix_error", "illuminant", "cct_k"},
    "gloss": {"gloss"},
    "light from another side": {"light_direction_deg"},
    "furrows and pores": {"relief"},
    "blood that comes and goes": {"vascular_change"},
    "tone curves": {"s_curve", "base_compression"},
    "uneven light": {"shadow_gradient"},
}


def differing(one, other):
    return {
        field.name
        for first, second in zip(
            (*one.scenes, *one.captures), (*other.scenes, *other.captures), strict=True
        )
        for field in fields(first)
        if getattr(first, field.name) != getattr(second, field.name)
    }


def test_a_cause_that_is_left_out_changes_nothing_else():
    (pair,) = tuning_pairs(
        lambda p: fits(p) and not p.same_camera and p.capture == "phone", 1
    )

    for cause, names in CHANGED.items():
        changed = all_of(WITHOUT[cause], pair)
        assert differing(pair, changed) <= names
        assert bool(differing(pair, changed)) == bool(names)
        assert (changed.poses, changed.fade) == (pair.poses, pair.fade)
    assert differing(pair, all_of(WITHOUT["all of these"], pair)) >= {
        "camera",
        "gloss",
        "relief",
    }


def test_only_clinic_pairs_of_a_clear_lesion_with_a_reference_count():
    chosen = tuning_pairs(fits, 20)

    assert len({pair.seed for pair in chosen}) == 20
    assert all(100 <= pair.seed < 1000 for pair in chosen)
    assert {pair.reference for pair in chosen} == {"card", "grey"}
    assert not any(one.flash for pair in chosen for one in pair.captures)
    assert min(pair.wanted_de00 for pair in chosen) >= 10
