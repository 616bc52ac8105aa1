"""A photograph of made-up skin and the exact truth behind it."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cicatrix.domain.capture import Capture as Metadata
from cicatrix.errors import OutputUnwritable
from cicatrix.optics.cameras import Camera, generic_camera, rgb_weights
from cicatrix.optics.illuminants import Light, illuminant
from cicatrix.optics.skin_table import SkinTable, skin_table
from cicatrix.phantom.capture import Capture, Pose
from cicatrix.phantom.development import Encoded, develop
from cicatrix.phantom.geometry import view_of
from cicatrix.phantom.lesion import lesion_shape
from cicatrix.phantom.picture import photograph
from cicatrix.phantom.scene import Scene
from cicatrix.phantom.strength import lesion_state
from cicatrix.phantom.surface import Sitting, grid_for, skin_surface
from cicatrix.phantom.things import Placed, placed_objects
from cicatrix.phantom.truth import ObjectTruth, Truth
from cicatrix.photo.writing import jpeg_bytes, png16_bytes, unpacked_jpeg

__all__ = ["Rendering", "render"]

_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rendering:
    """A made-up photograph.

    `encoded` is (rows, cols, 3): uint8 sRGB as decoded from `file_bytes`, or uint16
    linear sRGB where the capture asks for no JPEG. `file_bytes` is the whole file, a JPEG
    with EXIF or a 16-bit PNG with a linear profile.
    """

    encoded: Encoded
    file_bytes: bytes
    truth: Truth

    @property
    def suffix(self) -> str:
        """`.jpg` or `.png`."""
        return ".jpg" if self.encoded.dtype == np.uint8 else ".png"

    def write(self, path: Path) -> None:
        """Write the file.

        Raises
        ------
        OutputUnwritable
            The folder is missing or read-only.
        """
        try:
            path.write_bytes(self.file_bytes)
        except OSError as wrong:
            raise OutputUnwritable(
                f"{path.name} could not be written ({wrong.strerror}), so the made-up "
                "photograph is lost. Choose a folder that exists and may be written to."
            ) from wrong


def render(
    scene: Scene,
    capture: Capture | None = None,
    pose: Pose | None = None,
    *,
    fade: float = 0.0,
    visit: int = 0,
) -> Rendering:
    """Photograph a scene.

    Parameters
    ----------
    scene, capture, pose
        What is seen, how it is taken and from where; defaults are a straight view.
    fade
        1 - contrast now / contrast at baseline; above 1 it passes skin colour.
    visit
        Number of the visit: hairs, part of the blood mottle and the place of cards are
        new at each.

    Returns
    -------
    Rendering
        The same for the same arguments, bit by bit.

    Raises
    ------
    ValueError
        An argument is out of range.
    """
    capture, pose = capture or Capture(), pose or Pose()
    weights, table = _seen(capture)
    sitting = Sitting(
        scene=scene,
        capture=capture,
        view=view_of(scene, capture, pose),
        state=lesion_state(scene, visit=visit, fade=fade),
        fade=fade,
        visit=visit,
    )
    grid = grid_for(sitting.view)
    surface = skin_surface(sitting, grid, table)
    density = capture.px_per_mm / pose.distance_factor
    things = placed_objects(scene, weights, visit=visit, px_per_mm=density)
    picture = photograph(sitting, grid, surface, things, weights)
    rng = np.random.default_rng([scene.seed, 81, visit, _fingerprint(capture, pose)])
    encoded = develop(picture.light, capture, rng)
    data, encoded = _packed(encoded, capture)
    truth = _truth(sitting, things, picture.hidden)
    return Rendering(encoded=encoded, file_bytes=data, truth=truth)


def _camera(capture: Capture) -> Camera:
    chosen = capture.camera
    return generic_camera(chosen) if isinstance(chosen, str) else chosen


def _seen(capture: Capture) -> tuple[_Array, SkinTable]:
    chosen = capture.illuminant
    light = (
        np.asarray(chosen.power)
        if isinstance(chosen, Light)
        else illuminant(chosen, capture.cct_k)
    )
    weights = rgb_weights(_camera(capture), light)
    return weights, _table(weights.tobytes())


@lru_cache(maxsize=8)
def _table(weights: bytes) -> SkinTable:
    return skin_table(np.frombuffer(weights, dtype=np.float64).reshape(-1, 3))


def _fingerprint(capture: Capture, pose: Pose) -> int:
    """Two photographs of one visit have different noise, the same one the same."""
    camera = _camera(capture).name
    facts = (camera, capture.exposure_ev, capture.light_direction_deg, capture.taken_at)
    return zlib.crc32(repr((facts, pose)).encode())


def _packed(encoded: Encoded, capture: Capture) -> tuple[bytes, Encoded]:
    if capture.jpeg_quality is None or encoded.dtype != np.uint8:
        return png16_bytes(encoded.astype(np.uint16, copy=False)), encoded
    data = jpeg_bytes(
        encoded.astype(np.uint8, copy=False),
        quality=capture.jpeg_quality,
        capture=_metadata(capture),
    )
    return data, unpacked_jpeg(data)


def _metadata(capture: Capture) -> Metadata:
    equivalent = 36 * capture.focal_factor
    return Metadata(
        taken_at=capture.taken_at,
        exposure_time_s=1 / 125,
        f_number=5.6,
        iso=200.0,
        exposure_bias_ev=0.0,
        flash_fired=capture.flash,
        focal_length_mm=equivalent,
        focal_length_35mm_mm=equivalent,
        camera_make="Cicatrix",
        camera_model=f"phantom {_camera(capture).name}",
        software="cicatrix phantom",
    )


def _truth(
    sitting: Sitting, things: tuple[Placed, ...], hidden: npt.NDArray[np.bool_]
) -> Truth:
    state, shape = sitting.state, lesion_shape(sitting.scene)
    left = state.contrast_de00 / state.baseline_de00
    objects = []
    for thing in things:
        plane = np.concatenate([thing.corners_plane_mm, np.zeros((4, 1))], axis=1)
        corners = tuple((float(x), float(y)) for x, y in sitting.view.project(plane))
        objects.append(ObjectTruth(kind=thing.kind, corners_px=corners))
    return Truth(
        contrast_de00=state.contrast_de00,
        baseline_de00=state.baseline_de00,
        fade=1 - (left if sitting.fade <= 1 else -left),
        signed_lab=state.signed_lab,
        skin_lab=state.skin_lab,
        skin_ita_deg=state.skin_ita_deg,
        melanin_log_change=state.log_changes[0],
        blood_log_change=state.log_changes[1],
        scattering_log_change=state.log_changes[2],
        area_mm2=shape.area_mm2,
        length_mm=shape.length_mm,
        width_mm=shape.width_mm,
        px_per_mm=sitting.view.px_per_mm_at((0.0, 0.0)),
        objects=tuple(objects),
        view=sitting.view,
        shape=shape,
        hidden=hidden,
    )
