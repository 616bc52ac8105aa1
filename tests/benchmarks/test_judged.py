"""Who is given a drawn outline where a refusal asks for one."""

from types import SimpleNamespace

import numpy as np
import pytest

import judged


@pytest.mark.parametrize(
    ("role", "drawn"),
    [("fade", True), ("faint", True), ("six skins", True), ("clipped", False)],
)
def test_whoever_could_see_the_scar_draws_it(monkeypatch, role, drawn):
    monkeypatch.setattr(
        judged, "_told_of", lambda *_: {"reason": f"If you see it, {judged.ASKS}."}
    )
    monkeypatch.setattr(judged, "drawn_by_hand", lambda *_, **__: None)
    truth = SimpleNamespace(
        lesion_point_px=(1, 2), lesion_mask=np.ones((2, 2), bool), px_per_mm=9.0
    )
    pair = SimpleNamespace(role=role, seed=1)

    row = judged._told(pair, [], (SimpleNamespace(truth=truth), None), None)

    assert ("drawn" in row) == drawn
