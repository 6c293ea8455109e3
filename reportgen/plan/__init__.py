"""What is fresh, and what is stale and why: decided from text, and where needed from the built model."""

from reportgen.plan.builds import needed, record_build
from reportgen.plan.key import canonical, digest, digest_bytes
from reportgen.plan.memory import report_name
from reportgen.plan.model_plan import result_key
from reportgen.plan.plan import make, record
from reportgen.plan.projection import Projection
from reportgen.plan.projector import Projector
from reportgen.plan.sections import TITLE, seen
from reportgen.plan.snapshot import Snapshot
from reportgen.plan.values import Data, Identify, Identity, ModelPlan, Plan, Reason, SectionPlan

__all__ = [
    "TITLE",
    "Data",
    "Identify",
    "Identity",
    "ModelPlan",
    "Plan",
    "Projection",
    "Projector",
    "Reason",
    "SectionPlan",
    "Snapshot",
    "canonical",
    "digest",
    "digest_bytes",
    "make",
    "needed",
    "record",
    "record_build",
    "report_name",
    "result_key",
    "seen",
]
