"""The covariance that the package holds is the one its own cameras have."""

import numpy as np

from camera_mixing import made_up_covariance, mixing_of, perfect
from cicatrix.optics.mixing import LEAKS, MIXING_COVARIANCE


def test_the_packages_covariance_is_that_of_its_made_up_cameras():
    np.testing.assert_allclose(made_up_covariance(), MIXING_COVARIANCE, atol=6e-6)


def test_a_camera_that_mixes_is_found_to_mix():
    weights = perfect().copy()
    weights[:, 1] += 0.05 * (weights[:, 2] - weights[:, 1])

    told = dict(zip(LEAKS, mixing_of(weights), strict=True))

    assert abs(told[1, 2] - 0.05) < 0.012
    assert abs(told[0, 1]) < 1e-6
    assert abs(told[2, 1]) < 1e-6
