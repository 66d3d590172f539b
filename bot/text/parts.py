"""Where a message may be cut into several questions. It proposes; what the parts mean decides elsewhere."""

import re
from collections.abc import Callable, Iterator

from bot.text.folding import fold_aligned, words

_MOST = 5
"""Parts of one message: the first ones of a longer story stay together."""
_FEW_WORDS = 9
"""Words of a list of keywords: « code rome, formacode »."""

# Openings of a question, as people write them, on folded text.
_OPENING = (
    r"(?:combien|[ck]onbien|cb|quel(?:le)?s?|[kq]el(?:le)?s?|comm?ent?|[ck]om+an|pourquoi|p(?:our)?k(?:oi)?|quand|[kq]an[dt]?|qd|"
    r"ou (?:est|sont|je|on|se|faire|trouve|peut)|d'ou|a qui|qui|ki|lequel|laquelle|"
    r"lesquel(?:le)?s|a quoi|de quoi|en quoi|pour combien|"
    r"est[ -]ce|es ?[ck]e|es(?:qu|k|q)e?|esk|qu'?est[ -]ce|[kq]'?esk?|kes|"
    r"(?:c ?'?est|c|s?c?e(?:s|st)?) (?:quoi|koi|qui|ki|ou|quand|quel|kel|combien|cb|comment|possible)|"
    r"il faut|faut|i?l? ?fo|peut[ -](?:on|il|elle)|"
    r"puis[ -]je|je (?:peux|dois)|j(?:e )?peu?x?|jdois|on (?:peut|doit)|moi peux|"
    r"y a[ -]t|il y a|y'?a|ya|que (?:faut|fait|contient|dit|veut|signifie)|jusqu|"
    r"(?:ca|sa) (?:dure|coute|se passe|veut|ve|sert|paye|paie|marche|passe|commence)|"
    r"(?:tu|vous) (?:peux|pouvez|as|avez)|avez[ -]vous|as[ -]tu|dis|dites|donne|donnez|explique)"
)
# « gère-t-il », « est-elle »: the verb of a question, seldom its opening.
_INVERTED = r"(?:est|sont|a|ont|peut|gere|fait|doit|existe|faut)[ -](?:t[ -])?(?:il|elle|on|ils|elles)"
_JOINING = (
    r"(?:et|(?<!a )e|puis|sinon|aussi|ainsi que|mais|ou bien|autre (?:question|chose)|apres|enfin|ensuite|"
    r"deuxieme question|"
    r"(?:et )?(?:une? )?(?:derniere|autre) (?:question|chose)|dernier point|au fait|surtout|du coup)"
)
_END = r"(?![a-z0-9])"
_SENTENCE_END = re.compile(r"(?:[?!…;]+|(?<!\bn)\.(?=\s|$)|\n+)\s*")
# « … et comment », « …, quand », « … sinon ya »: a joining word or a comma, then an opening.
_JOINED = re.compile(
    rf"(?:\s*[,/:]\s*|\s+)(?={_JOINING}\s*,?\s+(?:{_JOINING}\s*,?\s+)*(?:de |si |s'|un )?{_OPENING}{_END})"
    rf"|\s*[,/]\s*(?=(?:si |s')?{_OPENING}{_END})"
    rf"|\s+(?=et (?:si|s'))"
)
_SUDDEN = re.compile(rf"\s+(?=(?!il faut|faut|il y a|y'?a|est[ -]ce que ca|qui|ki|ou ){_OPENING}{_END})")
# « … et pour la VAE ? », « … et le jury »: what is left of the sentence is short.
_SHORT_TAIL = re.compile(
    r"(?:\s*,\s*|\s+)(?=(?:et|sinon)\s+(?:aussi\s+)?(?:(?:pour|par|avec|en|dans|au|aux|la|le|les|du|des|ses)\s+|l'|d')"
    r"\S+(?:\s+\S+){0,3}\s*\??\s*$)"
)
# What only joins a question to the one before it, when the question is whole.
_LEAD = re.compile(rf"(?:{_JOINING}[\s,:]+)+(?=(?:si |s'|de |pour )?{_OPENING}{_END}|si |s')")
_ASKING = re.compile(rf"(?<![a-z0-9])(?:{_OPENING}|{_INVERTED}){_END}")
# Words on which no question ends: what follows them belongs to it.
_UNFINISHED = frozenset(
    words("""
    a alors au aussi avec c ca ce comme dans de demander des dire dis dites donc du dure en est et euh fait faut
    il ils je la le les mais me moi on ou par passe pour puis qu que qui sa sais sait savoir se si sinon sur tu
    un une voudrais vous y
    """)
)
_GRAMMAR = _UNFINISHED | frozenset(
    words("""
    ai aimerais apres as autre avez bah ben bien bon bonjour bonsoir car cela celui cet cette chose coup d
    derniere elle elles enfin entre es eu fo j jai jaimerais jvoudrais l lui m mes mon ma n ne nous ont oui peu
    peut peux plait pas question s salut ses slt son sont suis svp t te tes toi trouve va vais veux voila votre
    vos vs ya
    """)
)


def asks(text: str) -> bool:
    """Whether a text opens like a question somewhere; a question mark alone does not count."""
    return bool(_ASKING.search(fold_aligned(text)))


def says_something(text: str) -> bool:
    """Whether a text holds more than grammar: « est-ce que ça se trouve ? » does not."""
    return any(word.isdigit() or (len(word) > 1 and word not in _GRAMMAR) for word in words(text))


def candidate_parts(text: str) -> list[str]:
    """Return the parts of a message that may each be a question; the message alone when there is nothing to cut.

    A part that does not ask anything (« bonjour », « j'ai 40 ans ») is a part too.
    """
    parts: list[str] = []
    for sentence in _after(text, _SENTENCE_END):
        parts += _cut_sentence(sentence)
    parts = [_without_lead(part) for part in _with_something(part.strip(" ,") for part in parts)]
    if len(parts) > _MOST:
        parts = [" ".join(parts[: len(parts) - _MOST + 1]), *parts[len(parts) - _MOST + 1 :]]
    return parts or [text]


def _without_lead(part: str) -> str:
    lead = _LEAD.match(fold_aligned(part))
    return part[lead.end() :] if lead else part


def _cut_sentence(sentence: str) -> Iterator[str]:
    if not asks(sentence) and len(sentence.split()) <= _FEW_WORDS and "," in sentence:
        yield from sentence.split(",")
        return
    for piece in _before(sentence, _JOINED, _is_long):
        tail = _SHORT_TAIL.search(fold_aligned(piece))
        head = piece[: tail.start()] if tail else piece
        if tail and asks(head) and _is_long(head):
            yield from _before(head, _SUDDEN, _is_finished)
            yield piece[tail.start() :]
        else:
            yield from _before(piece, _SUDDEN, _is_finished)


def _after(text: str, end: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for match in end.finditer(fold_aligned(text)):
        yield text[start : match.end()]
        start = match.end()
    yield text[start:]


def _before(text: str, joint: re.Pattern[str], cuts: Callable[[str], bool]) -> Iterator[str]:
    start = 0
    for match in joint.finditer(fold_aligned(text)):
        if cuts(text[start : match.start()]):
            yield text[start : match.start()]
            start = match.start()
    yield text[start:]


def _is_long(text: str) -> bool:
    return len(text.split()) > 1


def _is_finished(text: str) -> bool:
    """Whether a question ends here although nothing says so: « c koi le jury | cb de blocs »."""
    said = words(text)
    return len(said) > 2 and said[-1] not in _UNFINISHED and asks(text) and says_something(text)


def _with_something(parts: Iterator[str]) -> list[str]:
    """Put the parts that say nothing by themselves with the next (« je voudrais savoir ») or with the last one."""
    kept: list[str] = []
    held = ""
    for part in parts:
        held = f"{held} {part}".strip()
        if says_something(held):
            kept.append(held)
            held = ""
    if held and kept:
        kept[-1] = f"{kept[-1]} {held}"
    return kept
