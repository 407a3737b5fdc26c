"""Registers what all tests share."""

import os

from hypothesis import HealthCheck, settings
from tests.servers.requirements import REQUIRED

pytest_plugins = ("tests.servers.fixtures",)

# A machine that others use as well is slow at times: no example fails because of the clock.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Where all of it has to run, the same commit gets the same verdict: new examples are looked for at the desk.
settings.register_profile("same-verdict", settings.get_profile("patient"), derandomize=True, database=None)
settings.load_profile("same-verdict" if os.environ.get(REQUIRED) == "1" else "patient")
