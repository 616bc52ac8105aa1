"""The draws of the fitted model that the package carries: no sampler is needed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.trial_rows import data_hash

__all__ = ["Draws", "load_draws"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws of every parameter, the first axis always the draw.

    `names` says what the places of the vectors `mu`, `part`, `kind`, `pair` and
    `pih_effect` stand for. `studies_of` lists the studies behind an indication and
    treatment, `studies` all that were fitted, `pih_studies` those that count PIH.
    """

    values: Mapping[str, Array]
    names: Mapping[str, tuple[str, ...]]
    studies_of: Mapping[str, tuple[str, ...]]
    studies: tuple[str, ...]
    pih_studies: tuple[str, ...]
    data_sha256: str

    @property
    def count(self) -> int:
        """How many draws there are."""
        return len(self.values["mu_all"])

    def of(self, vector: str, name: str) -> Array | None:
        """The draws of one place of a vector, or `None` if the fit knew no such place."""
        names = self.names[vector]
        return self.values[vector][:, names.index(name)] if name in names else None


@cache
def load_draws() -> Draws:
    """The draws, checked to belong to the tables of this version.

    Raises
    ------
    EvidenceInvalid
        The tables were changed after the fit: run `make evidence`.
    """
    folder = files("cicatrix.evidence").joinpath("forecast")
    about = json.loads(folder.joinpath("about.json").read_text(encoding="utf-8"))
    if about["data_sha256"] != data_hash():
        raise EvidenceInvalid(
            "evidence/forecast: the tables of trials were changed after the forecast "
            "was fitted, so it would answer for other data. Run make evidence."
        )
    with as_file(folder.joinpath("draws.npz")) as path, np.load(path) as content:
        values = {name: content[name].astype(np.float64) for name in content.files}
    return Draws(
        values=MappingProxyType(values),
        names=MappingProxyType(
            {
                "mu": tuple(about["indications"]),
                "kind": tuple(about["subtypes"]),
                "part": tuple(about["parts"]),
                "pair": tuple("/".join(pair) for pair in about["pairs"]),
                "pih_effect": tuple(about["pih_treatments"]),
                "pih_family": tuple(about["pih_families"]),
            }
        ),
        studies_of=MappingProxyType(
            {name: tuple(keys) for name, keys in about["studies_of"].items()}
        ),
        studies=tuple(about["studies"]),
        pih_studies=tuple(about["pih_studies"]),
        data_sha256=about["data_sha256"],
    )
