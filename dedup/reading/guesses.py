"""The names under which the fields of an article are found if the user names none."""

from __future__ import annotations

from typing import Any

from dedup.reading.headings import headings

#: The fields of an article, in the order in which reading stores them.
FIELDS = ("text", "id", "source", "title", "url", "published", "language", "credit_lines")

# English names, best first; without case, underscores and hyphens. If a record has the whole text besides a
# shorter one, the whole text's name comes first. Names in other languages are inserted at the star, or at the
# end.
_ENGLISH: dict[str, str] = {
    "text": """
        fulltext fullcontent fullarticle fullbody completetext text body content article maintext plaintext
        bodytext articlebody contenttext textcontent articletext storytext bodyplain contentplain
        newstext articlecontent newscontent storybody newsbody postcontent pagetext pagecontent selftext
        cleanedtext cleantext rawtext rawcontent extractedtext maincontent document markdown
        contentencoded content:encoded paragraphs sentences storysentences blocks *
        bodynitf bodyhtml contenthtml bodyxhtml articlehtml articlebodyhtml htmlcontent html
    """,
    "id": """
        id uuid articleid docid documentid docno newsid storyid storiesid itemid objectid uid guid identifier
        uri messageid an accessionno pmid url
    """,
    "source": """
        source publisher outlet publication sitename metasitename ogsitename og:sitename sourcename namesource
        publishername publicationname publicationtitle pubtitle outletname medianame mediaoutlet newspaper
        newspapername newssource newsoutlet sourcetitle infosources infosource provider
        containertitle portal medium media journal website *
        site sourcedomain sourceid sourcehost domain canonicaldomain hostname host domainname domainurl netloc
    """,
    "title": """
        title headline webtitle articletitle extractedtitle newstitle posttitle storytitle headlinetext
        headlinemain heading headlines * subject pagetitle ogtitle hl1 hed
    """,
    "url": """
        url link permalink weburl articleurl articlelink canonicalurl canonicallink canonical newsurl
        newslink storyurl posturl pageurl requestedurl respondedurl originalurl finalurl resolvedurl sourceurl
        documenturl externalurl href loc urlused
    """,
    "published": """
        published publishedat datepublished publishdate publisheddate datepublish publishingdate
        publicationdate publicationtime publicationdatetime publishedtime publishtime publisheddatetime
        publishdatetime datetimepub datepub pubdate pubdatetime pubtime webpublicationdate
        firstpublisheddate firstpublishedat firstpublicationdate firstpublished firstpublishdate publishedon
        publishedutc publishedgmt articlepublishedtime article:publishedtime ogpublishedtime
        dategmt postdategmt postdate dateposted postedat posteddate displaydate articledate newsdate storydate
        dateissued issuedate versioncreated firstcreated date datetime * released releasedate issued
        createdat datecreated creationdate created createdutc timestamp dt data
    """,
    "language": """
        language lang inlanguage languagecode langcode articlelanguage metalang oglocale
    """,
    # All fields with a value count: each may name another supplier.
    "credit_lines": """
        creditlines creditline credittext copyrightholder copyrightnotice copyright usageterms rights
    """,
}


def _names(field: str, english: str) -> tuple[str, ...]:
    strong, _, weak = english.partition("*")
    return tuple(dict.fromkeys([*strong.split(), *headings(field), *weak.split()]))


#: Names to try for each field, best first.
GUESSES: dict[str, tuple[str, ...]] = {field: _names(field, names) for field, names in _ENGLISH.items()}

#: Names that hold the address only if their value is one.
ADDRESSES = ("uri", "guid", "id", "identifier")

#: Objects inside a record whose fields describe the article itself.
CONTAINERS = (
    *("metadata", "meta", "attributes", "fields", "article", "data", "links", "thread", "properties", "info"),
    *("item", "document", "header", "headers", "head", "html", "sourceinfo", "doc", "extra", "details"),
    *("og", "opengraph", "dates"),
)

#: Objects (or JSON in a string) that contain the actual record.
WRAPPERS = (
    *("source", "payload", "attributes", "node", "data", "article", "doc", "document", "record", "fields"),
    *(
        "item",
        "value",
        "message",
        "after",
        "fulldocument",
        "body",
        "content",
        "story",
        "post",
        "result",
        "json",
        "object",
        "detail",
    ),
)

#: Where the article's text may be in an object, best first.
TEXT_PARTS = (
    *("plain", "plaintext", "text", "bodytext", "rendered", "value", "processed", "content", "html", "body"),
    *("#text", "$t", "__cdata", "paragraph", "paragraphs", "sections", "full", "main", "sentence", "blocks"),
)
NAME_PARTS = (
    "name",
    "title",
    "label",
    "sitename",
    "#text",
    "value",
    "domain",
    "hostname",
    "host",
    "href",
    "url",
    "uri",
    "id",
)
TITLE_PARTS = ("rendered", "main", "value", "text", "name", "title", "#text", "$t", "__cdata")
URL_PARTS = ("canonical", "permalink", "href", "url", "rendered", "value", "self", "@id", "#text")
ID_PARTS = ("$oid", "value", "#text", "@id", "id")
LANGUAGE_PARTS = ("code", "name", "value", "id")
DATE_PARTS = (
    "$date",
    "date-parts",
    "iso",
    "utc",
    "datetime",
    "date",
    "value",
    "#text",
    "published",
    "$numberlong",
)

PARTS: dict[str, tuple[str, ...]] = {
    "text": TEXT_PARTS,
    "id": ID_PARTS,
    "source": NAME_PARTS,
    "title": TITLE_PARTS,
    "url": URL_PARTS,
    "published": DATE_PARTS,
    "language": LANGUAGE_PARTS,
    "credit_lines": NAME_PARTS,
}

#: What a record without an article's text may contain instead.
NOT_THE_TEXT = (
    *("summary", "description", "abstract", "excerpt", "snippet", "leadparagraph", "lead", "teaser", "dek"),
    *(
        "standfirst",
        "subtitle",
        "trailtext",
        "metadescription",
        "comments",
        "bio",
        "author",
        "authors",
        "title",
    ),
    *("headline", "url", "link", "keywords", "image", "transcript", "prompt", "question", "answer"),
)


def is_address(value: Any) -> bool:
    """Whether a value is a web address."""
    return isinstance(value, str) and value[:8].lower().startswith(("http://", "https://"))
