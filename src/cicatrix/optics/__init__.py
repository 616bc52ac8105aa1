"""Light and colour as physics: colorimetry, spectra, illuminants, skin."""
