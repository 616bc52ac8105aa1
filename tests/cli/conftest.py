"""A small answer to print and store, and a runner that keeps the streams apart."""

import numpy as np
import pytest
from click.testing import CliRunner

from cicatrix.cli.main import main
from cicatrix.domain.capture import Capture
from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import Comparison, PhotoRecord
from cicatrix.report.pictures import ComparisonPictures


def a_photo_record(name):
    return PhotoRecord(
        name=name,
        sha256="a" * 64,
        file_format="JPEG",
        width_px=800,
        height_px=600,
        profile="sRGB",
        capture=Capture(),
        jpeg_quality=90.0,
        scale=None,
        reference=ReferenceKind.NONE,
        reference_held_out_de00=None,
        reference_notes=(),
        quality=(),
    )


@pytest.fixture
def comparison():
    return Comparison(
        lesion="lesion",
        baseline=a_photo_record("before.jpg"),
        followup=a_photo_record("after.jpg"),
        fade=Fade(
            estimate=0.31,
            low=0.24,
            high=0.38,
            smallest_detectable_change=0.09,
            verdict=Verdict.FADED,
        ),
        reason=None,
        contrast_before_de00=Interval(estimate=16, low=15, high=17),
        contrast_after_de00=Interval(estimate=11, low=10, high=12),
    )


@pytest.fixture
def pictures():
    flat = np.full((40, 60, 3), 150, np.uint8)
    lesion = np.zeros((40, 60), bool)
    lesion[10:20, 20:40] = True
    return ComparisonPictures(
        before=flat,
        after=flat,
        lesion=lesion,
        ring=np.roll(lesion, 12, axis=0),
        difference_de00=np.zeros((40, 60), np.float32),
        mm_per_px=None,
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `cicatrix` with arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return call
