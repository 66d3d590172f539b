"""Run Rasa's graph one node after the other, along a plan made once.

Rasa's runner rebuilds and sorts a Dask graph at each message, and formats its inputs, the whole tracker
included, for a debug line that nobody reads.
"""

from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class SequentialGraphRunner(DaskGraphRunner):
    """A graph runner for inference; nodes and their order are Rasa's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Instantiate the nodes as Rasa does."""
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run the nodes that the targets need (see the parent class)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = ordered(self._graph_schema.minimal_graph_schema(list(wanted)))
        done: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in plan:
            if name not in done:
                done[name] = self._instantiated_nodes[name](*(done[need] for need in needs))
        return {name: done[name][1] for name in wanted}


def ordered(schema: GraphSchema) -> list[tuple[str, tuple[str, ...]]]:
    """Return the nodes of a schema with what each needs, every node after its needs."""
    plan: list[tuple[str, tuple[str, ...]]] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name not in schema.nodes:
            return
        seen.add(name)
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        plan.append((name, needs))

    for name in schema.nodes:
        visit(name)
    return plan
