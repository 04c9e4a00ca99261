"""The code location: which modules it is made of. What they define belongs to defs."""

import dagster as dg

from fo_platform.defs import analytics, book, decision, execution, marts, policy, raw, reference
from fo_platform.defs.jobs import JOBS
from fo_platform.defs.resources import office
from fo_platform.defs.schedules import SCHEDULES
from fo_platform.defs.sensors import SENSORS

MODULES = [reference, policy, raw, book, analytics, decision, execution, marts]

defs = dg.Definitions(
    assets=dg.load_assets_from_modules(MODULES),
    jobs=JOBS,
    sensors=SENSORS,
    schedules=SCHEDULES,
    resources={"office": office},
    executor=dg.in_process_executor,
)
