"""The words of a written date: months, weekdays, am and pm, and words without further meaning."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Spellings that are one letter to a reader: both kinds of i, and the yeh, kaf and heh of three keyboards.
_ONE_LETTER = str.maketrans(
    {"ı": "i", "ى": "ي", "ی": "ي", "ک": "ك", "ە": "ه", "ہ": "ه", "ß": "ss", "ʼ": "'", "’": "'"}
    | {"−": "-", "–": "-", "‐": "-", "‑": "-", "：": ":", "．": ".", "،": ",", "、": ",", "ـ": None}
)
# Marks that one spelling has and another omits.
_MARKS = (("\u0300", "\u036f"), ("\u0591", "\u05c7"), ("\u064b", "\u0655"))
_NUKTAS = frozenset("\u093c\u09bc\u0a3c")

# Words around a date, before it or between its parts.
_FILLERS = """
a|aan|ad|al|alle|am|an|as|at|ba|but|ce|cl|d|da|dag|das|date|datum|data|dato|datums|de|dd|del|dell|della|den|
der|des|di|die|dia|do|e|een|el|em|en|era|eme|er|ere|fecha|g|gada|gg|god|goda|godine|gs|h|har|hr|hrs|hours|i|ia|il|
in|ja|jam|jom|kell|kl|klo|klokken|ko|kohta|la|las|le|les|lo|los|luc|m|min|n|na|nam|nd|ngay|o|ob|of|om|on|ora|ore|os|
pada|pe|pkl|por|postat|pukul|r|rd|roku|s|saat|saati|st|t|tanggal|tarih|tarihi|th|the|thang|thu|u|uhr|um|uur|v|ve|ved|
y|yil|z|à|ο|στις|την|της|τις|ώρα|году|год|года|г|р|року|рік|в|во|у|о|от|від|ч|час|година|часа|оны|сарын|ны|өдөр|
ב|ה|ב'|בשעה|יום|שעה|في|يوم|الساعة|عند|سنة|بتاريخ|عام|من|ميلادي|ساعت|در|روز|بوقت|بجے|को|बजे|के|दिन|तारीख|तारिख|
টায়|তারিখ|সাল|খ্রিস্টাব্দ|ที่|วัน|เวลา|น|น.|เมื่อ|วันที่|ค.ศ|ปี|เดือน|ថ្ងៃ|ទី|ខែ|ឆ្នាំ|နေ့|ရက်|လ|時|分|日|曜日|的|于|於|
godz|го|οσ|公開日|公開日時|掲載日|掲載日時|配信日|配信日時|投稿日|発行日|発売日|
posted|published|publishedon|publish|pubdate|released|issued|issue|filed|created|dated|first|original|
veröffentlicht|publiziert|erschienen|stand|publié|publiée|publie|parution|paru|publicado|publicada|publicación|
publicacion|publicação|publicacao|pubblicato|pubblicata|pubblicazione|gepubliceerd|geplaatst|publicerad|publicerat|
udgivet|publisert|julkaistu|opublikowano|opublikowany|dodano|zverejneno|publikovano|publikované|objavljeno|
objavljen|publicat|publicată|megjelent|yayınlanma|yayımlanma|yayınlandı|опубликовано|опублікована|опубліковано|
публикувано|дата|публикации|δημοσίευση|δημοσιεύθηκε|δημοσιεύτηκε|diterbitkan|terbit|diposting|dipublikasikan|đăng|
発行|公開|配信|掲載|発表|投稿|发布|发布时间|发表|发表时间|发表于|发布于|時間|时间|日期|發布|發布時間|發佈|게시|입력|등록|승인|발행|기사입력|
تاريخ|النشر|نشر|نشرت|تم|انتشار|زمان|شائع|प्रकाशित|प्रकाशन|तिथि|প্রকাশিত|প্রকাশ|প্রকাশের|வெளியிடப்பட்டது|
"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of a date, folded.

    Attributes
    ----------
    months : dict of str to int
        1 to 12; names of two words have one space.
    several : dict of str to (int, int)
        Names that mean two months: which one after a day with a full stop, and without; 0 for neither.
    weekdays : dict of str to int
        0 for Monday to 6; -1 if the word does not name a single day.
    meridiems : dict of str to str
        "am", "pm", "noon" or "night".
    calendars : dict of str to str
        The calendar that a word belongs to.
    fillers : frozenset of str
    """

    months: dict[str, int]
    several: dict[str, tuple[int, int]]
    weekdays: dict[str, int]
    meridiems: dict[str, str]
    calendars: dict[str, str]
    fillers: frozenset[str]


def folded(text: str) -> str:
    """Return the text in the form that the grammar of dates reads.

    Width, case, accents and invisible characters are removed; digits of all scripts become ASCII.

    Examples
    --------
    >>> folded("24 Février 2022"), folded("२०२२-०२-२४"), folded("24\u00a0Mayıs")
    ('24 fevrier 2022', '2022-02-24', '24 mayis')
    """
    kept = []
    for character in unicodedata.normalize("NFKD", text).casefold():
        category = unicodedata.category(character)
        if category == "Cf" or character in _NUKTAS or any(low <= character <= high for low, high in _MARKS):
            continue
        if category == "Nd":
            character = str(unicodedata.decimal(character))
        kept.append(" " if character.isspace() else character)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_ONE_LETTER).strip()


@cache
def vocabulary() -> Vocabulary:
    """Read the words, once."""
    content = resources.files("dedup.reading.dates").joinpath("words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(content)
    months = {
        _key(name): month
        for names in table["months"].values()
        for month, spellings in enumerate(names.split(","), 1)
        for name in spellings.split("|")
        if _key(name)
    }
    # Hebrew writes "in" as a letter before the month.
    months |= {"ב" + name: month for name, month in months.items() if "א" <= name[0] <= "ת"}
    weekdays = {
        _key(name): day for day, names in enumerate(table["weekdays"]["days"]) for name in names.split("|")
    }
    weekdays |= {_key(name): -1 for name in table["weekdays"]["several"].split("|")}
    return Vocabulary(
        months=months,
        several={_key(name): (pair[0], pair[1]) for name, pair in table["several"].items()},
        weekdays=weekdays,
        meridiems={_key(name): half for half, names in table["halves"].items() for name in names.split("|")},
        calendars={
            _key(name): calendar
            for calendar, names in table["calendars"].items()
            for name in names.split("|")
            if _key(name)
        },
        fillers=frozenset(_key(name) for name in _FILLERS.replace("\n", "").split("|")),
    )


def _key(name: str) -> str:
    return folded(name).replace(".", "").strip()
