"""From pixels to skin and back, exactly: a pinhole camera over a bent, stretched sheet."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cicatrix.phantom.capture import Capture, Pose
from cicatrix.phantom.scene import Scene

__all__ = ["View", "view_of"]

Points = npt.NDArray[np.float64]

_FLAT_PER_MM = 1e-7
"""Below this curvature a sheet is flat to the last digit of a picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """One pinhole camera and the shape of the sheet of skin.

    The lesion is the origin of a frame with x right, y down, z away from the camera. The
    sheet is a cylinder touching z = 0 along the limb's axis through the origin; positions
    on it are arc lengths. `waves` (n, 5) hold the stretch: direction of travel x, y in
    1/mm, phase, displacement x, y in mm.
    """

    width_px: int
    height_px: int
    focal_px: float
    rotation: Points
    centre: Points
    curvature_per_mm: float
    axis_deg: float
    waves: Points

    @cached_property
    def _turn(self) -> Points:
        """(2, 2): plane (x, y) to (along the axis, across it)."""
        angle = np.radians(self.axis_deg)
        c, s = np.cos(angle), np.sin(angle)
        return np.array([[c, s], [-s, c]])

    def to_skin_mm(self, points_px: npt.ArrayLike) -> Points:
        """Skin position (n, 2) in mm of pixels (n, 2); NaN where skin is not hit."""
        sheet = self.to_sheet_mm(points_px)
        return np.add(sheet, self._stretch(sheet))

    def to_pixels(self, points_mm: npt.ArrayLike) -> Points:
        """Pixels (n, 2) of skin positions (n, 2) in mm."""
        skin: Points = np.asarray(points_mm, dtype=np.float64)
        sheet = skin - self._stretch(skin)
        for _ in range(60):  # a contraction: the stretch is far from folding
            step = skin - self._stretch(sheet) - sheet
            sheet = sheet + step
            if np.nanmax(np.abs(step), initial=0.0) < 1e-10:
                break
        return self.project(self._embed(sheet))

    def to_sheet_mm(self, points_px: npt.ArrayLike) -> Points:
        """Arc-length position (n, 2) on the sheet, before the skin's own stretch."""
        origin, ray = self.centre, self._rays(points_px)
        k = self.curvature_per_mm
        if abs(k) < _FLAT_PER_MM:
            t = -origin[2] / ray[:, 2]
            return np.asarray(origin[:2] + t[:, None] * ray[:, :2])
        start = self._turn @ origin[:2]
        way = ray[:, :2] @ self._turn.T
        # (across)² + (z - 1/k)² = 1/k², times k so that it stays finite as k -> 0.
        a = k * (way[:, 1] ** 2 + ray[:, 2] ** 2)
        b = k * (start[1] * way[:, 1] + origin[2] * ray[:, 2]) - ray[:, 2]
        c = k * (start[1] ** 2 + origin[2] ** 2) - 2 * origin[2]
        with np.errstate(invalid="ignore"):
            t = c / (-b + np.sqrt(b**2 - a * c))  # the near crossing; NaN past the limb
        across = start[1] + t * way[:, 1]
        z = origin[2] + t * ray[:, 2]
        arc = np.arctan2(k * across, 1 - k * z) / k
        along = start[0] + t * way[:, 0]
        return np.asarray(np.stack([along, arc], axis=-1) @ self._turn)

    def facing(self, points_px: npt.ArrayLike) -> Points:
        """(n) how surely a pixel sees skin: 0 on the limb's outline, below 0 past it."""
        origin, ray = self.centre, self._rays(points_px)
        k = self.curvature_per_mm
        if abs(k) < _FLAT_PER_MM:
            return np.ones(len(ray))
        start, way = self._turn @ origin[:2], ray[:, :2] @ self._turn.T
        a = k * (way[:, 1] ** 2 + ray[:, 2] ** 2)
        b = k * (start[1] * way[:, 1] + origin[2] * ray[:, 2]) - ray[:, 2]
        c = k * (start[1] ** 2 + origin[2] ** 2) - 2 * origin[2]
        return np.asarray(b**2 - a * c)

    def plane_mm(self, points_px: npt.ArrayLike) -> Points:
        """Where rays meet the plane that touches the skin at the lesion (n, 2)."""
        ray = self._rays(points_px)
        t = -self.centre[2] / ray[:, 2]
        return np.asarray(self.centre[:2] + t[:, None] * ray[:, :2])

    def project(self, points_xyz: npt.ArrayLike) -> Points:
        """Pixels (n, 2) of points in space (n, 3), mm."""
        seen = (np.asarray(points_xyz, dtype=np.float64) - self.centre) @ self.rotation
        middle = np.array([(self.width_px - 1) / 2, (self.height_px - 1) / 2])
        return np.asarray(self.focal_px * seen[:, :2] / seen[:, 2:] + middle)

    def slope(self, sheet_mm: Points) -> Points:
        """Inclination (…, 2) of the limb's surface: -normal x and y over z."""
        k = self.curvature_per_mm
        across = sheet_mm @ self._turn[1]
        steep = np.tan(np.clip(k * across, -1.45, 1.45))
        return np.asarray(steep[..., None] * self._turn[1])

    def px_per_mm_at(self, point_mm: npt.ArrayLike) -> float:
        """Pixels a millimetre of skin here: root of the area ratio."""
        x, y = np.asarray(point_mm, dtype=np.float64)
        h = 1e-3
        corners = self.to_pixels([[x - h, y], [x + h, y], [x, y - h], [x, y + h]])
        u, v = (corners[1] - corners[0]) / (2 * h), (corners[3] - corners[2]) / (2 * h)
        return float(np.sqrt(abs(u[0] * v[1] - u[1] * v[0])))

    def _rays(self, points_px: npt.ArrayLike) -> Points:
        points: Points = np.asarray(points_px, dtype=np.float64)
        middle = np.array([(self.width_px - 1) / 2, (self.height_px - 1) / 2])
        flat = (points - middle) / self.focal_px
        ray = np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
        return np.asarray(ray @ self.rotation.T)

    def _stretch(self, sheet_mm: Points) -> Points:
        moved = np.zeros_like(sheet_mm)
        for kx, ky, phase, dx, dy in self.waves:
            wave = np.sin(sheet_mm[..., 0] * kx + sheet_mm[..., 1] * ky + phase)
            moved = moved + (wave - np.sin(phase))[..., None] * np.array([dx, dy])
        return moved

    def _embed(self, sheet_mm: Points) -> Points:
        k = self.curvature_per_mm
        if abs(k) < _FLAT_PER_MM:
            return np.concatenate([sheet_mm, np.zeros((len(sheet_mm), 1))], axis=1)
        turned = sheet_mm @ self._turn.T
        across = np.sin(k * turned[:, 1]) / k
        z = (1 - np.cos(k * turned[:, 1])) / k
        plane = np.stack([turned[:, 0], across], axis=-1) @ self._turn
        return np.concatenate([plane, z[:, None]], axis=1)


def view_of(scene: Scene, capture: Capture, pose: Pose) -> View:
    """The geometry of one photograph."""
    focal_px = capture.focal_factor * capture.width_px
    distance = focal_px / capture.px_per_mm * pose.distance_factor
    rotation = _rotation(pose)
    target = rotation @ np.array([*pose.shift_mm, 0.0])
    target[2] = 0.0
    return View(
        width_px=capture.width_px,
        height_px=capture.height_px,
        focal_px=focal_px,
        rotation=rotation,
        centre=-target - distance * rotation[:, 2],
        curvature_per_mm=scene.curvature_per_mm + pose.bend_per_mm,
        axis_deg=scene.curvature_axis_deg,
        waves=_waves(pose),
    )


def _rotation(pose: Pose) -> Points:
    """Columns: the picture's right, down and viewing directions on the skin's frame."""
    x, y, z = np.radians([pose.tilt_x_deg, pose.tilt_y_deg, pose.rotation_deg])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]]
    )
    about_y = np.array(
        [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    )
    about_z = np.array(
        [[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]]
    )
    return np.asarray(about_x @ about_y @ about_z)


def _waves(pose: Pose) -> Points:
    """Four waves 45 to 130 mm long whose amplitudes add to `deformation_mm`."""
    if pose.deformation_mm == 0:
        return np.zeros((0, 5))
    rng = np.random.default_rng([pose.deformation_seed, 4711])
    count = 4
    travel = rng.uniform(0, 2 * np.pi, count)
    number = 2 * np.pi / rng.uniform(45, 130, count)
    push = rng.uniform(0, 2 * np.pi, count)
    weight = rng.uniform(0.5, 1.0, count)
    weight *= pose.deformation_mm / weight.sum()
    return np.stack(
        [
            number * np.cos(travel),
            number * np.sin(travel),
            rng.uniform(0, 2 * np.pi, count),
            weight * np.cos(push),
            weight * np.sin(push),
        ],
        axis=-1,
    )
