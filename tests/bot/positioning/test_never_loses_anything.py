"""Random conversations from two devices, with restarts: what is stored is always what was acknowledged."""

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine

from bot.positioning.attempt import Answer
from bot.positioning.guide import load_guide
from bot.positioning.reading import TOPIC
from bot.positioning.stage import ASIDE, At
from bot.storage import positionings
from bot.storage.database import open_database
from tests.bot.positioning.conftest import Candidate, act, written

GUIDE = load_guide(retention_days=365)
LABELS = {level.label: level.key for level in GUIDE.questionnaire.scale}
_NOTED = re.compile(r"(?:Noté|Corrigé) : \*\*(.+?)\*\*")
DEVICES = ("ordinateur", "téléphone")


class Conversation(RuleBasedStateMachine):
    """Keeps, beside the database, the answers that the candidate was told are noted."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name)}/base.db"
        self.database: Engine = open_database(self.url)
        self.told: dict[str, Answer] = {}
        self.device = DEVICES[0]
        self.devices = {name: Candidate(GUIDE, self.database, sender=name) for name in DEVICES}
        self.code = ""

    @property
    def who(self) -> Candidate:
        return self.devices[self.device]

    @initialize(path=st.sampled_from(["Parcours court", "Parcours complet", "Un seul bloc"]))
    def begin(self, path: str) -> None:
        self.who.says(written("me positionner", topic=TOPIC))
        self.who.says("oui")
        self.who.presses(path)
        if path == "Un seul bloc":
            self.who.presses("Bloc 4")
        self.code = self.who.attempt.code

    def _asked(self) -> str:
        stage = self.who.stage
        return stage.item if stage else ""

    def _acknowledge(self, said: str | None, item: str, story: str = "") -> None:
        noted = _NOTED.search(said or "")
        before = self.told.get(item)
        if noted:
            self.told[item] = Answer(LABELS[noted[1]], before.story if before else "")
        if said and "Votre exemple est gardé" in said:
            self.told[item] = Answer(self.told[item].level, story)
        if said and "on passe" in said:
            self.told[item] = Answer(None)

    @rule(level=st.sampled_from(sorted(LABELS.values())))
    def answers_by_button(self, level: str) -> None:
        item = self._asked()
        if item in GUIDE.questionnaire.items:
            self._acknowledge(self.who.says(act(f"answer:{item}:{level}")), item)

    @rule(number=st.integers(1, 12))
    def types_a_number(self, number: int) -> None:
        stage, item = self.who.stage, self._asked()
        # Elsewhere a number picks another button: those are other rules.
        if stage is not None and stage.at is At.ASKING:
            self._acknowledge(self.who.says(str(number)), item)

    @rule(level=st.sampled_from("0123"), probability=st.floats(0, 1))
    def writes_a_sentence(self, level: str, probability: float) -> None:
        stage, item = self.who.stage, self._asked()
        if stage is not None and stage.at in (At.ASKING, At.CONFIRMING):
            self._acknowledge(self.who.says(written("je le fais comme ça", (f"level_{level}", probability))), item)

    @rule(yes=st.booleans())
    def says_yes_or_no(self, yes: bool) -> None:
        stage, item = self.who.stage, self._asked()
        if stage is not None and stage.at is At.CONFIRMING:
            self._acknowledge(self.who.says("oui" if yes else "non"), item)

    @rule(text=st.text(min_size=1, max_size=60))
    def tells_an_example(self, text: str) -> None:
        stage, item = self.who.stage, self._asked()
        if stage is not None and stage.at is At.STORY:
            told = f"un jour nous avons refait le planning {text}".replace("\x00", "")
            self._acknowledge(self.who.says(written(told, ("story", 0.9))), item, told)

    @rule(name=st.sampled_from(["why", "example", "help", "official", "progress", "code", "files", "back"]))
    def asks_something(self, name: str) -> None:
        self.who.says(act(name))

    @rule()
    def skips(self) -> None:
        stage, item = self.who.stage, self._asked()
        if stage is not None and stage.at in (At.ASKING, At.CONFIRMING):
            had = self.told.get(item)
            said = self.who.says(act(f"skip:{item}"))
            if had is None or had.level is None:
                self._acknowledge(said, item)

    @rule(rank=st.integers(1, 60))
    def changes_an_answer(self, rank: int) -> None:
        self.who.says(written(f"corriger la {rank}", ("change", 0.95)))

    @rule()
    def asks_a_question_of_the_assistant(self) -> None:
        before = self.who.stage
        said = self.who.says(written("c'est quoi le jury ?", ("question", 0.95), topic="jury", confidence=0.95))
        if before is not None and before.at is not At.STORY:
            assert said is None
        assert self.who.stage == before
        if before is not None and before.at not in ASIDE:
            assert self.who.shown, "le questionnaire reprend après la réponse"

    @rule()
    def pauses(self) -> None:
        self.who.says(act("pause"))

    @rule()
    def goes_on(self) -> None:
        self.who.says(act("go_on"))

    @rule()
    def answers_what_was_left_out(self) -> None:
        self.who.says(act("left_out"))
        self.told = {item: answer for item, answer in self.told.items() if answer.level is not None or answer.story}

    @rule()
    def goes_further(self) -> None:
        self.who.says(act("deepen"))

    @rule()
    def refuses_examples(self) -> None:
        self.who.says(act("no_stories"))

    @rule(name=st.sampled_from(DEVICES))
    def takes_another_device(self, name: str) -> None:
        self.device = name
        self.who.says(self.code)

    @rule()
    def the_server_restarts(self) -> None:
        self.database.dispose()
        self.database = open_database(self.url)
        for candidate in self.devices.values():
            candidate.database = self.database

    @precondition(lambda self: len(self.told) > 1)
    @rule()
    def results_are_made(self) -> None:
        said = self.who.says(act("results")) or ""
        if any(answer.level is not None for answer in self.told.values()):
            assert "Vos résultats" in said

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self) -> None:
        if not self.code:
            return
        with self.database.connect() as connection:
            attempt = positionings.find_attempt(connection, self.code)
        assert attempt is not None
        assert dict(attempt.answers) == self.told

    def teardown(self) -> None:
        self.database.dispose()
        self.folder.cleanup()


TestConversation = Conversation.TestCase
TestConversation.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
