"""Options and the settings file say what sources are."""

import json

import pytest

TEXT = (
    "The harbour board voted on Monday to close the east pier for repairs that will take most of the summer, "
    "and the two ferries that land there will move to the fish market until the work is done. Fishermen said "
    "they had not been asked, and that the market has room for one ferry at best."
)


@pytest.fixture
def corpus(tmp_path):
    rows = [
        {"id": "a", "source": "Coast Wire", "text": TEXT, "published": "2024-03-01T08:00"},
        {"id": "b", "source": "hp.example", "text": TEXT, "published": "2024-03-01T08:00"},
        {"id": "c", "source": "Harbour Post", "text": TEXT, "published": "2024-03-01T08:00"},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "dedup.toml").write_text(
        '[outlets."Harbour Post"]\nhosts = ["hp.example"]\nmine = true\ntimezone = "Asia/Kolkata"\n'
    )
    return path


def test_the_settings_file_joins_sources_and_gives_their_zone(corpus, run):
    done = run("scan", str(corpus), "--format", "jsonl", "--kind", "Coast Wire=agency", "--quiet")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    articles = {each["id"]: each for each in records if each["kind"] == "article"}
    assert articles["b"]["source"] == "Harbour Post"
    assert {(each["a"], each["b"]) for each in records if each["kind"] == "overlap"} == {
        ("a", "b"),
        ("a", "c"),
    }
    assert articles["b"]["published"].startswith("2024-03-01T02:30")
    assert articles["a"]["published"].startswith("2024-03-01T08:00")
    assert [each["name"] for each in articles["b"]["suppliers"]] == ["Coast Wire"]
    # A time zone from the command line overrides that of the file.
    done = run("scan", str(corpus), "--format", "jsonl", "--timezone", "harbour post=UTC", "--quiet")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    (article,) = (each for each in records if each["kind"] == "article" and each["id"] == "b")
    assert article["published"].startswith("2024-03-01T08:00")


def test_mine_reaches_the_page(corpus, run):
    done = run("scan", str(corpus), "-o", "page.html", "--mine", "coast wire ", "--quiet")
    assert done.exit_code == 0, done.output
    page = (corpus.parent / "page.html").read_text()
    data = json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])
    assert data["mine"] == ["Harbour Post", "coast wire"]
    assert all(each["mine"] for each in data["articles"])


def test_options_that_are_wrong_say_what_is_right(corpus, run):
    done = run("scan", str(corpus), "--kind", "Coast Wire=paper")
    assert done.exit_code == 2
    assert "outlet, agency, feed, press" in " ".join(done.output.split())
    done = run("scan", str(corpus), "--mine", "Coast Wire", "--format", "csv")
    assert done.exit_code == 2
    assert "HTML report" in done.output


def test_the_settings_show_the_table_and_can_be_read_back(corpus, run):
    shown = run("settings", "--format", "toml").stdout
    (corpus.parent / "dedup.toml").write_text(shown)
    assert '[outlets."Harbour Post"]' in shown
    again = run("settings", "--format", "toml").stdout
    assert again[again.index("[outlets") :] == shown[shown.index("[outlets") :]
