"""The tables of the catalogue, and the steps that created them."""

from __future__ import annotations

#: The schema, step by step. A released step is never changed. The number of the last step is the schema's
#: version.
MIGRATIONS: tuple[tuple[str, str], ...] = (
    (
        "articles, segments and overlaps",
        """
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE source (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE article (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL,
            published INTEGER, digest BLOB NOT NULL, story INTEGER
        );
        CREATE INDEX article_of_story ON article (story) WHERE story IS NOT NULL;
        CREATE TABLE segment (
            name TEXT PRIMARY KEY, first INTEGER NOT NULL, articles INTEGER NOT NULL, files TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE removed (number INTEGER PRIMARY KEY);
        CREATE TABLE overlap (
            first INTEGER PRIMARY KEY, last INTEGER NOT NULL, pairs BLOB NOT NULL, passages BLOB NOT NULL
        );
        CREATE TABLE verdict (
            number INTEGER PRIMARY KEY, verdict BLOB NOT NULL, policy TEXT NOT NULL, kept INTEGER NOT NULL
        );
        """,
    ),
    (
        "decisions of editors",
        """
        CREATE TABLE decision (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL
        );
        """,
    ),
    (
        "checksums of rows",
        """
        ALTER TABLE article ADD COLUMN sum INTEGER;
        ALTER TABLE segment ADD COLUMN sum INTEGER;
        ALTER TABLE overlap ADD COLUMN sum INTEGER;
        ALTER TABLE source ADD COLUMN sum INTEGER;
        ALTER TABLE removed ADD COLUMN sum INTEGER;
        ALTER TABLE verdict ADD COLUMN sum INTEGER;
        ALTER TABLE decision ADD COLUMN sum INTEGER;
        """,
    ),
)
