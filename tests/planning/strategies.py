"""Plans that a clinic could ask for, drawn by Hypothesis."""

from datetime import date

from hypothesis import strategies as st

from cicatrix.evidence.words_of_the_field import indications, sites
from cicatrix.planning.devices import DEVICE_KINDS, kind_of, models
from cicatrix.planning.request import (
    JURISDICTIONS,
    SKIN_TYPES,
    PlanRequest,
    SiteRequest,
)

LENGTHS_MM = st.floats(0.05, 4)
SEX = st.sampled_from(("female", "male"))
MEASURED = st.sampled_from(
    ("forehead", "cheek", "nose", "neck", "abdomen", "thigh", "upper-arm")
)


@st.composite
def requests(draw):
    device = draw(st.sampled_from((*DEVICE_KINDS, *models())))
    return PlanRequest(
        title="Plan",
        sex=draw(SEX),
        age_years=draw(st.none() | st.integers(18, 90)),
        skin_type=draw(st.none() | st.sampled_from(SKIN_TYPES)),
        device=device,
        device_kind=kind_of(device),
        jurisdiction=draw(st.none() | st.sampled_from(JURISDICTIONS)),
        sites=tuple(
            draw(
                st.lists(
                    st.builds(
                        SiteRequest,
                        site=st.sampled_from(tuple(sites())),
                        indication=st.sampled_from(tuple(indications())),
                        length_mm=st.none() | LENGTHS_MM,
                    ),
                    min_size=1,
                    max_size=3,
                )
            )
        ),
        start_on=draw(st.dates(date(2020, 1, 1), date(2040, 1, 1))),
        sessions=draw(st.none() | st.integers(1, 12)),
        sessions_done=(),
        interval_days=draw(st.none() | st.integers(7, 120)),
        topicals=draw(
            st.sampled_from(((), ("vitamin-c",), ("serum", "snail cream 5")))
        ),
        area_cm2=None,
        weight_kg=None,
    )
