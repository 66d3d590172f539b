"""Names and places that no list knows, by the real model."""

import pytest

from bot.review.french_entities import FrenchEntities
from bot.review.scrubbing import scrub

HIDDEN = [
    # Names announced by nothing.
    ("bonjour karim benali de villeurbanne, les blocs svp", ["karim", "benali", "villeurbanne"]),
    ("J'ai parlé avec Wladislas Przybylski au sujet du jury.", ["Wladislas", "Przybylski"]),
    ("hier tesfalem ghebremariam m'a parlé du titre", ["tesfalem", "ghebremariam"]),
    ("Le directeur, Yves-Marie Kerguelen, refuse de signer mon livret.", ["Kerguelen"]),
    ("Est-ce que Solveig peut passer la VAE avec moi ?", ["Solveig"]),
    ("Gwenola Le Bihan m'encadre en maraîchage.", ["Gwenola", "Bihan"]),
    ("mohamadou est mon chef il a le titre", ["mohamadou"]),
    # Places.
    ("ya une formation a montbeliard ?", ["montbeliard"]),
    ("Je travaille à Hénin-Beaumont dans une recyclerie.", ["Hénin", "Beaumont"]),
    ("formation etaie romorantin", ["romorantin"]),
    ("Le jury se tient-il à Bourg-en-Bresse ?", ["Bourg", "Bresse"]),
    ("je suis né à Ouagadougou, mon diplôme compte ?", ["Ouagadougou"]),
    ("jsuis sur chateaubriant jpeu faire la formation ou", ["chateaubriant"]),
]

# Messages of all kinds, for the rules and the model together.
TOGETHER = [
    ("bonsoir ici souad de la blanchisserie de noisy le grand", ["souad", "noisy", "grand"]),
    ("c est mehdi jai pas compris le bloc 4", ["mehdi"]),
    ("jmapelle brahima traore g 31 ans", ["brahima", "traore"]),
    ("on m'appelle Zaza, je bosse en cuisine à Pantin", ["Zaza", "Pantin"]),
    ("tu peux demander a sylvie lambert c'est ma cip", ["sylvie", "lambert"]),
    ("mon formateur Oumar Sy est déjà certifié", ["Oumar", "Sy"]),
    ("Madame Le Goff m'envoie vers vous", ["Goff"]),
    ("je suis Nguyen Thi Lan, je cherche formation", ["Nguyen", "Thi", "Lan"]),
    ("moi cé tonio jveu savoir le pri", ["tonio"]),
    ("my name is Tesfay and I want the title", ["Tesfay"]),
    ("je m'apelle ramazan yildirim je viens de turquie", ["ramazan", "yildirim"]),
    ("bjr c yasmina du chantier de sarcelles", ["yasmina", "sarcelles"]),
    ("tel zéro six, quarante-deux, dix-huit, zéro trois, onze", ["quarante", "dix-huit", "onze"]),
    ("mon 06 cest 0642180311", ["0642180311"]),
    ("rappel au 6 42 18 03 11", ["42 18", "03 11"]),
    ("+337 42 18 03 11", ["42 18"]),
    ("joindre au 0033642180311", ["642180311"]),
    ("appel moi 06 42 18 03 11 ou 01 48 95 22 10", ["42 18", "48 95", "22 10"]),
    ("mon gmail c sarah.k75", ["sarah", "k75"]),
    ("m.kone[at]yahoo.fr", ["kone", "yahoo"]),
    ("rachid tiret bas 77 arobase outlook point fr", ["rachid", "outlook"]),
    ("ecrire à contact@jardins-benali.org", ["benali", "contact@"]),
    ("t.me/karim_b", ["karim"]),
    ("j habite 27 ter boulevard de la villette paris 19", ["27", "villette", "paris"]),
    ("résidence les oliviers bat B appt 34 13014 marseille", ["oliviers", "34", "13014", "marseille"]),
    ("je loge au foyer adoma 12 rue marcel cachin bobigny", ["12", "cachin", "bobigny"]),
    ("jsui a clichy sous bois", ["clichy", "bois"]),
    ("né en 1985 a Tizi Ouzou", ["Tizi", "Ouzou"]),
    ("je suis née le 14 juillet 1990", ["14 juillet", "1990"]),
    ("14.07.90 c'est ma date de naissance", ["14.07", "90"]),
    ("ma fille Lila est née le 3/4/2015", ["Lila", "3/4"]),
    ("secu 290077512345678", ["290077512345678"]),
    ("mon numero france travail 4512367K", ["4512367"]),
    ("num caf 0459812", ["0459812"]),
    ("titre de sejour numero 7503123456", ["7503123456"]),
    ("contrat n°2024-00451 signé", ["00451"]),
    ("mon identifiant cpf karimb75", ["karimb75"]),
    ("plaque 4521 XY 93", ["4521", "XY"]),
    ("siret 82345678900014 benali services", ["82345678900014", "benali"]),
    ("mon patron m. ferrand dit non", ["ferrand"]),
    ("Merci, Fanny G.", ["Fanny"]),
    ("merci beaucoup. Josselin", ["Josselin"]),
    ("signature : Wilfrid Tchoumi", ["Wilfrid", "Tchoumi"]),
    ("j'ai eu mme ouattara au tel elle dit que bloc 3 ok", ["ouattara"]),
    ("ma soeur kadija a le titre moi c possible", ["kadija"]),
    ("le président de l'asso, Jacques-Henri Delcourt, veut des infos", ["Jacques", "Henri", "Delcourt"]),
    ("hosni et ferid on veut la formation ensemble", ["hosni", "ferid"]),
    ("jonatan ki parle, cb dure le titre", ["jonatan"]),
    ("je vous ecris pour mon voisin slawomir", ["slawomir"]),
    ("KOUADIO YAO JE CHERCHE FORMATION", ["KOUADIO", "YAO"]),
]

KEPT = [
    "Quels sont les blocs de l'ETAIE ?",
    "L'AFPA délivre-t-elle le titre ?",
    "C'est France compétences qui enregistre la fiche ?",
    "Encadrant Technique d'Activités d'Insertion par l'Économique",
    "Le Ministère du Travail organise-t-il le jury de la VAE ?",
    "esque ya bezoin dun diplome pour rentré",
    "kes kon fé dan se metié",
    "jpeu lavoir ac mon xp",
    "linsertion par lactivité économique c koi",
    "on fait de linformatique dans letaie ?",
    "Combien de candidats échouent chaque année ?",
    "Le DELF est-il demandé ?",
    "moi vouloir savoir combien bloc pour avoir diplome",
    "durée enregistrement RNCP41402",
    "Que faire en recyclerie avec le bloc BC02 ?",
    "salut",
]


@pytest.fixture(scope="module")
def entities() -> FrenchEntities:
    return FrenchEntities.load()


@pytest.mark.parametrize(("message", "pieces"), HIDDEN + TOGETHER)
def test_names_and_places_go(entities: FrenchEntities, message: str, pieces: list[str]) -> None:
    scrubbed = scrub(message, entities)
    assert [piece for piece in pieces if piece.lower() in scrubbed.lower()] == [], scrubbed


def test_the_rules_alone_would_not_do(entities: FrenchEntities) -> None:
    missed = [message for message, pieces in HIDDEN if any(piece.lower() in scrub(message).lower() for piece in pieces)]
    assert len(missed) > len(HIDDEN) / 2


@pytest.mark.parametrize("message", KEPT)
def test_the_words_of_the_domain_stay(entities: FrenchEntities, message: str) -> None:
    assert scrub(message, entities) == message


@pytest.mark.parametrize(
    ("message", "capitalised"),
    [
        ("bonjour zoubida les blocs", "bonjour Zoubida les blocs"),
        ("bonjour ZOUBIDA", "bonjour Zoubida"),
        ("échouent ßien", "échouent ßien"),
    ],
)
def test_only_words_that_are_not_ordinary_get_a_capital(
    entities: FrenchEntities, message: str, capitalised: str
) -> None:
    assert entities.capitalised(message) == capitalised


@pytest.mark.parametrize(
    ("message", "hidden"), [("L'entreprise Dupont recrute.", True), ("L'association ARES Atelier recrute.", False)]
)
def test_a_company_goes_only_with_a_name_in_it(entities: FrenchEntities, message: str, hidden: bool) -> None:
    assert [entity.label_ for entity in entities.nlp(message).ents] == ["ORG"]
    assert bool(list(entities(message))) is hidden


def test_only_the_pipe_of_entities_is_loaded(entities: FrenchEntities) -> None:
    assert entities.nlp.pipe_names == ["ner"]
