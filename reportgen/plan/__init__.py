"""Plan a build: what is fresh, what is stale and why, from the source and where needed the built model."""

from reportgen.plan.computed_data import fingerprint as data_fingerprint
from reportgen.plan.divergence import divergence
from reportgen.plan.key import canonical, digest, digest_bytes
from reportgen.plan.last_run import report_name
from reportgen.plan.model_plan import result_key
from reportgen.plan.needed import needed, record_build
from reportgen.plan.plan import make, record
from reportgen.plan.result import Data, Identify, Identity, ModelPlan, Plan, Reason, SectionPlan
from reportgen.plan.running import Seen
from reportgen.plan.running import seen as seen_running
from reportgen.plan.sections import TITLE, seen
from reportgen.plan.shard import Shard
from reportgen.plan.source.closure import Projection, Projector
from reportgen.plan.source.snapshot import Snapshot
from reportgen.plan.underway import COLUMNS, Pace, Row

__all__ = [
    "COLUMNS",
    "TITLE",
    "Data",
    "Identify",
    "Identity",
    "ModelPlan",
    "Pace",
    "Plan",
    "Projection",
    "Projector",
    "Reason",
    "Row",
    "SectionPlan",
    "Seen",
    "Shard",
    "Snapshot",
    "canonical",
    "data_fingerprint",
    "digest",
    "digest_bytes",
    "divergence",
    "make",
    "needed",
    "record",
    "record_build",
    "report_name",
    "result_key",
    "seen",
    "seen_running",
]
