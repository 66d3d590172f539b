"""Messages that say the same, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Group:
    """Messages alike, by their places in the list; the first one stands for the group."""

    members: tuple[int, ...]


def grouped(vectors: Any, alike: float) -> list[Group]:
    """Return the groups of messages, in the order of the first of each.

    A message joins the first group whose first message is as near as asked: a group then never drifts from what it
    is named after.

    Args:
        vectors: one row of length 1 a message, the most frequent message first.
        alike: cosine from which two messages are alike.
    """
    groups: list[list[int]] = []
    for place in range(len(vectors)):
        near = [float(vectors[group[0]] @ vectors[place]) for group in groups]
        best = max(range(len(near)), key=near.__getitem__, default=-1)
        if best >= 0 and near[best] >= alike:
            groups[best].append(place)
        else:
            groups.append([place])
    return [Group(tuple(group)) for group in groups]


def in_order(groups: Sequence[Group], times: Sequence[int]) -> list[Group]:
    """Return the groups, those that came most often first."""
    return sorted(groups, key=lambda group: -sum(times[place] for place in group.members))
