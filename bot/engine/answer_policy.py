"""The dialogue policy: a message is answered, then the assistant listens.

What an answer depends on (the topic before, the page being read) is memory and domain logic, in
``bot.answers``, where it can be read and tested as plain Python. A rule for each of the topics would say
the same line ninety times, and Rasa's ``RulePolicy`` would go through all of them at each turn (1.6 ms).
"""

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

ANSWER = "action_answer"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class AnswerPolicy(Policy):
    """Predicts ``action_answer`` after a message, ``action_listen`` after an answer."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults: the policy's rank among others."""
        return {"priority": 6}

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Learn nothing."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the next action, with certainty."""
        listening = tracker.latest_action_name == ACTION_LISTEN_NAME
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(ANSWER if listening else ACTION_LISTEN_NAME)] = 1.0
        return self._prediction(probabilities)
