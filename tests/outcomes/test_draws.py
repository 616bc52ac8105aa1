import json
from pathlib import Path

import numpy as np
import pytest

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence import trial_rows
from cicatrix.evidence.trial_rows import data_hash, parse_table
from cicatrix.outcomes import draws as module
from cicatrix.outcomes.draws import load_draws
from cicatrix.outcomes.words import treatments


@pytest.fixture
def fresh():
    load_draws.cache_clear()
    yield
    load_draws.cache_clear()


def test_the_draws_belong_to_the_tables_of_this_version():
    assert load_draws().data_sha256 == data_hash(), "run make evidence"


def test_draws_of_other_tables_are_refused(fresh, monkeypatch):
    monkeypatch.setattr(module, "data_hash", lambda: "0" * 64)

    with pytest.raises(EvidenceInvalid, match="Run make evidence"):
        load_draws()


def test_a_changed_cell_changes_the_hash(monkeypatch):
    before = data_hash()
    text = trial_rows._text

    def changed(name):
        return text(name).replace("37.63", "37.64")

    monkeypatch.setattr(trial_rows, "_text", changed)
    data_hash.cache_clear()
    after = data_hash()
    monkeypatch.undo()
    data_hash.cache_clear()

    assert after != before


def test_every_draw_is_finite_and_every_place_has_a_name():
    draws = load_draws()

    for name, values in draws.values.items():
        assert len(values) == draws.count
        assert np.isfinite(values).all(), name
    for vector, names in draws.names.items():
        assert draws.values[vector].shape == (draws.count, len(names)), vector


def test_every_part_of_a_treatment_was_fitted():
    parts = {part for t in treatments().values() for part in t.parts} - {"needling"}

    assert parts == set(load_draws().names["part"])


def test_what_is_shipped_is_small():
    folder = Path(trial_rows.__file__).parent / "forecast"

    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_000_000
    assert json.loads((folder / "about.json").read_text("utf-8"))["seed"]


def test_a_row_with_a_cell_too_many_is_refused():
    with pytest.raises(EvidenceInvalid, match="line 3: has 3 cells"):
        parse_table("a,b\n1,2\n1,2,3\n", at="t.csv")
