"""The state of a figure in the codes of SDMX, as statistics offices exchange them.

`CL_OBS_STATUS` and `CL_CONF_STATUS` of the SDMX content-oriented guidelines,
https://sdmx.org/?page_id=3215. A department's own figure is V (“as received from the respondent without
further evaluation of data quality”), one that is due and did not come L (“data exist but were not
collected”); M would say that data cannot exist. 预计 is E and not F (a forecast): its data period is over.
"""

from collections.abc import Mapping

from tenproj_xl.core.answers import Disclosure, Nature
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.states import State
from tenproj_xl.rollup.facts.indicators import IndicatorLine


class ObservationStatus(LabelledCode):
    """Codes of CL_OBS_STATUS that figures here have; labels are those of the code list."""

    NORMAL = "A", "Normal value"
    ESTIMATED = "E", "Estimated value"
    NOT_COLLECTED = "L", "Missing value; data exist but were not collected"
    MISSING = "O", "Missing value"
    PROVISIONAL = "P", "Provisional value"
    UNVALIDATED = "V", "Unvalidated value"


class ConfidentialityStatus(LabelledCode):
    """Codes of CL_CONF_STATUS that figures here have."""

    FREE = "F", "Free (free for publication)"
    NOT_FOR_PUBLICATION = "N", "Not for publication, restricted for internal use only"


_BY_NATURE: Mapping[Nature | None, ObservationStatus] = {
    Nature.VERIFIED: ObservationStatus.NORMAL,
    Nature.FLASH: ObservationStatus.PROVISIONAL,
    Nature.REPORTED: ObservationStatus.UNVALIDATED,
    Nature.EXPECTED: ObservationStatus.ESTIMATED,
    None: ObservationStatus.UNVALIDATED,
}


def observation_status(line: IndicatorLine) -> ObservationStatus:
    """Return the status of an indicator's figure, by its nature; without a figure, why it is missing."""
    if line.figure is not None:
        return _BY_NATURE[line.figure.nature]
    if line.state is State.MISSING:
        return ObservationStatus.NOT_COLLECTED
    return ObservationStatus.MISSING


def confidentiality_status(line: IndicatorLine) -> ConfidentialityStatus:
    """Return whether an indicator's figure may be published, by 公开 of the plan and 数据发布日历."""
    disclosure = line.indicator.disclosure
    is_released = line.figure is not None and not line.unreleased
    if disclosure is Disclosure.OPEN or (disclosure is Disclosure.AFTER_RELEASE and is_released):
        return ConfidentialityStatus.FREE
    return ConfidentialityStatus.NOT_FOR_PUBLICATION
