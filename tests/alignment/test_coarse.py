"""Affine maps and bends are followed until they are still."""

import cv2
import numpy as np
import pytest

from cicatrix.alignment.channels import Reduced
from cicatrix.alignment.coarse import (
    base_levels,
    refined_affine,
    refined_bend,
    refined_sheet,
)

ROWS, COLS = 384, 512
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
MIDDLE = np.array([(COLS - 1) / 2, (ROWS - 1) / 2])
POINTS = np.stack(np.meshgrid([130.0, 256.0, 380.0], [100.0, 190.0, 280.0]), -1)
POINTS = POINTS.reshape(-1, 2)


def marked(seed=1, margin=200):
    """Grey and colour of a surface with marks of many sizes."""
    rng = np.random.default_rng(seed)
    planes = []
    for _ in range(2):
        plane = np.zeros((ROWS + 2 * margin, COLS + 2 * margin))
        for sigma in (2.5, 5.0, 10.0, 20.0):
            noise = cv2.GaussianBlur(rng.normal(size=plane.shape), (0, 0), sigma)
            plane += noise / noise.std()
        planes.append(plane.astype(np.float32))
    return planes


def seen(planes, where, margin=200):
    """The surface where the map `where` of points (n, 2) sends each pixel."""
    x, y = np.meshgrid(np.arange(COLS, dtype=float), np.arange(ROWS, dtype=float))
    at = where(np.stack([x, y], -1).reshape(-1, 2)).reshape(ROWS, COLS, 2) + margin
    at = at.astype(np.float32)
    channels = tuple(
        cv2.remap(plane, at[..., 0], at[..., 1], cv2.INTER_LINEAR) for plane in planes
    )
    return Reduced(factor=1, channels=channels, skin=np.ones((ROWS, COLS), np.float32))


def whole(level):
    return np.ones(level.weight.shape, np.float32)


def test_an_affine_map_is_followed_far():
    turn, scale = np.radians(10.0), 0.88
    linear = scale * np.array(
        [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    )
    surface = marked()
    base, follow = (
        seen(surface, where)
        for where in (lambda p: (p - MIDDLE) @ linear.T + MIDDLE, lambda p: p)
    )

    affine = IDENTITY
    for level in base_levels(base, (128, 256)):
        affine = refined_affine(level, follow, affine, focus=whole(level))

    truth = (POINTS - MIDDLE) @ linear.T + MIDDLE
    told = POINTS @ affine[:, :2].T + affine[:, 2]
    assert np.linalg.norm(told - truth, axis=1).max() < 1.0


@pytest.mark.parametrize("most", [25.0, -25.0])
def test_skin_bent_over_a_limb_is_followed(most):
    def bent(points):
        u, v = ((points - MIDDLE) / (COLS / 2)).T
        return points + most * np.stack([u * u - 0.4 * v * v, 0.8 * u * v], -1)

    surface = marked(2)
    base, follow = seen(surface, bent), seen(surface, lambda points: points)
    levels = base_levels(base, (128, 256))
    told = IDENTITY, np.zeros((2, 3))
    for level in levels:
        told = refined_bend(level, follow, told, focus=whole(level))
    sheet = refined_sheet(levels[-1], follow, told, stiffness=300.0)

    near = told[1] * (COLS / 2)
    assert near == pytest.approx(most * np.array([[1, 0, -0.4], [0, 0.8, 0]]), abs=2)
    moved = (POINTS + sheet.at(POINTS)) @ told[0][:, :2].T + told[0][:, 2]
    assert np.linalg.norm(moved - bent(POINTS), axis=1).max() < 0.5


def test_what_a_sheet_holds_of_a_bend_costs_it_nothing():
    def bent(points):
        u, v = ((points - MIDDLE) / (COLS / 2)).T
        return points + 25.0 * np.stack([u * u, u * v], -1)

    surface = marked(3)
    level = base_levels(seen(surface, bent), (256,))[0]
    follow = seen(surface, lambda points: points)
    bend = 25.0 / (COLS / 2) * np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

    held, flat = (
        refined_sheet(level, follow, (IDENTITY, one), stiffness=3e7)
        for one in (bend, np.zeros((2, 0)))
    )

    off, flattened = (
        np.linalg.norm(POINTS + sheet.at(POINTS) - bent(POINTS), axis=1).max()
        for sheet in (held, flat)
    )
    assert off < 0.5
    assert flattened > 5
