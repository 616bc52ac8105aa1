"""Memory of pictures is used again, and never while somebody looks at it."""

import numpy as np
import pytest

from cicatrix.photo import reuse
from cicatrix.photo.reuse import picture_memory

SHAPE = (2000, 2000, 3)


@pytest.fixture(autouse=True)
def _empty_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reuse, "_shelf", reuse._Shelf())


def test_a_picture_takes_the_memory_of_one_of_its_size_that_is_gone() -> None:
    first = picture_memory(SHAPE)
    where = first.ctypes.data
    del first
    assert picture_memory(SHAPE).ctypes.data == where


def test_memory_that_a_view_of_a_view_looks_at_is_not_used_again() -> None:
    first = picture_memory(SHAPE)
    first[:] = 7
    corner = first[10:20].transpose(1, 0, 2)[5:9].reshape(-1)
    del first
    picture_memory(SHAPE)[:] = 9
    assert (corner == 7).all()


def test_pictures_of_one_time_do_not_share() -> None:
    one, other = picture_memory(SHAPE), picture_memory(SHAPE)
    assert not np.shares_memory(one, other)


def test_memory_of_another_size_is_let_go() -> None:
    picture_memory(SHAPE)
    picture_memory((2000, 2001, 3))
    assert [one.size for one in reuse._shelf.free] == [2000 * 2001 * 3]


def test_no_more_is_kept_than_two_large_pictures() -> None:
    many = [picture_memory((4000, 5000, 3)) for _ in range(4)]
    del many
    kept = sum(one.size for one in reuse._shelf.free)
    assert kept == 2 * 4000 * 5000 * 3


def test_small_and_huge_pictures_are_not_kept() -> None:
    picture_memory((100, 100, 3))
    picture_memory((8000, 8000, 3))
    assert not reuse._shelf.free
