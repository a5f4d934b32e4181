"""Under which names the fields of an article are found where the user names none."""

from __future__ import annotations

from typing import Any

#: The fields of an article, in the order in which the reading keeps them.
FIELDS = ("text", "id", "source", "title", "url", "published", "language", "credit_lines")

#: Names to try for each field, best first; without case, underscores and hyphens.
GUESSES: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article", "maintext", "plaintext", "bodytext", "articlebody"),
        *("contenttext", "textcontent", "fulltext", "articletext", "storytext", "bodyplain", "contentplain"),
        *("newstext", "articlecontent", "newscontent", "storybody", "newsbody", "postcontent", "pagetext"),
        *("cleanedtext", "cleantext", "rawtext", "rawcontent", "extractedtext", "maincontent", "document"),
        *("contentencoded", "content:encoded", "paragraphs", "texto", "texte", "testo", "tekst", "inhalt"),
        *(
            "cuerpo",
            "contenido",
            "corpo",
            "contenu",
            "bodynitf",
            "bodyhtml",
            "contenthtml",
            "bodyxhtml",
            "articlehtml",
        ),
        *("htmlcontent", "html"),
    ),
    "id": (
        *("id", "uuid", "articleid", "docid", "documentid", "docno", "newsid", "storyid", "itemid", "uid"),
        *("guid", "identifier", "uri", "messageid", "an", "pmid", "url"),
    ),
    "source": (
        *("source", "publisher", "outlet", "publication", "sitename", "metasitename", "sourcename"),
        *("publishername", "publicationname", "outletname", "medianame", "mediaoutlet", "newspaper"),
        *("newssource", "newsoutlet", "sourcetitle", "infosources", "infosource", "provider"),
        *("containertitle", "portal", "medium", "media", "quelle", "fuente", "fonte", "journal", "website"),
        *(
            "site",
            "sourcedomain",
            "sourceid",
            "sourcehost",
            "domain",
            "hostname",
            "host",
            "domainname",
            "netloc",
        ),
    ),
    "title": (
        *("title", "headline", "webtitle", "articletitle", "newstitle", "posttitle", "storytitle"),
        *("headlinemain", "heading", "headlines", "subject", "titre", "titulo", "título", "titel"),
        *("titolo", "überschrift", "pagetitle", "hl1", "hed"),
    ),
    "url": (
        *("url", "link", "permalink", "weburl", "articleurl", "articlelink", "canonicalurl", "canonicallink"),
        *(
            "canonical",
            "newsurl",
            "newslink",
            "storyurl",
            "posturl",
            "pageurl",
            "requestedurl",
            "respondedurl",
        ),
        *("originalurl", "finalurl", "resolvedurl", "sourceurl", "externalurl", "href", "loc", "urlused"),
    ),
    "published": (
        *("published", "publishedat", "datepublished", "publishdate", "publisheddate", "datepublish"),
        *("publishingdate", "publicationdate", "publicationtime", "publishedtime", "publishtime"),
        *("publisheddatetime", "publishdatetime", "publicationdatetime", "datetimepub", "datepub", "pubdate"),
        *("pubdatetime", "pubtime", "webpublicationdate", "firstpublisheddate", "firstpublishedat"),
        *("firstpublicationdate", "firstpublished", "firstpublishdate", "publishedon", "publishedutc"),
        *("publishedgmt", "dategmt", "postdategmt", "postdate", "dateposted", "postedat", "posteddate"),
        *("displaydate", "articledate", "newsdate", "storydate", "dateissued", "issuedate", "versioncreated"),
        *("firstcreated", "date", "datetime", "fecha", "datum", "data_pubblicazione", "released"),
        *("releasedate", "issued", "createdat", "datecreated", "creationdate", "created", "timestamp"),
    ),
    "language": ("language", "lang", "inlanguage", "languagecode", "langcode", "articlelanguage", "metalang"),
    # All that have a value count: each may name another supplier.
    "credit_lines": (
        *("creditlines", "creditline", "credittext", "copyrightholder", "copyrightnotice", "copyright"),
        *("usageterms", "rights"),
    ),
}

#: Names that hold the address only where their value is one.
ADDRESSES = ("uri", "guid", "id", "identifier")

#: Objects inside a record whose fields are facts of the article itself.
CONTAINERS = (
    *("metadata", "meta", "attributes", "fields", "article", "data", "links", "thread", "properties", "info"),
    *("item", "document", "header", "headers", "head", "html", "sourceinfo", "doc", "extra", "details"),
)

#: Objects (or JSON in a string) that the record proper lies in.
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
    ),
)

#: Where the article's text may lie in an object, best first.
TEXT_PARTS = (
    *("plain", "plaintext", "text", "bodytext", "rendered", "value", "processed", "content", "html", "body"),
    *("#text", "$t", "__cdata", "paragraphs", "sections", "full", "main"),
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

#: What a record without an article's text may hold in place of it.
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
