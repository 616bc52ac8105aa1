"""JSON and map of a simulated needling: valid, sourced, and to scale."""

import re
from xml.etree import ElementTree as ET

import cv2
import jsonschema
import numpy as np
import pytest

from cicatrix.errors import InputInvalid
from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.duration import duration_of
from cicatrix.punctures.field import (
    PunctureMap,
    Sampling,
    puncture_field,
    puncture_map,
)
from cicatrix.report.as_json import json_text
from cicatrix.report.puncture_map import map_png, map_svg
from cicatrix.report.punctures_json import punctures_schema, punctures_to_json

FEW = Sampling(patches=10, patch_cm2=0.25, within_mm=(0.1, 0.3))
ROLLER = Roller(needles=192, rows=8, drum_diameter_mm=80, field_mm=60)
LONE = Pen(needles=1, rate_hz=5, field_mm=4, rings=1)
STILL = Handling(jitter_mm=0, placing_mm=0, rotation_deg=0, speed_cm_s=9)
TREATMENTS = {
    "mf8": (device_asked("dermaroller-mf8", {}), Handling(), FEW),
    "exceed": (device_asked("exceed", {"rate_hz": 100}), Handling(), FEW),
    "stamp": (Stamp(needles=4, field_mm=2), Handling(), FEW),
    "sparse roller": (ROLLER, Handling(), Sampling(patches=40)),
    "still pen": (LONE, STILL, Sampling(patches=40, within_mm=(0.2,), channel_um=100)),
}


@pytest.mark.parametrize("name", TREATMENTS)
@pytest.mark.parametrize("area", [None, 10.0])
def test_the_document_obeys_its_schema_and_every_number_has_its_source(
    unsourced, name, area
):
    device, handling, sampling = TREATMENTS[name]
    field = puncture_field(device, handling=handling, sampling=sampling)
    duration = None if area is None else duration_of(field, area_cm2=area)
    document = punctures_to_json(field, duration=duration)

    jsonschema.Draft202012Validator(punctures_schema()).validate(document)
    assert list(unsourced(document)) == []
    cited = {
        key for row in document["told"] + document["assumed"] for key in row["sources"]
    }
    assert cited == document["bibliography"].keys()
    assert json_text(document)


def drawn(x, y, *, direction=0.0, slit=0.0):
    return PunctureMap(
        side_mm=10,
        channel_mm=0.2,
        slit_mm=slit,
        within_mm=(1.0,),
        x_mm=np.array(x, np.float32),
        y_mm=np.array(y, np.float32),
        direction_deg=np.full(len(x), direction, np.float32),
    )


def pixel(picture, x_mm, y_mm):
    return tuple(
        int(part) for part in picture[round((10 - y_mm) * 120), round(x_mm * 120)]
    )


def test_the_png_shows_channel_neighbourhood_and_bare_skin_to_scale():
    picture = cv2.imdecode(
        np.frombuffer(map_png(drawn([3.0], [2.0])), np.uint8), cv2.IMREAD_COLOR
    )

    channel, near, bare = (pixel(picture, x, 2.0) for x in (3.0, 3.9, 4.1))
    assert len({channel, near, bare}) == 3
    assert pixel(picture, 3.0, 2.9) == near
    assert pixel(picture, 3.08, 2.0) == channel
    share = (np.abs(picture.astype(int) - bare).sum(axis=2) > 30).mean()
    assert share == pytest.approx(np.pi / 100, rel=0.02)


def test_slits_are_drawn_along_the_track():
    picture = cv2.imdecode(
        np.frombuffer(map_png(drawn([3.0], [2.0], direction=90, slit=1.0)), np.uint8),
        cv2.IMREAD_COLOR,
    )

    assert (
        pixel(picture, 3.0, 2.4) == pixel(picture, 3.0, 1.6) != pixel(picture, 3.4, 2)
    )


def test_the_svg_is_well_formed_and_holds_every_puncture():
    field = puncture_map(Pen(needles=6, rate_hz=20), sampling=FEW)
    svg = map_svg(field, title="a <pen>")

    root = ET.fromstring(svg)  # noqa: S314 - written by ourselves above
    dots = next(path for path in root.iter() if path.get("id", "")[:1] == "p").get("d")
    assert len(re.findall("M", dots)) == len(field.x_mm)
    assert 'stroke-width="0.0707"' in svg
    assert "within 0.3 mm" in svg


def test_two_maps_on_a_page_share_no_id():
    maps = [map_svg(drawn([x], [2.0]), title="") for x in (3.0, 4.0)]

    first, second = (set(re.findall(r'id="(\w+)"', svg)) for svg in maps)
    assert first
    assert first & second == set()
    assert set(re.findall(r"#(\w+)\b", maps[0].split("<defs>")[1])) & second == set()


def test_too_many_punctures_for_a_browser_are_refused():
    many = np.zeros(60_001)

    with pytest.raises(InputInvalid, match="or a PNG"):
        map_svg(drawn(many, many), title="")
