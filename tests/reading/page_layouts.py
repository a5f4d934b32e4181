"""Invented news pages in the layouts that sites have, each with the words that are the article's."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import dataclass, field

_PLACES = [
    "Velmora",
    "Istrand",
    "Kessel Bay",
    "Tornby",
    "Upper Hale",
    "Marrow Cross",
    "Brannick",
    "Osterwick",
]
_PEOPLE = ["Ilse Brandt", "Tomas Akande", "Ruth Lindqvist", "Pavel Oren", "Nadia Ferro", "Hugh Castellan"]
_SENTENCES = [
    "The town council of {place} voted late on Monday to rebuild the old ferry pier before the autumn storms arrive.",
    "{person}, who has run the harbour office for nineteen years, said the wooden piles had rotted far below the waterline.",
    "Engineers measured the damage in March and found that eleven of the forty supports no longer carry any weight.",
    "Fishermen from {place} told the meeting that they would lose a full season if the work started in June.",
    "“We were promised a temporary jetty two years ago, and nothing came of it,” {person} said to loud applause.",
    "The cost is put at 3.4 million crowns, of which the regional fund has agreed to pay slightly more than half.",
    "A study by the university in {place} warned that heavier ships have worn away the sea bed near the breakwater.",
    "Opponents argue that the money should go to the school on Mill Road, whose roof has leaked since last winter.",
    "{person} replied that the two projects draw on different budgets and that neither needs to wait for the other.",
    "Work is expected to begin in the second week of September and to last until the following spring at the latest.",
    "During that time the ferries will leave from the northern quay, and buses will carry passengers from the square.",
    "The museum in {place} intends to keep one of the oldest piles, which was driven into the mud in 1874.",
    "Local shops fear that fewer visitors will walk along the promenade while the cranes stand in front of it.",
    "A petition with more than two thousand signatures was handed to {person} on the steps of the town hall.",
    "The next public hearing takes place on the nineteenth of the month in the assembly room of the library.",
]
_ARABIC = [
    "قرر مجلس بلدية المدينة مساء الاثنين إعادة بناء رصيف العبارات القديم قبل وصول عواصف الخريف هذا العام.",
    "وقالت مديرة مكتب الميناء إن الأعمدة الخشبية تآكلت تحت سطح الماء ولم تعد قادرة على حمل السفن الثقيلة.",
    "وأوضح المهندسون أن أحد عشر عمودا من أصل أربعين لم تعد تحمل أي وزن بعد الفحص الذي جرى في شهر مارس.",
    "وحذر الصيادون من خسارة موسم كامل إذا بدأت الأعمال في شهر يونيو كما أعلنت الإدارة في وقت سابق.",
    "وتبلغ تكلفة المشروع ثلاثة ملايين وأربعمئة ألف، وسيدفع الصندوق الإقليمي أكثر من نصف هذا المبلغ بقليل.",
    "ومن المتوقع أن يبدأ العمل في الأسبوع الثاني من سبتمبر وأن يستمر حتى ربيع العام المقبل على أبعد تقدير.",
]
_HINDI = [
    "नगर परिषद ने सोमवार देर रात पुराने नौका घाट को शरद ऋतु के तूफानों से पहले फिर से बनाने का फैसला किया।",
    "बंदरगाह कार्यालय की प्रमुख ने कहा कि लकड़ी के खंभे पानी की सतह के बहुत नीचे तक सड़ चुके हैं।",
    "इंजीनियरों ने मार्च में जांच की और पाया कि चालीस में से ग्यारह खंभे अब कोई भार नहीं उठाते।",
    "मछुआरों ने बैठक में बताया कि जून में काम शुरू हुआ तो उनका पूरा मौसम बर्बाद हो जाएगा।",
    "परियोजना की लागत तैंतीस लाख आंकी गई है, जिसका आधे से अधिक हिस्सा क्षेत्रीय कोष देगा।",
    "काम सितंबर के दूसरे सप्ताह में शुरू होने और अगले वसंत तक चलने की उम्मीद है।",
]
_CHINESE = [
    "市议会周一深夜投票决定在秋季风暴到来之前重建旧渡轮码头。",
    "港务办公室主任表示，木桩在水线以下早已腐烂，无法再承受船只的重量。",
    "工程师今年三月进行检测，发现四十根支柱中有十一根已经失去作用。",
    "渔民在会上说，如果工程六月开始，他们将失去整整一个捕鱼季节。",
    "工程费用估计为三百四十万元，地区基金同意承担其中一半以上。",
    "施工预计于九月第二周开始，最迟持续到明年春天。",
]
_MENU = (
    "<nav><ul>"
    + "".join(
        f'<li><a href="/{name.lower()}">{name}</a></li>'
        for name in (
            "Frontpage",
            "Politics",
            "Business",
            "Sport",
            "Culture",
            "Weather",
            "Podcasts",
            "Obituaries",
            "Jobs",
        )
    )
    + "</ul></nav>"
)
_TEASERS = "".join(
    f'<div class="teaser card"><a href="/story/{n}"><h3>{title}</h3></a><p>{lead}</p></div>'
    for n, (title, lead) in enumerate(
        [
            ("Goalkeeper signs until 2031", "Rovers confirm a lengthy contract."),
            ("Bakery wins national prize", "Judges praised sourdough from a cellar oven."),
            ("Commuters stranded overnight", "Signal failure halts three lines."),
            ("Orchestra seeks cellist", "Auditions open throughout October."),
        ]
    )
)
_FOOTER = (
    '<footer class="site-footer"><p>Imprint Privacy Cookies Advertise Careers Syndication</p>'
    "<p>All rights reserved. Reproduction forbidden.</p></footer>"
)
_SHARE = '<div class="share-buttons"><a href="#">Facebook</a> <a href="#">Whatsapp</a> <a href="#">Email</a> <a href="#">Print</a></div>'
_NEWSLETTER = '<aside class="newsletter"><h4>Morning briefing</h4><p>Subscribe for our newsletter and receive headlines daily.</p><form><input type="email"><button>Subscribe</button></form></aside>'
_COMMENTS = (
    '<section id="comments" class="comments"><h2>Comments</h2>'
    + "".join(
        f'<div class="comment"><span class="author">reader{n}</span><p>{text}</p></div>'
        for n, text in enumerate(
            [
                "Typical nonsense, nobody ever asked ordinary taxpayers about anything here.",
                "Finally somebody does something, congratulations from abroad!",
                "Why always whine? Move elsewhere if unhappy, honestly.",
            ]
        )
    )
    + "</section>"
)


@dataclass(frozen=True)
class Layout:
    """A page, and what should be extracted from it."""

    name: str
    html: str
    paragraphs: list[str]
    title: str
    source: str
    published: str
    url: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


class _Writer:
    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.number = number
        self.url = f"https://news{number}.example/2026/01/{number + 10}/pier-{number}"
        self.title = f"Pier of {self.random.choice(_PLACES)} is rebuilt for {number + 3} million"
        self.source = f"The {self.random.choice(_PLACES)} Gazette"
        self.published = f"2026-01-{number + 10:02}T08:30:00+01:00"

    def prose(self, paragraphs: int, sentences: int = 3) -> list[str]:
        """Return paragraphs of English, without repeated sentences."""
        order = self.random.sample(_SENTENCES, k=min(len(_SENTENCES), paragraphs * sentences))
        filled = [
            one.format(place=self.random.choice(_PLACES), person=self.random.choice(_PEOPLE)) for one in order
        ]
        parts = (
            itertools.batched(filled, sentences)
            if hasattr(itertools, "batched")
            else _batched(filled, sentences)
        )
        return [" ".join(part) for part in parts]

    def head(self, *, linked: dict[str, object] | None = None, lang: str = "en") -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title,
            "datePublished": self.published,
            "publisher": {"@type": "Organization", "name": self.source},
            "mainEntityOfPage": {"@id": self.url},
            **(linked or {}),
        }
        return (
            f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{self.title} | {self.source}</title>'
            f'<meta property="og:site_name" content="{self.source}"><meta property="og:title" content="{self.title}">'
            f'<meta property="article:published_time" content="{self.published}">'
            f'<link rel="canonical" href="{self.url}">'
            f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
            "<style>.x{color:red}</style></head>"
        )

    def page(self, name: str, body: str, paragraphs: list[str], **head: object) -> Layout:
        html = self.head(**head) + f"<body>{body}</body></html>"  # type: ignore[arg-type]
        return Layout(name, html, paragraphs, self.title, self.source, self.published, self.url)


def _batched(values: list[str], size: int) -> list[list[str]]:
    return [values[at : at + size] for at in range(0, len(values), size)]


def _p(paragraphs: list[str]) -> str:
    return "".join(f"<p>{one}</p>\n" for one in paragraphs)


def layouts() -> list[Layout]:
    """All layouts."""
    makers = (
        _blog, _portal, _live_blog, _gallery, _paywall, _tables, _line_breaks, _lists, _interview, _scripts,
        _read_more, _arabic, _hindi, _chinese, _brief, _amp,
    )  # fmt: skip
    return [maker(_Writer(number)) for number, maker in enumerate(makers)]


def _blog(writer: _Writer) -> Layout:
    text = writer.prose(5)
    return writer.page(
        "blog with sidebar and comments",
        f'<header class="masthead">{_MENU}</header><div id="content"><article class="post"><h1 class="entry-title">'
        f'{writer.title}</h1><div class="entry-meta">Posted by <a href="/a">Editor</a></div>'
        f'<div class="entry-content">{_p(text)}</div>{_SHARE}</article><div class="related-posts"><h2>Related</h2>{_TEASERS}</div>'
        f'{_COMMENTS}</div><div class="sidebar widget-area">{_NEWSLETTER}{_TEASERS}</div>{_FOOTER}',
        text,
    )


def _portal(writer: _Writer) -> Layout:
    text = writer.prose(5)
    halves = _p(text[:2]) + _NEWSLETTER + _p(text[2:])
    return writer.page(
        "portal with a box within the text",
        f'<div class="topbar">{_MENU}</div><main><article itemscope><header><h1>{writer.title}</h1></header>{_SHARE}'
        f'<div class="article__body" itemprop="articleBody">{halves}</div></article>'
        f'<section class="most-read"><h2>Most read</h2>{_TEASERS}</section></main>{_FOOTER}',
        text,
    )


def _live_blog(writer: _Writer) -> Layout:
    text = writer.prose(5)
    posts = "".join(
        f'<div class="liveblog-post"><time datetime="2026-01-12T1{n}:05:00Z">1{n}:05</time><div class="post-body"><p>{one}</p></div></div>'
        for n, one in enumerate(text)
    )
    return writer.page(
        "live blog",
        f'{_MENU}<article><h1>{writer.title}</h1><div class="liveblog-body">{posts}</div></article><aside class="teasers">{_TEASERS}</aside>{_FOOTER}',
        text,
        linked={"@type": "LiveBlogPosting"},
    )


def _gallery(writer: _Writer) -> Layout:
    text = writer.prose(4)
    pictures = "".join(
        f'<figure class="gallery-item"><img src="/p{n}.jpg" alt="Photograph {n}"><figcaption>Snapshot {n} / Agency Imagebank</figcaption></figure>'
        for n in range(6)
    )
    return writer.page(
        "gallery",
        f'{_MENU}<article><h1>{writer.title}</h1><div class="gallery">{pictures}</div><div class="story">{_p(text)}</div></article>{_FOOTER}',
        text,
    )


def _paywall(writer: _Writer) -> Layout:
    text = writer.prose(5)
    return writer.page(
        "paywall with the whole text in JSON-LD",
        f'{_MENU}<article><h1>{writer.title}</h1><div class="body">{_p(text[:1])}</div><div class="paywall"><h2>Continue reading</h2>'
        f"<p>Unlimited access from one crown monthly. Already subscriber? Log in.</p></div></article>{_TEASERS}{_FOOTER}",
        text,
        linked={"articleBody": "\n\n".join(text), "isAccessibleForFree": False},
    )


def _tables(writer: _Writer) -> Layout:
    text = writer.prose(5)
    menu = "".join(f'<a href="/{n}">Rubrik{n}</a><br>' for n in range(8))
    return writer.page(
        "tables for the layout",
        f'<table width="100%"><tr><td width="120" bgcolor="#eeeeee"><font size="1">{menu}</font></td><td><font size="5"><b>{writer.title}</b></font>'
        f'<br><font size="2">{_p(text)}</font></td></tr></table><center><font size="1">Webmaster Guestbook Imprint</font></center>',
        text,
    )


def _line_breaks(writer: _Writer) -> Layout:
    text = writer.prose(5)
    return writer.page(
        "line breaks for paragraphs",
        f'{_MENU}<h1>{writer.title}</h1><div class="news-text">{"<br><br>".join(text)}</div><div class="also">{_TEASERS}</div>{_FOOTER}',
        text,
    )


def _lists(writer: _Writer) -> Layout:
    text = writer.prose(5)
    items = writer.prose(3, 1)
    body = _p(text[:2]) + "<ul>" + "".join(f"<li>{one}</li>" for one in items) + "</ul>"
    body += f"<blockquote><p>{text[2]}</p></blockquote>" + _p(text[3:])
    return writer.page(
        "lists and a quotation",
        f'{_MENU}<main><article><h1>{writer.title}</h1><div class="content">{body}</div></article></main>{_COMMENTS}{_FOOTER}',
        [*text[:2], *items, *text[2:]],
    )


def _interview(writer: _Writer) -> Layout:
    text = writer.prose(5)
    questions = [f"Question {n}: what happens next on the waterfront?" for n in range(5)]
    body = "".join(f"<h3>{ask}</h3><p>{one}</p>" for ask, one in zip(questions, text, strict=True))
    return writer.page(
        "interview with headings",
        f'{_MENU}<article><h1>{writer.title}</h1><div class="article-text">{body}</div></article><div class="sidebar">{_TEASERS}</div>{_FOOTER}',
        [line for pair in zip(questions, text, strict=True) for line in pair],
    )


def _scripts(writer: _Writer) -> Layout:
    text = writer.prose(5)
    state = json.dumps({"props": {"pageProps": {"teasers": ["ballast"] * 3000}}})
    return writer.page(
        "page of a framework with its state",
        f'<div id="__next"><div class="css-1">{_MENU}</div><div class="css-2"><h1 class="css-3">{writer.title}</h1>'
        f'<div class="css-4 article-body">{"".join(f"<div class=css-5><p class=css-6>{one}</p></div>" for one in text)}</div></div>'
        f'<div class="css-7 recirculation">{_TEASERS}</div>{_FOOTER}</div><script id="__NEXT_DATA__" type="application/json">{state}</script>',
        text,
    )


def _read_more(writer: _Writer) -> Layout:
    text = writer.prose(5)
    inset = (
        '<div class="read-more"><strong>Read more:</strong> <a href="/s">Bakery wins national prize</a></div>'
    )
    body = inset.join(f"<p>{one}</p>" for one in text)
    cookies = '<div id="cookie-banner" role="dialog"><p>Cookies help us improve. Accept everything or adjust preferences.</p><button>Accept</button></div>'
    return writer.page(
        "links within the text and a banner",
        f'{cookies}{_MENU}<article><h1>{writer.title}</h1><div class="story-body">{body}</div>{_SHARE}</article>{_FOOTER}',
        text,
    )


def _in_language(
    writer: _Writer,
    name: str,
    text: list[str],
    lang: str,
    title: str,
    menu: list[str],
    direction: str = "ltr",
) -> Layout:
    writer.title = title
    links = "".join(f'<li><a href="#">{one}</a></li>' for one in menu)
    return writer.page(
        name,
        f'<div dir="{direction}"><nav><ul>{links}</ul></nav><article><h1>{title}</h1><div class="article-body">{_p(text)}</div></article>'
        f'<aside class="related"><ul>{links}</ul></aside><footer>{menu[0]}</footer></div>',
        text,
        lang=lang,
    )


def _arabic(writer: _Writer) -> Layout:
    menu = ["الرئيسية", "رياضة", "اقتصاد", "ثقافة"]
    return _in_language(
        writer, "right to left", _ARABIC, "ar", "إعادة بناء الرصيف القديم في المدينة", menu, "rtl"
    )


def _hindi(writer: _Writer) -> Layout:
    return _in_language(
        writer, "Devanagari", _HINDI, "hi", "पुराना नौका घाट फिर बनेगा", ["मुखपृष्ठ", "खेल", "व्यापार", "मनोरंजन"]
    )


def _chinese(writer: _Writer) -> Layout:
    return _in_language(
        writer, "without spaces", _CHINESE, "zh", "旧渡轮码头将重建", ["首页", "体育", "财经", "文化"]
    )


def _brief(writer: _Writer) -> Layout:
    text = [
        "The ferry to Istrand is cancelled on Sunday because of strong wind, the harbour office in Tornby said."
    ]
    return writer.page(
        "brief of one sentence",
        f'{_MENU}<article><h1>{writer.title}</h1><div class="article-body">{_p(text)}</div></article>{_TEASERS}{_FOOTER}',
        text,
    )


def _amp(writer: _Writer) -> Layout:
    text = writer.prose(5)
    return writer.page(
        "AMP",
        f'<amp-sidebar id="s">{_MENU}</amp-sidebar><article class="amp-wp-article"><header><h1>{writer.title}</h1></header>'
        f'<amp-img src="/a.jpg" width="1" height="1"></amp-img><div class="amp-wp-article-content">{_p(text)}<amp-ad type="x"></amp-ad></div></article>{_FOOTER}',
        text,
    )
