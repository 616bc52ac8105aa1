"""How each peer aligns two photographs, at a setting that suits skin.

Every peer but SIFT itself starts from OpenCV's SIFT homography, because none of them
finds a turned photograph by itself; the time of that start is in its time. What the
start leaves unseen, and the lesion, which fades, are masked out; where a peer knows no
masks, the unseen is filled from the first photograph. Pictures are evened out (log grey values less their wide mean, over
their wide spread) where that helped on seeds 100 to 107: other light broke nearly all
without it. Each function answers a map from pixels of the first photograph to pixels of
the second.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from cicatrix.alignment.aligning import align
from cicatrix.photo.value import Photo

Points = np.ndarray
PointMap = Callable[[Points], Points]


class NotAligned(Exception):
    """The peer itself found no alignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to align: what it is called, which package it needs, how it is set."""

    name: str
    package: str
    setting: str
    run: Callable[[Photo, Photo, np.ndarray], PointMap]


def cicatrix(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """This software."""
    return align(before, after, lesion).to_followup


def _grey(photo: Photo) -> np.ndarray:
    return cv2.cvtColor(photo.encoded, cv2.COLOR_RGB2GRAY)


def _homography(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """SIFT, ratio test, MAGSAC; local contrast is evened out as skin has little."""
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    sift = cv2.SIFT_create(nfeatures=5000, contrastThreshold=0.02)
    (keys_a, marks_a), (keys_b, marks_b) = (
        sift.detectAndCompute(even.apply(grey), None) for grey in (first, second)
    )
    if marks_a is None or marks_b is None:
        raise NotAligned("no features")
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(marks_a, marks_b, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < 0.8 * p[1].distance]
    if len(good) < 8:
        raise NotAligned("too few matches")
    from_xy = np.float32([keys_a[m.queryIdx].pt for m in good])
    to_xy = np.float32([keys_b[m.trainIdx].pt for m in good])
    matrix, kept = cv2.findHomography(
        from_xy, to_xy, cv2.USAC_MAGSAC, 4.0, maxIters=10_000, confidence=0.999
    )
    if matrix is None or kept.sum() < 8:
        raise NotAligned("no homography")
    return matrix


def _through(matrix: np.ndarray, points: Points) -> Points:
    return cv2.perspectiveTransform(
        np.asarray(points, np.float64).reshape(-1, 1, 2), matrix
    ).reshape(-1, 2)


def sift(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """SIFT homography alone."""
    matrix = _homography(_grey(before), _grey(after))
    return lambda points: _through(matrix, points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Both pictures in the frame of the first, and the homography.

    `stable` is where both are seen and skin is not the lesion, which fades.
    """

    first: np.ndarray
    moved: np.ndarray
    stable: np.ndarray
    matrix: np.ndarray


def _started(before: Photo, after: Photo, lesion: np.ndarray, half: int) -> _Start:
    """The start, reduced `half` times; pictures are evened out, uint8."""
    first, second = _grey(before), _grey(after)
    matrix = _homography(first, second)
    size, back = first.shape[::-1], cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpPerspective(
        second, matrix, size, flags=back, borderMode=cv2.BORDER_REPLICATE
    )
    seen = cv2.warpPerspective(np.full_like(second, 255), matrix, size, flags=back)
    other = cv2.dilate(lesion.astype(np.uint8), np.ones((9, 9), np.uint8)) * 255
    for _ in range(half):
        size = (first.shape[1] // 2, first.shape[0] // 2)
        first, moved, seen, other = (
            cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            for image in (first, moved, seen, other)
        )
    first, moved = _evened(first), _evened(moved)
    seen = cv2.erode(seen, np.ones((9, 9), np.uint8)) == 255
    return _Start(
        first=first,
        moved=np.where(seen, moved, first),
        stable=seen & (other == 0),
        matrix=matrix,
    )


def _evened(grey: np.ndarray) -> np.ndarray:
    side = 2 * (max(grey.shape) // 27) + 1

    def wide(image: np.ndarray) -> np.ndarray:
        return cv2.blur(cv2.blur(image, (side, side)), (side, side))

    log = np.log(grey.astype(np.float32) + 8)
    off = log - wide(log)
    even = off / (np.sqrt(wide(off**2)) + 0.01)
    return np.clip(128 + 40 * even, 0, 255).astype(np.uint8)


def _reduced(points: Points, half: int) -> Points:
    return (np.asarray(points, np.float64) + 0.5) / 2**half - 0.5


def _grown(points: Points, half: int) -> Points:
    return (points + 0.5) * 2**half - 0.5


def _by_flow(flow: np.ndarray, matrix: np.ndarray, half: int) -> PointMap:
    """The map of a dense flow (rows, cols, 2) of x, y after the start."""
    dense = np.asarray(flow, np.float32)

    def mapped(points: Points) -> Points:
        at = _reduced(points, half)
        x, y = at.astype(np.float32).T.reshape(2, -1, 1)
        step = cv2.remap(dense, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return _through(matrix, _grown(at + step.reshape(-1, 2), half))

    return mapped


def dis(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Dense inverse search at full size."""
    start = _started(before, after, lesion, 0)
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return _by_flow(search.calc(start.first, start.moved, None), start.matrix, 0)


def ecc(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Homography refined by the enhanced correlation coefficient at half size."""
    start = _started(before, after, lesion, 1)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)
    try:
        _, found = cv2.findTransformECC(
            start.first,
            start.moved,
            np.eye(3, dtype=np.float32),
            cv2.MOTION_HOMOGRAPHY,
            stop,
            start.stable.astype(np.uint8),
            5,
        )
    except cv2.error as wrong:
        raise NotAligned("it did not converge") from wrong
    own = found.astype(np.float64)
    return lambda points: _through(
        start.matrix, _grown(_through(own, _reduced(points, 1)), 1)
    )


def _unit(image: np.ndarray) -> np.ndarray:
    return image.astype(np.float32) / 255


def tv_l1(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Total-variation flow at half size, prefiltered against outliers."""
    from skimage.registration import optical_flow_tvl1

    start = _started(before, after, lesion, 1)
    down, right = optical_flow_tvl1(
        _unit(start.first), _unit(start.moved), prefilter=True
    )
    return _by_flow(np.stack([right, down], axis=-1), start.matrix, 1)


def ilk(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Iterative Lucas-Kanade flow at half size with Gaussian windows of radius 15."""
    from skimage.registration import optical_flow_ilk

    start = _started(before, after, lesion, 1)
    down, right = optical_flow_ilk(
        _unit(start.first), _unit(start.moved), radius=15, gaussian=True, prefilter=True
    )
    return _by_flow(np.stack([right, down], axis=-1), start.matrix, 1)


def elastix(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Affine, then B-splines every 64 px; mutual information at half size."""
    import itk

    start = _started(before, after, lesion, 1)
    fixed, moving = (itk.image_from_array(_unit(i)) for i in (start.first, start.moved))
    asked = itk.ParameterObject.New()
    for kind, spacing in (("affine", 0.0), ("bspline", 64.0)):
        if kind == "bspline":
            chosen = asked.GetDefaultParameterMap(kind, 4, spacing)
        else:
            chosen = asked.GetDefaultParameterMap(kind, 4)
        chosen["AutomaticTransformInitialization"] = ["false"]
        asked.AddParameterMap(chosen)
    _, found = itk.elastix_registration_method(
        fixed,
        moving,
        fixed_mask=itk.image_from_array(start.stable.astype(np.uint8)),
        parameter_object=asked,
        log_to_console=False,
    )
    field = itk.transformix_deformation_field(moving, found)
    return _by_flow(itk.array_from_image(field), start.matrix, 1)


def simple_itk(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Affine, then B-splines on a mesh of 8 x 6; mutual information at half size."""
    import SimpleITK as sitk  # noqa: N813 - its own spelling

    start = _started(before, after, lesion, 1)
    fixed, moving = (
        sitk.GetImageFromArray(_unit(i)) for i in (start.first, start.moved)
    )
    seen = sitk.GetImageFromArray(start.stable.astype(np.uint8))
    affine = sitk.CenteredTransformInitializer(
        fixed,
        fixed,
        sitk.AffineTransform(2),
        sitk.CenteredTransformInitializerFilter.GEOMETRY,
    )
    steps = _simple_itk_steps(sitk, seen)
    steps.SetOptimizerAsRegularStepGradientDescent(
        learningRate=1.0, minStep=1e-4, numberOfIterations=150
    )
    steps.SetOptimizerScalesFromPhysicalShift()
    steps.SetInitialTransform(affine, inPlace=True)
    steps.Execute(fixed, moving)
    mesh = sitk.BSplineTransformInitializer(fixed, [8, 6], 3)
    steps = _simple_itk_steps(sitk, seen)
    steps.SetMovingInitialTransform(affine)
    steps.SetOptimizerAsLBFGSB(numberOfIterations=60)
    steps.SetInitialTransform(mesh, inPlace=True)
    steps.Execute(fixed, moving)
    whole = sitk.CompositeTransform([affine, mesh])
    field = sitk.TransformToDisplacementField(
        whole, sitk.sitkVectorFloat64, fixed.GetSize()
    )
    return _by_flow(sitk.GetArrayFromImage(field), start.matrix, 1)


def _simple_itk_steps(sitk: object, seen: object) -> object:
    steps = sitk.ImageRegistrationMethod()
    steps.SetMetricFixedMask(seen)
    steps.SetMetricAsMattesMutualInformation(numberOfHistogramBins=50)
    steps.SetMetricSamplingStrategy(steps.RANDOM)
    steps.SetMetricSamplingPercentage(0.1, seed=1)
    steps.SetInterpolator(sitk.sitkLinear)
    steps.SetShrinkFactorsPerLevel([4, 2, 1])
    steps.SetSmoothingSigmasPerLevel([2, 1, 0])
    return steps


def ants_syn(before: Photo, after: Photo, lesion: np.ndarray) -> PointMap:
    """Affine, then symmetric normalisation (SyN); mutual information at half size."""
    import ants

    start = _started(before, after, lesion, 1)
    # Its arrays run x first.
    fixed, moving, seen = (
        ants.from_numpy(i.T.astype(np.float32))
        for i in (_unit(start.first), _unit(start.moved), start.stable)
    )
    with tempfile.TemporaryDirectory() as folder:
        found = ants.registration(
            fixed,
            moving,
            type_of_transform="SyN",
            mask=seen,
            random_seed=1,
            outprefix=str(Path(folder) / "ants"),
        )
        y, x = np.indices(start.first.shape)
        return _by_flow(
            _ants_field(ants, found["fwdtransforms"], x, y), start.matrix, 1
        )


def _ants_field(
    ants: object, transforms: list[str], x: np.ndarray, y: np.ndarray
) -> np.ndarray:
    import pandas

    grid = pandas.DataFrame(
        {"x": x.ravel().astype(float), "y": y.ravel().astype(float)}
    )
    moved = ants.apply_transforms_to_points(2, grid, transforms)
    step = moved[["x", "y"]].to_numpy() - grid.to_numpy()
    return step.reshape(*x.shape, 2)


METHODS: tuple[Method, ...] = (
    Method(
        name="Cicatrix",
        package="cicatrix",
        setting="`align`, with the lesion's mask",
        run=cicatrix,
    ),
    Method(
        name="OpenCV SIFT",
        package="opencv-python-headless",
        setting="CLAHE, 5000 features, MAGSAC homography; full size",
        run=sift,
    ),
    Method(
        name="OpenCV ECC",
        package="opencv-python-headless",
        setting="homography, 100 steps; half size",
        run=ecc,
    ),
    Method(
        name="OpenCV DIS",
        package="opencv-python-headless",
        setting="preset medium; full size",
        run=dis,
    ),
    Method(
        name="scikit-image TV-L1",
        package="scikit-image",
        setting="defaults, prefiltered; half size",
        run=tv_l1,
    ),
    Method(
        name="scikit-image ILK",
        package="scikit-image",
        setting="radius 15, Gaussian, prefiltered; half size",
        run=ilk,
    ),
    Method(
        name="itk-elastix",
        package="itk-elastix",
        setting="default affine and B-spline (64 px), 4 levels; half size",
        run=elastix,
    ),
    Method(
        name="SimpleITK",
        package="simpleitk",
        setting="Mattes affine and B-spline (8 x 6), 3 levels; half size",
        run=simple_itk,
    ),
    Method(
        name="ANTs (antspyx)",
        package="antspyx",
        setting="`SyN`, defaults; half size",
        run=ants_syn,
    ),
)
