"""What the gradients of two pictures say of the way from one to the other."""

import cv2
import numpy as np

from cicatrix.alignment.evidence import GridPair, _of_plane, linearised

SIDE = 256


def field(rng, sigma):
    drawn = rng.normal(size=(SIDE, SIDE)).astype(np.float32)
    drawn = cv2.GaussianBlur(drawn, (0, 0), sigma)
    return drawn / drawn.std()


def moved_along_x(skin, samples):
    return cv2.warpAffine(
        skin,
        np.float32([[1, 0, samples], [0, 1, 0]]),
        (SIDE, SIDE),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )


def step(noise, seed):
    """Pull over information along x of skin that moved by 0.3 samples."""
    rng = np.random.default_rng(seed)
    skin = field(rng, 2.5)
    moved = moved_along_x(skin, 0.3)
    one, other = (plane + noise * field(rng, 1.2) for plane in (skin, moved))
    sums = _of_plane(one, other, np.ones((SIDE, SIDE), np.float32)).sums
    xx, _, _, px, _ = sums[:, 2:-2, 2:-2].sum(axis=(1, 2))
    return px / xx


def test_noise_in_both_pictures_hardly_shortens_the_step():
    clean = np.mean([step(0.0, seed) for seed in range(5)])
    noisy = np.mean([step(0.75, seed) for seed in range(5)])

    assert 0.28 < clean < 0.4
    assert noisy > 0.6 * clean


def pulls(noise, seed):
    """Pull along x of skin that moved by 0.4 samples: at no shift, and at the true one.

    The second is told with the gradients taken at the first.
    """
    rng = np.random.default_rng(seed)
    skin = field(rng, 2.5)
    moved = moved_along_x(skin, 0.4)
    one, other = (plane + noise * field(rng, 1.2) for plane in (skin, moved))
    whole = np.ones((SIDE, SIDE), np.float32)
    pair = GridPair.of((one,), whole, (other,), whole)
    shift = np.zeros((SIDE, SIDE, 2), np.float32)
    begun = linearised(pair, shift)
    shift[..., 0] = 0.4
    there = begun.again(pair, shift)
    return [each.px[0, 2:-2, 2:-2].sum() for each in (begun.found, there)]


def still_to_go(noise):
    far, there = np.mean([pulls(noise, seed) for seed in range(10)], axis=0)
    return there / far


def test_noise_does_not_pull_back_to_where_gradients_were_taken():
    assert abs(still_to_go(0.0)) < 0.1
    assert abs(still_to_go(0.75)) < 0.5
