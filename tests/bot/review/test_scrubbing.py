"""What could identify somebody goes, and the questions stay as they were written."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.review.scrubbing import SCRUBBING_FILE, Kind, Span, cleaned, default_scrubber, load_scrubber, scrub
from referential.yaml_files import DataError

# A message, and the pieces of it that must be gone; all by the rules alone, without the language model.
PERSONAL = [
    # Names, announced in every register.
    ("Bonjour, je m'appelle Karim Benali et je voudrais connaître les blocs.", ["Karim", "Benali"]),
    ("Mon nom est Sandrine Lefort, comment passer le titre ?", ["Sandrine", "Lefort"]),
    ("jmapel karim jveu savoir cb ya de bloc", ["karim"]),
    ("je mapelle fatoumata esque jpeu passé la vae", ["fatoumata"]),
    ("jm'appel wassim g 22 ans jcherche une formation", ["wassim"]),
    ("je mapel tekle je veu etre encadrant", ["tekle"]),
    ("bonjour je m appelle habtom je suis erythreen comment faire titre", ["habtom"]),
    ("JE M'APPELLE GWENDAL KERMARREC ET JE VEUX LE TITRE", ["GWENDAL", "KERMARREC"]),
    ("euh bonjour alors moi c'est nathalie je voulais savoir pour la vae", ["nathalie"]),
    ("moi c momo je bosse en recyclerie", ["momo"]),
    ("moi c'est zoubida, on fait comment pour le jury ?", ["zoubida"]),
    ("C'est Karim de la recyclerie, c'est combien le titre ?", ["Karim"]),
    ("Ici Yohann Kervella, encadrant en espaces verts.", ["Yohann", "Kervella"]),
    ("Je suis M. Grandjean, encadrant dans un jardin.", ["Grandjean"]),
    ("je suis monsieur dupont du chantier d'insertion", ["dupont"]),
    ("ma cheffe madame bouazizi m'a parlé du titre", ["bouazizi"]),
    ("Mme Vandenbroucke m'a dit que le bloc 2 suffit, c'est vrai ?", ["Vandenbroucke"]),
    ("bonjour mr kowalczyk ma dit de vous ecrire", ["kowalczyk"]),
    ("Quelle est la durée ? Signé Thibault Quéméneur", ["Thibault", "Quéméneur"]),
    ("Merci d'avance. Cordialement, Élodie Charpentier", ["Élodie", "Charpentier"]),
    ("cordialement rachid", ["rachid"]),
    ("mon collègue mamadou diallo a eu son titre en 2023, moi aussi je peux ?", ["mamadou", "diallo"]),
    ("ma prof s'appelle ghislaine elle connait pas le titre", ["ghislaine"]),
    ("nom martin prénom sophie", ["martin", "sophie"]),
    ("Nom : OUEDRAOGO / Prénom : Issouf / je veux m'inscrire", ["OUEDRAOGO", "Issouf"]),
    ("mon prenom c'est shirine mon nom c'est azimi", ["shirine", "azimi"]),
    ("DIALLO Mamadou", ["DIALLO", "Mamadou"]),
    ("Jean-Pierre Lacroix", ["Jean", "Pierre", "Lacroix"]),
    ("je m'appelle Marie Petit et je suis monitrice", ["Marie", "Petit"]),
    ("Appelez-moi Kévin, je cherche le prix", ["Kévin"]),
    ("je m'appelle Ngọc Trần, combien de blocs ?", ["Ngọc", "Trần"]),
    ("Моє ім'я Олена, скільки блоків ?", ["Олена"]),
    ("اسمي كريم les blocs svp", ["كريم"]),
    ("moi nom olena kovalenko, je venir ukraine, titre possible ?", ["olena", "kovalenko"]),
    ("je me nomme Sékou, je suis peintre", ["Sékou"]),
    ("mon mari Abdelhakim veut passer le titre", ["Abdelhakim"]),
    ("c'est pour mon fils enzo il a 19 ans il peut ?", ["enzo"]),
    ("karim92 ici, on peut le faire en apprentissage ?", ["karim"]),
    # Phones.
    ("rappelez moi au 0612345678 svp", ["0612345678", "12345"]),
    ("mon tel 06 12 34 56 78 merci", ["06 12", "56 78"]),
    ("06.12.34.56.78 pour me joindre", ["12.34", "78"]),
    ("tel: 06-12-34-56-78", ["12-34", "78"]),
    ("Appelez le +33 6 12 34 56 78 pour la VAE", ["33 6", "56 78"]),
    ("mon numéro +33(0)612345678", ["612345678"]),
    ("00336 12 34 56 78", ["0033", "56 78"]),
    (
        "c'est le zéro six douze trente quatre cinquante six soixante dix huit pour me rappeler",
        ["six douze", "cinquante", "dix huit"],
    ),
    ("alors mon numero c'est le zero 7 81 22 43 09", ["81 22", "43 09"]),
    ("mon portable zéro sept quatre vingt un vingt deux quarante trois zéro neuf", ["sept", "quarante", "neuf"]),
    ("o6 12 34 56 78 c mon num", ["12 34", "56 78"]),
    ("06 123 456 78 appelez moi", ["123", "456", "78"]),
    ("mon whatsapp +216 98 123 456", ["98 123", "456"]),
    ("0 6 1 2 3 4 5 6 7 8", ["1 2 3", "7 8"]),
    ("je suis joignable au 01/42/33/44/55", ["42/33", "55"]),
    ("mon num 06 12 34 56 7 il manque un chiffre", ["12 34", "56 7"]),
    # Mails, links, pseudonyms.
    ("mon mail karim.benali@gmail.com", ["karim", "benali", "gmail"]),
    ("écrivez-moi : f.ndiaye-75@mail.example.fr merci", ["ndiaye", "example"]),
    ("karim.benali arobase gmail point com", ["karim", "benali", "gmail"]),
    ("mon adresse c'est jeanne tiret lopez arobase hotmail point fr", ["jeanne", "lopez", "hotmail"]),
    ("toto 59 @ orange . fr pour répondre", ["toto", "orange"]),
    ("contact zaza76(at)laposte.net", ["zaza", "laposte"]),
    ("mon mail leilamokrani gmail.com", ["leilamokrani"]),
    ("voir https://www.linkedin.com/in/karim-benali-123 mon profil", ["linkedin", "karim"]),
    ("mon cv est sur www.karimbenali.fr/cv", ["karimbenali"]),
    ("mon site benali-jardins.com", ["benali", "jardins"]),
    ("mon insta c'est @karim_du_93", ["karim", "93"]),
    ("snap : kiki93100", ["kiki93100"]),
    ("fatou_ndiaye sur facebook", ["fatou", "ndiaye"]),
    # Addresses and places.
    ("J'habite 12 rue des Lilas 75020 Paris, où me former ?", ["12", "Lilas", "75020", "Paris"]),
    ("5 bis avenue du Général Leclerc à Montreuil", ["bis", "Leclerc", "Montreuil"]),
    ("jabite o 8 rue de la gare 62300 lens", ["gare", "62300", "lens"]),
    ("mon adresse 14, impasse Jean Moulin 33000 BORDEAUX", ["Moulin", "33000", "BORDEAUX"]),
    ("je vis à Villetaneuse, il y a une formation ?", ["Villetaneuse"]),
    ("jabite a bondy ya un centre ?", ["bondy"]),
    ("j'habite rue Victor Hugo bat 3 appt 12", ["Victor", "Hugo", "bat 3", "appt 12"]),
    ("au douze rue de la république à lyon", ["république", "lyon"]),
    ("3 allée des Tilleuls résidence les Mimosas", ["Tilleuls", "Mimosas"]),
    ("code postal 93140 bondy", ["93140", "bondy"]),
    ("je suis domiciliée à Sainte-Geneviève-des-Bois", ["Geneviève", "Bois"]),
    # Births and numbers.
    ("je suis né le 12/03/1985, je peux passer la vae ?", ["12/03", "1985"]),
    ("née le 3 mai 1979 à Oran", ["3 mai", "1979", "Oran"]),
    ("date de naissance 04-11-92", ["04-11", "92"]),
    ("né le douze mars mille neuf cent quatre vingt cinq", ["douze mars", "quatre vingt"]),
    ("mon numéro de sécu est 1 85 05 78 006 084 91", ["85 05", "006", "084"]),
    ("185057800608491 c'est ma sécu", ["185057800608491"]),
    ("n° sécu 2 79 05 2A 006 084 91", ["2A 006", "084"]),
    ("voila mon rib FR76 3000 6000 0112 3456 7890 189", ["FR76", "6000", "7890", "189"]),
    ("IBAN FR7630006000011234567890189", ["7630006"]),
    ("le siret de ma boite 308 401 090 00012", ["308", "090", "00012"]),
    ("mon identifiant France Travail est le 1234567A", ["1234567"]),
    ("mon numéro d'allocataire CAF 4589231", ["4589231"]),
    ("dossier n° 4589 ou en est-il ?", ["4589"]),
    ("matricule BX4512", ["4512"]),
    ("ma voiture AB-123-CD est en panne", ["AB-123", "CD"]),
    ("plaque GH 482 KL", ["GH 482", "KL"]),
    ("mon titre de séjour 9912034567", ["9912034567"]),
    ("carte 4970 1012 2034 2056", ["4970", "2034", "2056"]),
    ("je gagne 21 500 euros par an, je peux avoir une aide ?", ["21 500"]),
    # Long stories, several pieces at once.
    (
        "Bonjour, je suis Aminata Koné, 34 ans, née le 02/07/1991 à Bouaké. J'encadre une équipe en maraîchage depuis "
        "4 ans. Mon chef Bertrand me dit de faire la VAE. Mon tel : 07 81 22 43 09. On s'inscrit comment ?",
        ["Aminata", "Koné", "02/07", "1991", "Bertrand", "81 22", "43 09"],
    ),
    (
        "slt moi c yanis jabite a tourcoing jbosse ds 1 recyclerie mon mail yanis.b59@hotmail.fr cb tps pr le titre",
        ["yanis", "tourcoing", "b59", "hotmail"],
    ),
    (
        "alors voilà je m'appelle josiane lemaire j'ai cinquante deux ans et mon numéro c'est zéro six quarante deux "
        "onze trente trois zéro huit je voulais savoir si je peux passer l'examen",
        ["josiane", "lemaire", "quarante deux", "onze", "zéro huit"],
    ),
]

QUESTIONS = [
    "Quels sont les blocs de compétences du titre ETAIE ?",
    "C'est quoi la différence entre RNCP41402 et RNCP39099 ?",
    "Que contient le bloc BC01 ?",
    "RNCP41402BC03 ça correspond à quoi",
    "Le code ROME K1203 correspond à quel métier ?",
    "K1203 et K1801 c'est les codes rome du titre ?",
    "combien de certifiés en 2022, 2023 et 2024 ?",
    "En 2024, 51 certifiés sur 60 candidats, c'est bien ça ?",
    "j'ai 45 ans et 12 ans d'expérience, je peux faire la VAE ?",
    "La formation dure 1200 heures ou 35 semaines ?",
    "esque ya bezoin dun diplome pour rentré",
    "kes kon fé dan se metié",
    "slt c koi la diff entre le bloc 1 et le bloc 2",
    "jpeu lavoir ac mon xp? cb 2 blocs svp",
    "alors voilà je voulais savoir en fait si la v a e c'est possible",
    "titre air n c p 41402 c'est quoi",
    "durée enregistrement",
    "jury vae",
    "bloc 3 contenu",
    "moi vouloir savoir combien bloc pour avoir diplome",
    "je suis besoin quelle papier pour entrer",
    "Mon chef me dit que le titre existe depuis 2018, et du coup je me demande si c'est encore le bon.",
    "Je suis encadrante en blanchisserie depuis 2019, on peut valider un seul bloc ?",
    "je suis cuisinier, le titre me sert à quoi ?",
    "C'est obligatoire de passer les blocs 1, 2, 3 et 4 ?",
    "c'est possible en alternance",
    "Moi c'est pour la VAE",
    "bonjour madame je voudrais savoir le prix",
    "Bonjour Monsieur, quels sont les débouchés ?",
    "Comment s'appelle le bloc 2 ?",
    "comment ça s'appelle en entier ce titre",
    "Mon nom est-il enregistré quelque part ?",
    "La fiche est enregistrée jusqu'au 27/11/2028 ?",
    "Le formacode 44591, c'est le bon ?",
    "la fiche 41402 elle est encore active",
    "C'est un niveau 5, donc bac+2 ?",
    "Les codes NSF 332t et 333 concernent quoi ?",
    "j'habite en foyer et je touche le rsa, j'ai droit à la formation ?",
    "je vis de petits boulots en espaces verts, je peux encadrer ?",
    "L'ETAIE, c'est délivré par le ministère du Travail ?",
    "L'AFPA et le GRETA proposent-ils le titre ?",
    "on m'a parlé d'un QCM, c'est 2 h ou 2h30 d'épreuve ?",
    "le taux d'insertion à 6 mois c'est 87 % ?",
    "avec le CAP maçon et 3 ans de chantier c'est bon ?",
    "Je viens de finir mon contrat d'insertion. Que faire ?",
    "un deux trois quatre blocs c'est bien ça",
    "je cherche une place en formation, il y a 12 places par session ?",
    "mon frère et ma sœur ont eu le titre l'an dernier, moi aussi je peux ?",
    "ça coûte 2500 euros ou plus",
    "www.francecompetences.fr dit que c'est actif, c'est vrai ?",
    "je dors à la rue, je peux quand même m'inscrire ?",
    "Encadrant Technique d'Activités d'Insertion par l'Économique : quel jury ?",
]


def left(message: str, pieces: list[str]) -> list[str]:
    """Return the pieces that a scrubbed message still shows."""
    return [piece for piece in pieces if piece.lower() in scrub(message).lower()]


@pytest.mark.parametrize(("message", "pieces"), PERSONAL)
def test_what_identifies_goes(message: str, pieces: list[str]) -> None:
    assert all(piece.lower() in message.lower() for piece in pieces), "le test cherche autre chose"
    assert left(message, pieces) == [], scrub(message)


@pytest.mark.parametrize("message", QUESTIONS)
def test_a_question_stays_as_it_was(message: str) -> None:
    assert scrub(message) == message


@pytest.mark.parametrize(
    ("message", "scrubbed"),
    [
        ("je m'appelle karim je veux savoir combien de blocs", "je m'appelle [nom] je veux savoir combien de blocs"),
        ("mon mail est a.b@c.fr et mon tel 0612345678", "mon mail est [adresse mail] et mon tel [téléphone]"),
        ("née le 3 mai 1979, bloc BC02", "née le [date de naissance], bloc BC02"),
        ("j'habite 12 rue des Lilas, quel est le jury ?", "j'habite [adresse], quel est le jury ?"),
        ("je vis à Villetaneuse et j'ai 30 ans", "je vis à [lieu] et j'ai 30 ans"),
        ("sécu 185057800608491", "sécu [numéro]"),
        ("Моє ім'я", "[autre écriture]"),
        ("insta @momo", "insta [pseudo]"),
        ("va voir https://x.example/y", "va voir [lien]"),
    ],
)
def test_what_stands_instead(message: str, scrubbed: str) -> None:
    assert scrub(message) == scrubbed


def test_entities_found_elsewhere_go_without_their_ordinary_words() -> None:
    def found(text: str) -> list[Span]:
        start = text.index("bonjour")
        return [Span(start, text.index(" les blocs"), Kind.NAME), Span(text.index("ETAIE"), len(text), Kind.PLACE)]

    assert scrub("bonjour zoubida les blocs ETAIE", found) == "bonjour [nom] les blocs ETAIE"


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("06\u200b12\u00ad34 56 78", "061234 56 78"),
        ("Kari\u0301m", "Karím"),
        ("  deux\nlignes\t\u2028 ", "deux lignes"),
    ],
)
def test_cleaning(message: str, read: str) -> None:
    assert cleaned(message) == read


@pytest.mark.parametrize("digits", ["0\u200b6\u200b1\u200b2345678", "０６１２３４５６７８", "٠٦١٢٣٤٥٦٧٨", "0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣"])
def test_digits_in_disguise(digits: str) -> None:
    assert not any(character.isdigit() for character in scrub(f"mon tel {digits} merci"))


@given(st.text(st.sampled_from("ab éKM0159 .,-'@\n\u200bя[]")) | st.text())
def test_any_text_is_scrubbed(text: str) -> None:
    scrubbed = scrub(text)
    assert "\n" not in scrubbed
    assert cleaned(scrubbed) == scrubbed


@pytest.mark.parametrize("message", [message for message, _ in PERSONAL] + QUESTIONS)
def test_scrubbing_again_finds_nothing_more(message: str) -> None:
    assert scrub(scrub(message)) == scrub(message)


@pytest.mark.parametrize(("scrubbed", "says"), [("[nom] [téléphone] !", False), ("[nom] blocs", True), ("12 ?", False)])
def test_a_text_of_placeholders_says_nothing(scrubbed: str, says: bool) -> None:
    assert default_scrubber().has_words(scrubbed) is says


@pytest.mark.parametrize(
    ("replaced", "by", "fault"),
    [
        ('  name: "[nom]"', "", "placeholders : il manque name"),
        ("<<way>>", "<<wey>>", "fragment inconnu 'wey'"),
        ('"bc ?\\\\d{1,2}"', '"bc (\\\\d"', "expression « bc (\\d »"),
        ("takes: first", "takes: all", "cues[0].takes"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, replaced: str, by: str, fault: str) -> None:
    content = SCRUBBING_FILE.read_text(encoding="utf-8")
    assert replaced in content
    wrong = tmp_path / "scrubbing.yml"
    wrong.write_text(content.replace(replaced, by), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_scrubber(wrong)
    assert fault in str(refused.value), json.dumps(str(refused.value))


@pytest.mark.parametrize("piece", ["a", "1", "a-", "a_", "a.", "a@", "1 ", "zero ", "un-", "karim ", "12 rue de la "])
def test_the_longest_message_takes_no_time(piece: str) -> None:
    message = (piece * 2000)[:2000]
    started = time.perf_counter()
    scrub(message)
    assert time.perf_counter() - started < 5
