"""Light in flat layers by Monte Carlo: an optical model that shares nothing with ours.

    python benchmarks/light_transport.py              against published values
    python benchmarks/light_transport.py --package    and against PyTissueOptics (MIT),
                                                      where it is installed

Photons are followed as in L. Wang, S. Jacques, L. Zheng 1995 (MCML,
doi 10.1016/0169-2607(95)01640-F): exponential steps, Henyey-Greenstein turns, Fresnel at
the surface. Absorption is not drawn: a photon that comes back tells how far it went in
each layer, and Beer-Lambert over those ways gives the reflectance for any absorption.
PyTissueOptics is not among our requirements: it brings Qt and VTK along. It was run in an
environment of its own; the figures stand in docs/explanation/phantoms.md.
"""

import argparse
import importlib.util
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LONGEST_CM = 25.0
"""Farther no photon is followed: baseline absorption of skin leaves 0.2 % of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Scattering (1/cm), its anisotropy, thickness (cm; infinite for the last)."""

    scattering_per_cm: float
    anisotropy: float
    thickness_cm: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Photons that left upwards or downwards: ways (n, layers) in cm, and their weight.

    `sent` photons entered; what the surface mirrored at once is not among them, and
    `mirrored` says its share.
    """

    up_cm: Array
    up_weight: Array
    down_cm: Array
    down_weight: Array
    sent: int
    mirrored: float

    def reflectance(self, absorption_per_cm: npt.ArrayLike) -> float:
        """Diffuse reflectance (without the mirrored share) for absorptions (layers)."""
        return self._share(self.up_cm, self.up_weight, absorption_per_cm)

    def transmittance(self, absorption_per_cm: npt.ArrayLike) -> float:
        """Total transmittance for absorptions (layers)."""
        return self._share(self.down_cm, self.down_weight, absorption_per_cm)

    def _share(self, ways: Array, weight: Array, absorption: npt.ArrayLike) -> float:
        left = np.exp(-ways @ np.asarray(absorption, dtype=np.float64))
        return float((left * weight).sum() / self.sent * (1 - self.mirrored))


def follow(layers: tuple[Layer, ...], *, index: float, photons: int, seed: int) -> Ways:
    """Send photons straight down into layers of one refractive index under air.

    A photon that meets the surface is split: the part that leaves is counted, the part
    that is mirrored back goes on.
    """
    rng = np.random.default_rng(seed)
    tops = np.concatenate([[0.0], np.cumsum([one.thickness_cm for one in layers])])
    scattering = np.array([one.scattering_per_cm for one in layers])
    turns = np.array([one.anisotropy for one in layers])
    z, down = np.zeros(photons), np.ones(photons)
    way, weight = np.zeros((photons, len(layers))), np.ones(photons)
    layer = np.zeros(photons, dtype=int)
    left = -np.log(rng.random(photons))  # free path in units of mean free paths
    found: tuple[list[Array], ...] = ([], [], [], [])
    while len(z):
        edge = np.where(down > 0, tops[layer + 1], tops[layer])
        with np.errstate(divide="ignore", invalid="ignore"):
            to_edge = np.where(down != 0, (edge - z) / down, np.inf)
        free = left / scattering[layer]
        crossing = to_edge <= free
        step = np.where(crossing, to_edge, free)
        way[np.arange(len(z)), layer] += step
        z = np.where(crossing, edge, z + down * step)
        left = left - step * scattering[layer]
        _cross(crossing, (layer, down, way, weight, found), index, len(layers))
        hit = np.flatnonzero(~crossing)
        down[hit] = _turned(down[hit], turns[layer[hit]], rng)
        left[hit] = -np.log(rng.random(len(hit)))
        keep = (weight > 1e-5) & (way.sum(axis=1) < LONGEST_CM)
        if not keep.all():
            z, down, way, weight = z[keep], down[keep], way[keep], weight[keep]
            layer, left = layer[keep], left[keep]
    empty = np.zeros((0, len(layers)))
    return Ways(
        up_cm=np.concatenate([empty, *found[0]]),
        up_weight=np.concatenate([np.zeros(0), *found[1]]),
        down_cm=np.concatenate([empty, *found[2]]),
        down_weight=np.concatenate([np.zeros(0), *found[3]]),
        sent=photons,
        mirrored=((index - 1) / (index + 1)) ** 2,
    )


def _cross(crossing: Array, state: tuple, index: float, count: int) -> None:
    """Photons at an edge: into the next layer, or partly out of the tissue."""
    layer, down, way, weight, found = state
    at = np.flatnonzero(crossing)
    goes_down = down[at] > 0
    bottom = at[goes_down & (layer[at] == count - 1)]
    top = at[~goes_down & (layer[at] == 0)]
    inner = at[(goes_down & (layer[at] < count - 1)) | (~goes_down & (layer[at] > 0))]
    layer[inner] += np.where(down[inner] > 0, 1, -1)
    for out, (ways, weights) in ((top, found[:2]), (bottom, found[2:])):
        back = fresnel(np.abs(down[out]), index)
        ways.append(way[out].copy())
        weights.append(weight[out] * (1 - back))
        weight[out] *= back
        down[out] *= -1


def fresnel(cosine: Array, index: float) -> Array:
    """Reflectance (n) of unpolarised light inside a medium of this index under air."""
    sine = np.sqrt(np.maximum(0.0, 1 - cosine**2)) * index
    total = sine >= 1
    outside = np.sqrt(np.maximum(0.0, 1 - sine**2))
    across = (index * cosine - outside) / (index * cosine + outside + 1e-300)
    along = (cosine - index * outside) / (cosine + index * outside + 1e-300)
    return np.where(total, 1.0, (across**2 + along**2) / 2)


def _turned(down: Array, g: Array, rng: np.random.Generator) -> Array:
    """New vertical cosines after Henyey-Greenstein scattering."""
    drawn = rng.random(len(down))
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = (1 + g**2 - ((1 - g**2) / (1 - g + 2 * g * drawn)) ** 2) / (2 * g)
    cosine = np.where(np.abs(g) > 1e-6, bent, 2 * drawn - 1)
    azimuth = np.cos(2 * np.pi * rng.random(len(down)))
    sines = np.sqrt(np.maximum(0.0, (1 - cosine**2) * (1 - down**2)))
    return np.clip(down * cosine + sines * azimuth, -1.0, 1.0)


PUBLISHED = (
    # What, layers, index, absorption in 1/cm, reflectance, transmittance.
    (
        "slab, index 1 (H. van de Hulst 1980, as in MCML's paper)",
        (Layer(scattering_per_cm=90.0, anisotropy=0.75, thickness_cm=0.02),),
        1.0,
        (10.0,),
        0.09739,
        0.66096,
    ),
    (
        "half space, index 1.5 (R. Giovanelli 1955, as in MCML's paper)",
        (Layer(scattering_per_cm=90.0, anisotropy=0.0),),
        1.5,
        (10.0,),
        0.2600,
        None,
    ),
)


def published_table(photons: int) -> str:
    """Ours beside the published values."""
    lines = ["| case | published | here |", "|---|---|---|"]
    for what, layers, index, absorbed, up, through in PUBLISHED:
        ways = follow(layers, index=index, photons=photons, seed=1)
        mirrored = ways.mirrored if index > 1 else 0.0
        told = ways.reflectance(absorbed) + mirrored
        lines.append(f"| {what}, reflectance | {up:.4f} | {told:.4f} |")
        if through is not None:
            lines.append(
                f"| the same, transmittance | {through:.4f} | "
                f"{ways.transmittance(absorbed):.4f} |"
            )
    return "\n".join(lines)


SKIN_CASES = (
    # Epidermis and dermis: absorption 1/cm; scattering 1/cm, alike in all directions, as
    # the other code takes a minute for some hundred photons of forward scattering.
    ("light skin, 450 nm", (20.0, 2.2), 52.0),
    ("light skin, 550 nm", (11.0, 1.6), 40.0),
    ("dark skin, 550 nm", (70.0, 1.6), 40.0),
)
SKIN_INDEX, EPIDERMIS_CM = 1.4, 0.006


def package_table(photons: int) -> str:
    """Ours beside PyTissueOptics on two layers like skin."""
    lines = ["| case | PyTissueOptics | here |", "|---|---|---|"]
    for what, absorbed, scattering in SKIN_CASES:
        layers = (
            Layer(scattering_per_cm=scattering, anisotropy=0.0, thickness_cm=EPIDERMIS_CM),
            Layer(scattering_per_cm=scattering, anisotropy=0.0),
        )  # fmt: skip
        ways = follow(layers, index=SKIN_INDEX, photons=20_000, seed=2)
        other, sd = _by_package(absorbed, scattering, photons)
        lines.append(
            f"| {what} | {other:.3f} ± {sd:.3f} | {ways.reflectance(absorbed):.3f} |"
        )
    return "\n".join(lines)


def _by_package(
    absorbed: tuple[float, float], scattering: float, photons: int
) -> tuple[float, float]:
    import pytissueoptics as pt  # not required; see the module's docstring

    materials = [
        pt.ScatteringMaterial(scattering, mua, 0.0, SKIN_INDEX) for mua in absorbed
    ]
    deep = pt.Cuboid(a=30, b=30, c=4.0, material=materials[1], label="dermis")
    thin = pt.Cuboid(a=30, b=30, c=EPIDERMIS_CM, material=materials[0], label="epidermis")  # fmt: skip
    stack = deep.stack(thin, "front")
    stack.translateTo(pt.Vector(0, 0, (4.0 + EPIDERMIS_CM) / 2))
    scene = pt.ScatteringScene([stack])
    logger = pt.EnergyLogger(scene)
    start = pt.Vector(0, 0, -0.001)
    source = pt.PencilPointSource(
        position=start,
        direction=pt.Vector(0, 0, 1),
        N=photons,
        useHardwareAcceleration=False,
        displaySize=0.001,
    )
    source.propagate(scene, logger, showProgress=False)
    # What was neither absorbed nor lost below came back, the mirrored share included.
    kept = sum(logger.getDataPoints(pt.InteractionKey(name)) [:, 0].sum() for name in ("epidermis", "dermis")) / photons  # fmt: skip
    mirrored = ((SKIN_INDEX - 1) / (SKIN_INDEX + 1)) ** 2
    back = 1 - kept - mirrored
    return float(back), float(np.sqrt(max(back * (1 - back), 0) / photons))


def main() -> None:
    """Print the comparisons."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--photons", type=int, default=100_000)
    words.add_argument("--package", action="store_true")
    words.add_argument("--package-photons", type=int, default=2000)
    asked = words.parse_args()
    print(published_table(asked.photons))
    if asked.package:
        if importlib.util.find_spec("pytissueoptics") is None:
            raise SystemExit("pytissueoptics is not installed here")
        print()
        print(package_table(asked.package_photons))


if __name__ == "__main__":
    main()
