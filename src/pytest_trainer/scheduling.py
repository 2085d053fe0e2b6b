"""How pytest-xdist hands out checks: an exercise's on one worker, and one that ended its worker is not tried again."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling


class OneWorkerPerExercise(LoadFileScheduling):  # type: ignore[misc]
    """`--dist loadfile`, but for the check that a dead worker was running: its row is written, and it is done.

    xdist's own puts it back into the queue, so that code which ends its process would end one worker after the other.
    """

    def remove_node(self, node: Any) -> str | None:
        """Take a worker out; the node id that it was running, or None where it had nothing left."""
        workload = self.assigned_work.pop(node)
        pending = [(unit, nodeid) for unit in workload.values() for nodeid, done in unit.items() if not done]
        if not pending:
            return None
        unit, crashed = pending[0]
        unit[crashed] = True
        self.workqueue.update({scope: unit for scope, unit in workload.items() if not all(unit.values())})
        for other in self.assigned_work:
            self._reschedule(other)
        return str(crashed)
