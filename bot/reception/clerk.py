"""The reception: announces sessions, enrols, cancels, welcomes, and hands over to the team.

One message in, what to say out; None when the message is for somebody else (the questionnaire, the assistant).
"""

import re
from dataclasses import dataclass, replace

from bot.answers.mentions import Kind
from bot.answers.question import Understanding
from bot.messages import Choice, Message
from bot.positioning.reading import act_choice
from bot.reception.sessions import Desk, Enrolment, EnrolmentState, InfoSession
from bot.reception.stage import At, Stage, Turn
from bot.reception.texts import ReceptionTexts, label_of
from bot.text.folding import words

SESSIONS = "info_sessions"
"""Intent of what is said of information sessions, and of the buttons of this dialogue."""
PERSON = "human_handoff"
"""Intent of the wish for a person."""
_DATES = "silent_session_dates"
"""Topic beside whose answer a session is announced."""
_DANGER = "distress"

_ENROLMENT = re.compile(r"(?<![A-Z0-9])INS[-–. ]?([A-HJ-NP-RT-Z2346-9]{6})(?![A-Z0-9])")
_SESSION = re.compile(r"(?<!\w)r[ée]union\s+(?:n°\s*)?([A-HJ-NP-RT-Z2346-9]{5})(?!\w)", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-zA-Z]{2,}")
_PHONE = re.compile(r"(?:\+|00)?\d(?:[ .\-/]?\d){8,14}")
_FIRST_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}")
_NAMED = re.compile(
    r"^(?:(?:moi )?c ?['’]? ?est|je m['’ ]?app?ell?e?|moi|mon pr[ée]nom (?:c['’ ]?)?est|pr[ée]nom ?:?)\s+", re.I
)
_YES, _NO = "affirm", "deny"
_QUESTION_WORDS = 5
"""Words from which a message is no first name."""


@dataclass(frozen=True)
class Clerk:
    """Leads the dialogue of the reception."""

    texts: ReceptionTexts

    def turn(self, said: Understanding, stage: Stage, desk: Desk, message_id: str = "") -> Turn | None:
        """Answer one message, or return None when it is for the questionnaire or the assistant.

        Args:
            said: what was understood.
            stage: where the conversation stands.
            desk: does and tells what is needed from outside.
            message_id: tells the message from every other.
        """
        if message_id and stage.led_by == message_id and (again := self._asking(stage, desk)):
            return Turn((again,), stage)
        turn = self._turn(said, stage, desk)
        if turn is None or turn.stage == stage or turn.stage.at is At.ASIDE:
            return turn
        return replace(turn, stage=replace(turn.stage, led_by=message_id))

    def _turn(self, said: Understanding, stage: Stage, desk: Desk) -> Turn | None:
        if said.chosen:
            act = _pressed(said)
            if act:
                return self._done(act, stage, desk)
            if stage.at is At.WITH_TEAM:
                return Turn((), stage, for_assistant=True)
            # Another button: what was asked here is left.
            return self.asked(said, desk)
        if stage.at is At.WITH_TEAM and desk.hand_over(said.text[: self.texts.data.limits.text]):
            return Turn((), stage, for_assistant=said.topic == _DANGER)
        if said.topic == _DANGER:
            return None
        if code := _ENROLMENT.search(said.text.upper()):
            return self._show_enrolment(f"INS-{code[1]}", desk)
        if (code := _SESSION.search(said.text)) and any(c.isdigit() for c in code[1]):
            return self._arrive(code[1].upper(), desk)
        if stage.at not in (At.ASIDE, At.WITH_TEAM):
            return self._answered(said, stage, desk)
        return self.asked(said, desk)

    def asked(self, said: Understanding, desk: Desk) -> Turn | None:
        """Answer what is asked of sessions or of the team, when nothing is being asked here."""
        if said.topic == SESSIONS:
            return self._sessions(self.texts.wish(said.text), desk)
        if said.topic == PERSON and desk.has_team():
            return self._call(desk)
        return None

    @staticmethod
    def is_for_it(said: Understanding) -> bool:
        """Whether a message is for the reception whatever else is being asked: one of its buttons, or a code."""
        if said.chosen:
            return bool(_pressed(said))
        return bool(_ENROLMENT.search(said.text.upper()) or _SESSION.search(said.text))

    @staticmethod
    def is_about_it(said: Understanding) -> bool:
        """Whether a message asks about sessions, or for a person."""
        return said.topic in (SESSIONS, PERSON)

    @staticmethod
    def announces(topics: tuple[str, ...]) -> bool:
        """Whether a session is announced beside the answer to these topics."""
        return _DATES in topics

    def back_to(self, stage: Stage, desk: Desk) -> tuple[Message, ...]:
        """Return what takes the dialogue up again after another answer."""
        again = self._asking(stage, desk)
        return (replace(again, text=f"{self.texts.say('back_to')}\n\n{again.text}"),) if again else ()

    def beside(self, desk: Desk) -> tuple[Message, ...]:
        """Return what is announced beside an answer on dates."""
        if not (coming := desk.upcoming()):
            return ()
        return (Message(self.texts.say("beside", session=coming[0]), tuple(map(self._enrol_choice, coming[:1]))),)

    # --- What is being asked ----------------------------------------------------------------------

    def _asking(self, stage: Stage, desk: Desk) -> Message | None:
        """Return the question of a stage, once more."""
        match stage.at:
            case At.CONSENT if session := desk.session(stage.code):
                return self._consent(session)
            case At.FIRST_NAME:
                return Message(self.texts.say("first_name"))
            case At.CONTACT:
                return self._ask_contact(stage.first_name)
            case At.CANCELLING if enrolment := desk.enrolment(stage.code):
                return self._confirm_cancel(enrolment)
            case At.JOINING if session := desk.session(stage.code):
                return self._joining(session)
            case At.CALLING:
                return self._calling(desk)
            case At.CALL_CONTACT:
                return Message(self.texts.say("call_contact"))
            case At.CALL_TEXT:
                return Message(self.texts.say("call_text"))
        return None

    def _answered(self, said: Understanding, stage: Stage, desk: Desk) -> Turn | None:
        yes, no = said.topic == _YES, said.topic == _NO
        match stage.at:
            case At.FIRST_NAME:
                return self._first_name(said, stage, desk)
            case At.CONTACT:
                return self._contact(said, stage, desk)
            case At.CALL_CONTACT:
                found = _contact_in(said.text)
                if found:
                    return Turn((Message(self.texts.say("call_text")),), Stage(At.CALL_TEXT, contact=found))
                return self._left(said, stage, desk, "bad_contact")
            case At.CALL_TEXT:
                desk.ask("", stage.contact, said.text[: self.texts.data.limits.text])
                return Turn((self._call_done(desk),))
            case At.CONSENT if yes:
                return self._done("agree_name", stage, desk)
            case At.CANCELLING if yes:
                return self._done("cancel_yes", stage, desk)
            case At.JOINING if yes:
                return self._done("join_yes", stage, desk)
            case At.CALLING if yes:
                return self._done("call_yes", stage, desk)
            case At.CANCELLING if no:
                return self._done("keep", stage, desk)
        if no:
            return self._done("refuse", stage, desk)
        # Something else: it is answered, and the question is asked again after.
        return self.asked(said, desk) or Turn(self.back_to(stage, desk), stage, for_assistant=True)

    def _first_name(self, said: Understanding, stage: Stage, desk: Desk) -> Turn | None:
        text = _NAMED.sub("", said.text.strip(" .!,")).strip(" .!,")
        if _FIRST_NAME.fullmatch(text) and len(text) <= self.texts.data.limits.first_name and said.topic != _NO:
            name = text if any(c.isupper() for c in text[1:]) and not text.isupper() else text.title()
            return Turn((self._ask_contact(name),), replace(stage, at=At.CONTACT, first_name=name))
        return self._left(said, stage, desk, "bad_first_name")

    def _contact(self, said: Understanding, stage: Stage, desk: Desk) -> Turn | None:
        if found := _contact_in(said.text):
            return self._enrol(stage.code, stage.first_name, found, desk)
        if said.topic == _NO:
            return self._enrol(stage.code, stage.first_name, "", desk)
        return self._left(said, stage, desk, "bad_contact", self._contact_choices())

    def _left(
        self, said: Understanding, stage: Stage, desk: Desk, bad: str, choices: tuple[Choice, ...] = ()
    ) -> Turn | None:
        """Answer what is not what was asked for: a refusal, a question, or something to write again."""
        if said.topic == _NO:
            return self._done("refuse", stage, desk)
        is_question = "?" in said.text or len(words(said.text)) >= _QUESTION_WORDS
        if is_question and said.topic not in ("nlu_fallback", "off_topic", "personal_data"):
            return Turn(self.back_to(stage, desk), stage, for_assistant=True)
        return Turn((Message(self.texts.say(bad), choices),), stage)

    # --- What a button does -----------------------------------------------------------------------

    def _done(self, act: str, stage: Stage, desk: Desk) -> Turn | None:
        name, _, value = act.partition(":")
        match name:
            case "sessions":
                return self._sessions("list", desk)
            case "enrol":
                return self._choose(value, desk)
            case "agree_name":
                return Turn((Message(self.texts.say("first_name")),), replace(stage, at=At.FIRST_NAME))
            case "agree_code":
                return self._enrol(stage.code, "", "", desk)
            case "no_contact" if stage.at is At.CONTACT:
                return self._enrol(stage.code, stage.first_name, "", desk)
            case "refuse":
                refusals = {At.JOINING: "not_joined", At.CALLING: "call_refused", At.CALL_CONTACT: "call_refused"}
                return Turn((Message(self.texts.say(refusals.get(stage.at, "refused"))),))
            case "cancel":
                return self._cancelling(value, desk)
            case "cancel_yes":
                return self._cancel(value or stage.code, desk)
            case "keep":
                return Turn((Message(self.texts.say("kept")),))
            case "join_yes":
                return self._join(value or stage.code, desk)
        return self._done_with_team(name, desk)

    def _done_with_team(self, name: str, desk: Desk) -> Turn | None:
        match name:
            case "call":
                return self._call(desk)
            case "call_yes":
                text, at = ("call_text", At.CALL_TEXT) if desk.reachable() else ("call_contact", At.CALL_CONTACT)
                return Turn((Message(self.texts.say(text)),), Stage(at))
            case "call_drop":
                desk.drop_request()
                return Turn((Message(self.texts.say("call_dropped")),))
        return None

    # --- Sessions ---------------------------------------------------------------------------------

    def _sessions(self, wish: str, desk: Desk) -> Turn | None:
        mine = desk.enrolments()
        if wish == "leave":
            if len(mine) == 1:
                return self._cancelling(mine[0].code, desk)
            return self._mine(mine)
        if wish == "mine" or (mine and wish == "list"):
            return self._mine(mine)
        coming = desk.upcoming()
        if not coming:
            # The catalogue says that none is known, and whom to ask.
            return None
        if wish == "enrol" and len(coming) == 1:
            return self._choose(coming[0].code, desk)
        text = self.texts.say("sessions", sessions=coming)
        return Turn((Message(text, tuple(map(self._enrol_choice, coming))),))

    def _enrol_choice(self, session: InfoSession) -> Choice:
        return _choice(label_of(session), f"enrol:{session.code}")

    def _mine(self, mine: list[Enrolment]) -> Turn:
        if not mine:
            return Turn((Message(self.texts.say("none_mine"), (_choice(self._label("see_sessions"), "sessions"),)),))
        choices = tuple(_choice(self._label("cancel"), f"cancel:{enrolment.code}") for enrolment in mine[:1])
        return Turn((Message(self.texts.say("mine", enrolments=mine), choices),))

    def _show_enrolment(self, code: str, desk: Desk) -> Turn:
        found = desk.enrolment(code)
        return self._mine([found]) if found else Turn((Message(self.texts.say("unknown_code")),))

    def _arrive(self, code: str, desk: Desk) -> Turn:
        session = desk.session(code)
        if session is None:
            return Turn((Message(self.texts.say("unknown_session")),))
        if not desk.is_open(session):
            # Too early: it is for those who want to come.
            return self._choose(code, desk)
        return Turn((self._joining(session),), Stage(At.JOINING, code))

    def _joining(self, session: InfoSession) -> Message:
        choices = (
            _choice(self._label("join_yes"), f"join_yes:{session.code}"),
            _choice(self._label("refuse"), "refuse"),
        )
        return Message(self.texts.say("join", session=session), choices)

    def _join(self, code: str, desk: Desk) -> Turn:
        if desk.join(code) is None:
            return Turn((Message(self.texts.say("closed")),))
        return Turn((Message(self.texts.say("joined"), (act_choice(self._label("position"), "start"),)),))

    def _choose(self, code: str, desk: Desk) -> Turn:
        session = desk.session(code)
        if session is None:
            return Turn((Message(self.texts.say("too_late")),))
        known = next((e for e in desk.enrolments() if e.session.id == session.id), None)
        if known:
            return Turn((self._told(known, desk, known=True),))
        return Turn((self._consent(session),), Stage(At.CONSENT, code))

    def _consent(self, session: InfoSession) -> Message:
        choices = tuple(_choice(self._label(name), name) for name in ("agree_name", "agree_code", "refuse"))
        return Message(self.texts.say("consent", session=session), choices)

    def _ask_contact(self, first_name: str) -> Message:
        return Message(self.texts.say("contact", first_name=first_name), self._contact_choices())

    def _contact_choices(self) -> tuple[Choice, ...]:
        return (_choice(self._label("no_contact"), "no_contact"),)

    def _enrol(self, code: str, first_name: str, contact: str, desk: Desk) -> Turn:
        enrolment = desk.enrol(code, first_name, contact)
        if enrolment is None:
            return Turn((Message(self.texts.say("too_late")),))
        return Turn((self._told(enrolment, desk),))

    def _told(self, enrolment: Enrolment, desk: Desk, known: bool = False) -> Message:
        waiting = enrolment.state is EnrolmentState.WAITING
        text = self.texts.say(
            "waiting" if waiting else "enrolled",
            enrolment=enrolment,
            session=enrolment.session,
            calendar=desk.calendar(enrolment),
            reachable=desk.reachable(),
            known=known,
        )
        choices = (
            _choice(self._label("cancel"), f"cancel:{enrolment.code}"),
            act_choice(self._label("position"), "start"),
        )
        return Message(re.sub(r"\n{3,}", "\n\n", text), choices)

    def _cancelling(self, code: str, desk: Desk) -> Turn:
        enrolment = desk.enrolment(code)
        if enrolment is None:
            return Turn((Message(self.texts.say("unknown_code")),))
        return Turn((self._confirm_cancel(enrolment),), Stage(At.CANCELLING, code))

    def _confirm_cancel(self, enrolment: Enrolment) -> Message:
        choices = (
            _choice(self._label("cancel_yes"), f"cancel_yes:{enrolment.code}"),
            _choice(self._label("keep"), "keep"),
        )
        return Message(self.texts.say("confirm_cancel", enrolment=enrolment), choices)

    def _cancel(self, code: str, desk: Desk) -> Turn:
        enrolment = desk.enrolment(code)
        if enrolment is None:
            return Turn((Message(self.texts.say("unknown_code")),))
        desk.cancel(enrolment)
        return Turn((Message(self.texts.say("cancelled"), (_choice(self._label("see_sessions"), "sessions"),)),))

    # --- The team ---------------------------------------------------------------------------------

    def _call(self, desk: Desk) -> Turn | None:
        if not desk.has_team():
            return None
        if desk.has_request():
            choices = (_choice(self._label("call_drop"), "call_drop"),)
            return Turn((Message(self.texts.say("call_known"), choices),), Stage(At.CALL_TEXT))
        return Turn((self._calling(desk),), Stage(At.CALLING))

    def _calling(self, desk: Desk) -> Message:
        choices = (_choice(self._label("call_yes"), "call_yes"), _choice(self._label("refuse"), "refuse"))
        return Message(self.texts.say("call", reachable=desk.reachable()), choices)

    def _call_done(self, desk: Desk) -> Message:
        choices = (_choice(self._label("call_drop"), "call_drop"),)
        return Message(self.texts.say("call_done", reachable=desk.reachable()), choices)

    def _label(self, name: str) -> str:
        return self.texts.data.labels[name]


def _choice(title: str, act: str) -> Choice:
    return Choice(title, SESSIONS, ((Kind.ACT, act),))


def _pressed(said: Understanding) -> str:
    if said.topic != SESSIONS:
        return ""
    return next((m.value for m in said.mentions if m.kind is Kind.ACT), "sessions")


def _contact_in(text: str) -> str:
    """Return the mail address or the telephone number of a text; nothing when there is none."""
    found = _MAIL.search(text) or _PHONE.search(text)
    return found[0][:120] if found else ""
