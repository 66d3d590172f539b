"""Where a message may be cut into several questions. It proposes; what the parts mean decides elsewhere."""

import re
from collections.abc import Callable, Iterator

from bot.text.folding import fold_aligned, words

_MOST = 5
"""Parts of one message: the first ones of a longer story stay together."""
_FEW_WORDS = 9
"""Words of a list of keywords: « code rome, formacode »."""
_KEYWORDS = re.compile(r"\s*[,;]\s*|\s+[/+]\s+")

# The words that ask, wherever they stand: « t'as le droit à combien d'essais ».
_HOW_MANY = r"(?:combien|[ck]onbien|cb|quel(?:le)?s?|[kq]el(?:le)?s?|comm?ent?|[ck]om+[ae]n|quoi|koi)"
# The same, which also join sentences: they ask only at the end, « … et c'est où ? ».
_WHERE = r"(?:ou|quand|[kq]an[dt]?|qui|ki)"
# Openings of a question, as people write them, on folded text.
_OPENING = (
    rf"(?:(?:dans|pour|par|avec|en|sur|sous|chez|vers) {_HOW_MANY}|"
    r"combien|[ck]onbien|cb|quel(?:le)?s?|[kq]el(?:le)?s?|comm?ent?|[ck]om+an|pourquoi|p(?:our)?k(?:oi)?|quand|[kq]an[dt]?|qd|"
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
    r"(?:et )?(?:la )?(?:deuxieme|seconde|troisieme)(?: question)?(?: c'est)?|"
    r"(?:et )?(?:une? )?(?:derniere|autre) (?:question|chose)|dernier point|au fait|surtout|du coup)"
)
_END = r"(?![a-z0-9])"
_SENTENCE_END = re.compile(r"(?:[?!…;]+|(?<!\bn)\.(?=\s|$)|\n+)\s*")
# « … et comment », « …, quand », « … sinon ya », « … et on le passe comment »: a joining word or a comma, then a
# question.
_JOINED = re.compile(
    rf"(?:\s*[,/:]\s*|\s+)(?={_JOINING}\s*,?\s+(?:{_JOINING}\s*,?\s+)*"
    rf"(?:de |si |s'|un )?(?:{_OPENING}|{_INVERTED}){_END})"
    rf"|\s*[,/]\s*(?=(?:si |s')?(?:{_OPENING}|{_INVERTED}){_END})"
    rf"|\s+(?=et (?:si|s'))"
    rf"|\s*,?\s+(?=(?:et|e|puis|sinon|aussi)\s[^,.?!]{{0,50}}?(?<![a-z0-9])(?:(?:{_HOW_MANY}|faut|fo|fau){_END}|{_WHERE}\s*[?!.]*\s*$))"
)
# « je voudrais savoir …, si …, ce que … »: what somebody wants to know, one thing after the other.
_TOLD = re.compile(r"(?<![a-z])(?:savoir|sache|demande|demander|connaitre|dire|indiquer|preciser|donner)(?![a-z])")
_THINGS_TOLD = re.compile(
    r"\s*,\s*(?=(?:et )?(?:si |s'|ce qu))|\s+(?=s'il |si on |si l'on )|\s*,\s*(?=[^,.?!]{1,40} savoir )"
)
_ENDING = r"\s*(?:svp|stp|merci|du coup|deja)?\s*[?!.]*\s*$"
_SUDDEN = re.compile(
    rf"\s+(?=(?!il faut|faut|il y a|y'?a (?!koi|quoi)|est[ -]ce que ca|qui|ki|ou ){_OPENING}{_END}(?!{_ENDING}))"
)
# « … et pour la VAE ? », « … et le jury »: what is left of the sentence is short.
_SHORT_TAIL = re.compile(
    r"(?:\s*,\s*|\s+)(?=(?:et|e|sinon|ainsi que|et puis|puis|mais aussi|aussi)\s+(?:aussi\s+)?"
    r"(?:(?:pour|par|avec|en|dans|au|aux|la|le|les|du|des|ses|son|sa|leur|celle|celui)\s+|l'|d')"
    r"\S+(?:\s+\S+){0,7}\s*\??\s*$)"
)
# What only joins a question to the one before it, when the question is whole.
_LEAD = re.compile(rf"(?:{_JOINING}[\s,:]+)+(?=(?:si |s'|de |pour )?{_OPENING}{_END}|si |s')")
_ASKING = re.compile(rf"(?<![a-z0-9])(?:{_OPENING}|{_INVERTED}){_END}|^(?:et )?(?:si |s'ils? )")
# « c'est où », « ça se passe quand »: whole questions, of words of grammar alone.
_BARE_QUESTION = re.compile(rf"(?<![a-z0-9])(?:c'?est|c|se passe|se fait) {_WHERE}\s*[?!.]*\s*$")
# Words on which no question ends: what follows them belongs to it.
_UNFINISHED = frozenset(
    words("""
    a alors au aussi avec c ca ce comme dans de demande demander des dire dis dites donc du dure en est et euh fait faut
    il ils je la le les mais me moi on ou par passe pour puis qu que qui sa sais sait savoir se si sinon sur tu
    un une voudrais vous y
    """)
)
# What is done, asked after it: « faut s'y prendre comment », « je peu fair kel metié ».
_DOING = frozenset(words("aller avoir etre exercer faire fair fer payer prendre passer pase trouver viser"))
_GRAMMAR = _UNFINISHED | frozenset(
    words("""
    ai aimerais apres as autre avez bah ben bien bon bonjour bonsoir car cela celui cet cette chose coup d
    derniere elle elles enfin entre es eu fo j jai jaimerais jvoudrais l lui m mes mon ma n ne nous ont oui peu
    peut peux plait pas question s salut ses slt son sont suis svp t te tes toi trouve va vais veux voila votre
    vos vs ya
    """)
)


def asks(text: str) -> bool:
    """Whether a text opens like a question somewhere, or tells what is wanted; a question mark alone does not count."""
    folded = fold_aligned(text)
    return bool(_ASKING.search(folded) or _TOLD.search(folded))


def says_something(text: str) -> bool:
    """Whether a text holds more than grammar: « est-ce que ça se trouve ? » does not."""
    told = any(word.isdigit() or (len(word) > 1 and word not in _GRAMMAR) for word in words(text))
    return told or bool(_BARE_QUESTION.search(fold_aligned(text)))


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
    if not asks(sentence) and len(sentence.split()) <= _FEW_WORDS and _KEYWORDS.search(sentence):
        yield from _KEYWORDS.split(sentence)
        return
    told = _TOLD.search(fold_aligned(sentence))
    for joined in _before(sentence, _JOINED, _is_long):
        for piece in _before(joined, _THINGS_TOLD, _is_long) if told else (joined,):
            tail = _SHORT_TAIL.search(fold_aligned(piece))
            head = piece[: tail.start()] if tail else piece
            if tail and (told or asks(head)) and _is_long(head):
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
    return len(said) > 2 and said[-1] not in _UNFINISHED | _DOING and asks(text) and says_something(text)


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
