"""Bands of visibility are the published ones, in order, and never excuse dark skin."""

from cicatrix.evidence.visibility import perceptibility, visibility_bands


def test_bands_are_the_published_means_faintest_first():
    # Cheon 2010, abstract: 4.4, 9.55, 17.76, 29.06.
    assert [band.mean_de76 for band in visibility_bands()] == [4.4, 9.55, 17.76, 29.06]


def test_every_band_names_its_source():
    assert all(band.fact.sources == ("cheon-2010",) for band in visibility_bands())


def test_thresholds_of_light_and_dark_shades_are_both_given():
    # Vision Research 2024, abstract: 0.59 and 1.75.
    found = perceptibility()

    assert (found.light_shade_de00, found.dark_shade_de00) == (0.59, 1.75)
