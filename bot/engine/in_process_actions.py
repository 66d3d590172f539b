"""Execute custom actions in this process, through Rasa's own endpoint and executor classes."""

from collections.abc import Iterable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor


def _already_validated(_: RemoteAction, __: dict[str, Any]) -> bool:
    """Say that a result has the form that Rasa expects: the executor built it, and validated its events."""
    return True


class InProcessActions(EndpointConfig):
    """An action endpoint whose « request » calls the executor that ``rasa run actions`` would call over HTTP."""

    def __init__(self, actions: Iterable[Action]) -> None:
        """Register actions, made with what they need from the server."""
        # The domain is the same at every call and no action reads it: do not copy it for each message.
        super().__init__(url="in-process", enable_selective_domain=True)
        # For what comes over HTTP, Rasa checks its own JSON Schema at every call: 18 ms, 70 % of a turn.
        RemoteAction._validate_action_result = _already_validated
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action named in the body, as the action server would."""
        return await self._executor.run(kwargs["json"])
