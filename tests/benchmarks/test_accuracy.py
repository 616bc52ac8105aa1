"""A long run can be taken up again, and only committed code is published."""

import json

import pytest

import accuracy


def lines(path, *rows, torn=""):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + torn)
    return path


def test_a_torn_last_line_is_measured_again(tmp_path):
    kept = lines(tmp_path / "rows", {"seed": 100, "code": "a"}, torn='{"seed": 101, "c')

    rows = accuracy._kept(kept, "a", 100)

    assert [row["seed"] for row in rows] == [100]
    assert kept.read_text() == '{"seed": 100, "code": "a"}\n'


def test_rows_of_other_code_or_seeds_are_not_mixed_in(tmp_path):
    kept = lines(tmp_path / "rows", {"seed": 100, "code": "a"})

    with pytest.raises(SystemExit, match="holds rows of a, this is b"):
        accuracy._kept(kept, "b", 100)
    with pytest.raises(SystemExit, match="other seeds"):
        accuracy._kept(kept, "a", 20_000)


def test_what_was_never_committed_is_not_published(tmp_path):
    rows = [{"seed": 100, "code": "abc+12345678"}]

    with pytest.raises(SystemExit, match="one committed version"):
        accuracy.write_page(rows, tmp_path / "reference" / "accuracy.md")
    assert not (tmp_path / "reference").exists()


def test_a_pair_that_fell_over_fails_the_gate():
    fallen = {"seed": 7, "role": "fade", "failed": "ValueError('no')"}

    faults = accuracy.bad([fallen])

    assert any("pair 7 failed" in fault for fault in faults)
    assert any("only 0 pairs" in fault for fault in faults)


def told(pair):
    """Stands in for measuring, in another process."""
    return {"seed": pair.seed, "tone": pair.tone, "role": pair.role, "fresh": True}


def test_scenes_on_six_skins_follow_the_strata_with_seeds_of_their_own():
    made = accuracy.all_pairs(3, 2, 100)

    assert [one.seed for one in made] == [100, 101, 102] + 6 * [103] + 6 * [104]
    assert len({(one.seed, one.tone) for one in made}) == len(made)


def test_a_run_is_taken_up_at_the_skin_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(accuracy, "measured_pair", told)
    pairs = accuracy.all_pairs(1, 1, 100)
    done = [
        told(one) | {"fresh": False, "code": accuracy.code_version()}
        for one in pairs[:4]
    ]

    rows = accuracy.all_measured(pairs, 1, lines(tmp_path / "rows", *done))

    assert len(rows) == 7
    assert sum(row["fresh"] for row in rows) == 3
    assert {(row["seed"], row["tone"]) for row in rows} == {
        (one.seed, one.tone) for one in pairs
    }
