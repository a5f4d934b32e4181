"""When an article ran."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from dedup.errors import SettingsError
from dedup.reading import Reading, read_articles, read_batches
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.reading.dates import deciding
from dedup.reading.dates.calendars import UnreadableDateError
from dedup.reading.dates.moments import DateReader
from dedup.reading.dates.options import DateOptions
from dedup.reading.dates.written import read_date
from dedup.reading.options import ReaderOptions


def told(value: str) -> str:
    """Return the date of a value, with ``Z`` if its zone is given; else "none", "open" or "refused"."""
    try:
        found = read_date(value)
    except UnreadableDateError:
        return "refused"
    if found is None:
        return "none"
    if len(found.readings) > 1 and found.usual is None:
        return "open"
    time = found.readings[0].time
    form = {
        "year": "%Y",
        "month": "%Y-%m",
        "day": "%Y-%m-%d",
        "hour": "%Y-%m-%dT%H",
        "minute": "%Y-%m-%dT%H:%M",
    }
    if found.precision in form:
        return time.strftime(form[found.precision]) + ("Z" if found.zone else "")
    return time.isoformat() + ("Z" if found.zone else "")


@pytest.mark.parametrize(
    ("value", "date_told"),
    [
        ("2021-09-05", "2021-09-05"),
        ("2021-09-05T07:08", "2021-09-05T07:08"),
        ("2021-09-05T07:08:09", "2021-09-05T07:08:09"),
        ("2021-09-05 07:08:09.25+05:30", "2021-09-05T01:38:09.250000Z"),
        ("2021-09-05T07:08:09.123456789Z", "2021-09-05T07:08:09.123456Z"),
        (" 2021-09-05T07:08Z ", "2021-09-05T07:08Z"),
        ("2021-09-05t07:08:09z", "2021-09-05T07:08:09Z"),
        ("2021-09-05T24:00:00Z", "2021-09-06T00:00:00Z"),
        ("2021-12-31T23:59:60Z", "2021-12-31T23:59:59.999999Z"),
        ("2021-09-05T07Z", "2021-09-05T07Z"),
        ("2021-W35-7", "2021-09-05"),
        ("2021-248", "2021-09-05"),
        ("2021-09", "2021-09"),
        ("09/2021", "2021-09"),
        ("2021", "2021"),
        ("20210905", "2021-09-05"),
        ("20210905070809", "2021-09-05T07:08:09"),
        ("20210905T070809Z", "2021-09-05T07:08:09Z"),
        ("202109050708", "2021-09-05T07:08"),
        ("2021:09:05 07:08:09", "2021-09-05T07:08:09"),
        ("2021-09-05-07.08.09.000000", "2021-09-05T07:08:09"),
        ("2021/9/5", "2021-09-05"),
        ("2021. 9. 5.", "2021-09-05"),
        ("5/Sep/2021:07:08:09 +0200", "2021-09-05T05:08:09Z"),
        ("1630825689", "2021-09-05T07:08:09Z"),
        ("1630825689.5", "2021-09-05T07:08:09.500000Z"),
        ("1630825689000", "2021-09-05T07:08:09Z"),
        ("1630825689000000", "2021-09-05T07:08:09Z"),
        ("@1630825689000000000", "2021-09-05T07:08:09Z"),
        ("/Date(1630825689000+0200)/", "2021-09-05T07:08:09Z"),
        ("D:20210905070809+02'00'", "2021-09-05T05:08:09Z"),
        ('ISODate("2021-09-05T07:08:09Z")', "2021-09-05T07:08:09Z"),
        ("datetime.datetime(2021, 9, 5, 7, 8)", "2021-09-05T07:08"),
        ("Timestamp('2021-09-05 07:08:09')", "2021-09-05T07:08:09"),
        ('["2021-09-05"]', "2021-09-05"),
        ("2021-09-05+02:00", "2021-09-04Z"),
    ],
)
def test_forms_of_programs(value: str, date_told: str) -> None:
    assert told(value) == date_told


@pytest.mark.parametrize(
    ("value", "date_told"),
    [
        ("Sun, 05 Sep 2021 07:08:09 GMT", "2021-09-05T07:08:09Z"),
        ("Sun, 05 Sep 2021 07:08:09 -0500", "2021-09-05T12:08:09Z"),
        ("Sun, 05 Sep 2021 07:08:09 GMT+0200", "2021-09-05T05:08:09Z"),
        ("2021-09-05 07:08:09 UTC-4", "2021-09-05T11:08:09Z"),
        ("Sun Sep 05 2021 07:08:09 GMT+0200 (Central European Summer Time)", "2021-09-05T05:08:09Z"),
        ("2021-09-05T07:08:09+02:00[Europe/Berlin]", "2021-09-05T05:08:09Z"),
        ("2021-09-05 07:08:09 Europe/Berlin", "2021-09-05T05:08:09Z"),
        ("2021-01-05 07:08:09 europe/berlin", "2021-01-05T06:08:09Z"),
        ("Sun Sep  5 07:08:09 EDT 2021", "2021-09-05T11:08:09Z"),
        ("Sept. 5, 2021 7:08 p.m. ET", "2021-09-05T23:08Z"),
        ("January 5, 2021 at 7:08 AM Eastern Time", "2021-01-05T12:08Z"),
        ("5 Sep 2021 07:08 WIB", "2021-09-05T00:08Z"),
        ("2021-09-05 07:08:09 +0530 IST", "2021-09-05T01:38:09Z"),
        ("09-15-21 0708GMT", "2021-09-15T07:08Z"),
        ("Sun, 05 Sep 2021 07:08:09 IST", "2021-09-05T07:08:09Z"),
    ],
)
def test_zones_mean_what_they_say(value: str, date_told: str) -> None:
    assert told(value) == date_told


@pytest.mark.parametrize(
    ("value", "date_told"),
    [
        ("September 5, 2021 Sunday", "2021-09-05"),
        ("the 5th of September, 2021", "2021-09-05"),
        ("5-Sep-97", "1997-09-05"),
        ("Released: 5 Sep 2021", "2021-09-05"),
        ("5. Dezember 2021, 7:08 Uhr", "2021-12-05T07:08"),
        ("1er août 2021 à 7h08", "2021-08-01T07:08"),
        ("domingo, 5 de septiembre de 2021", "2021-09-05"),
        ("5 de dezembro de 2021 às 7h08", "2021-12-05T07:08"),
        ("5 d'octubre de 2021", "2021-10-05"),
        ("den 5 maj 2021 kl. 7.08", "2021-05-05T07:08"),
        ("5. joulukuuta 2021 klo 7.08", "2021-12-05T07:08"),
        ("5 grudnia 2021 r.", "2021-12-05"),
        ("5 listopada 2021", "2021-11-05"),
        ("5. listopada 2021.", "2021-10-05"),
        ("5. prosince 2021", "2021-12-05"),
        ("2021. december 5.", "2021-12-05"),
        ("2021 m. gruodžio 5 d.", "2021-12-05"),
        ("2021. gada 5. decembris", "2021-12-05"),
        ("5 декабря 2021 г., 07:08", "2021-12-05T07:08"),
        ("5 грудня 2021", "2021-12-05"),
        ("5 Δεκεμβρίου 2021, 7:08 μ.μ.", "2021-12-05T19:08"),
        ("5 Aralık 2021 Pazar", "2021-12-05"),
        ("5 tháng 12, 2021", "2021-12-05"),
        ("5 Desember 2021", "2021-12-05"),
        ("5 Desemba 2021", "2021-12-05"),
        ("5 दिसंबर 2021", "2021-12-05"),
        ("৫ ডিসেম্বর ২০২১", "2021-12-05"),
        ("5 டிசம்பர் 2021", "2021-12-05"),
        ("5 డిసెంబర్ 2021", "2021-12-05"),
        ("5 دسمبر 2021", "2021-12-05"),
        ("الأحد 5 كانون الأول 2021", "2021-12-05"),
        ("٥ ديسمبر ٢٠٢١", "2021-12-05"),
        ("5 בדצמבר 2021", "2021-12-05"),
        ("5 ธันวาคม 2021", "2021-12-05"),
        ("5 ဒီဇင်ဘာ 2021", "2021-12-05"),
        ("5 ዲሴምበር 2021", "2021-12-05"),
        ("2021年12月5日（日）7時08分", "2021-12-05T07:08"),
        ("2021年12月5日 下午7:08", "2021-12-05T19:08"),
        ("二〇二一年十二月五日", "2021-12-05"),
        ("令和3年12月5日", "2021-12-05"),
        ("2021년 12월 5일 오후 7시 8분", "2021-12-05T19:08"),
        ("१५-१२-२०२१", "2021-12-15"),
        ("December 2021", "2021-12"),
    ],
)
def test_languages(value: str, date_told: str) -> None:
    assert told(value) == date_told


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("9 Mayıs 2021 ÖS 3:20", 15),
        ("9 Mayıs 2021 3:20 ÖÖ", 3),
        ("2021. május 9. du. 3:20", 15),
        ("2021. május 9. délután 3:20", 15),
        ("9 tháng 5 năm 2021 3:20 CH", 15),
        ("9. Mai 2021, 9:20 Uhr abends", 21),
        ("9 de mayo de 2021 a las 3:20 de la tarde", 15),
        ("9 de mayo de 2021, 11:20 de la noche", 23),
        ("9 de mayo de 2021, 1:20 de la noche", 1),
        ("9 मई 2021 दोपहर 1:20", 13),
        ("2021年5月9日中午11:20", 11),
        ("2021年5月9日中午12:20", 12),
        ("2021년 5월 9일 밤 12:20", 0),
        ("9 мая 2021, 9:20 вечера", 21),
        ("9. května 2021 9:20 odp.", 21),
        ("9 พฤษภาคม 2021 บ่าย 3:20", 15),
        ("9 Mei 2021 3:20 sore", 15),
    ],
)
def test_halves_of_the_day(value: str, hour: int) -> None:
    assert told(value).startswith(f"2021-05-09T{hour:02}:20")


@pytest.mark.parametrize(
    ("value", "date_told"),
    [
        ("15/09/2021", "2021-09-15"),
        ("09/15/2021", "2021-09-15"),
        ("05/09/2021", "open"),
        ("05-09-2021", "open"),
        ("21-09-05", "open"),
        ("21/09/05", "open"),
        ("20210905-10:02", "2021-09-05T10:02"),
        ("2021-09-05T10:02:00Z[UTC]", "2021-09-05T10:02:00Z"),
        ("05.09.2021", "2021-09-05"),
        ("05.09.21", "2021-09-05"),
        ("05/05/2021", "2021-05-05"),
        ("Tuesday 05/10/2021", "2021-10-05"),
        ("Monday 05/10/2021", "2021-05-10"),
    ],
)
def test_order_of_day_and_month(value: str, date_told: str) -> None:
    assert told(value) == date_told


@pytest.mark.parametrize(
    "value",
    [
        *("three hours ago", "gestern", "il y a 3 heures", "tomorrow", "Monday", "07:08", "5 September"),
        *(
            "2021-13-01",
            "2021-02-30",
            "00/01/2010",
            "31/02/2021",
            "13/13/2021",
            "2021-366",
            "2021-W60-1",
            "5 Sep 2021 25:08",
        ),
        *(
            "210905",
            "44444",
            "44444.25",
            "7",
            "1.2.3",
            "-1630825689",
            "1e300",
            "9" * 5000,
            "@inf",
            "12/31/65",
        ),
        *("3021-09-05", "1234-09-05", "5 Sep 2021 | 6 Sep 2021", "2021-09-05/2021-09-06", "Page 5 of 2021"),
        *("2021-09-05 07:08:09 B", "5 Sep 2021 07:08 +99", "Q3 2021", "last updated 5 Sep 2021", "((("),
    ],
)
def test_what_tells_no_date(value: str) -> None:
    assert told(value) == "refused"


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "None", "null", "NaT", "nan", "@nan", "N/A", "-", "0", "@0", "@0.0", "0000-00-00"),
        *("0000-00-00 00:00:00", "00/00/0000", "1970-01-01T00:00:00Z", "1970-01-01 05:30:00+05:30"),
        *("1969-12-31 19:00:00", "1900-01-01", "0001-01-01T00:00:00", "9999-12-31", "9999-12-31T00:00:00Z"),
    ],
)
def test_what_says_that_there_is_no_date(value: str) -> None:
    assert told(value) == "none"


@pytest.mark.parametrize(
    ("value", "calendar"),
    [
        ("1398/06/14", "Jalali"),
        ("۱۳۹۸/۰۶/۱۴", "Jalali"),
        ("14/06/1398", "Jalali"),
        ("۱۴ شهریور ۱۳۹۸", "Jalali"),
        ("1443-01-27", "Hijri"),
        ("27 محرم 1443", "Hijri"),
        ("2564-09-05", "Buddhist"),
        ("5 กันยายน 2564", "Buddhist"),
        ("5 ก.ย. 2564", "Buddhist"),
        ("5781-12-28", "Hebrew"),
    ],
)
def test_other_calendars_are_refused_by_name(value: str, calendar: str) -> None:
    with pytest.raises(UnreadableDateError, match=calendar) as refused:
        read_date(value)
    assert refused.value.kind == calendar


def read(*published: object, options: DateOptions | None = None, **more: str) -> tuple[Reading, list[dict]]:
    """Read the articles of one file of JSON lines, one for each value."""
    lines = [
        json.dumps({"id": str(number), "text": "A bridge.", "published": value} | more)
        for number, value in enumerate(published)
    ]
    reading = read_batches(
        ["-"],
        stdin=io.BytesIO("\n".join(lines).encode()),
        options=ReaderOptions(dates=options or DateOptions()),
    )
    return reading, [row for batch in reading for row in batch.to_pylist()]


def days(rows: list[dict]) -> list[str | None]:
    return [row["published"] and row["published"].date().isoformat() for row in rows]


def test_an_unreadable_date_costs_no_article_and_is_told_once() -> None:
    reading, rows = read("soon", "2021-09-05", "later", None)
    assert days(rows) == [None, "2021-09-05", None, None]
    assert [row["published_precision"] for row in rows] == [None, "day", None, None]
    assert [row["published_zone"] for row in rows] == [None, "assumed", None, None]
    assert reading.skipped == 0
    (note,) = [note for note in reading.notes if "cannot be read" in note]
    assert note.startswith("2 dates cannot be read")
    assert "'soon'" in note
    assert "-:1" in note


def test_one_clear_date_decides_for_its_file() -> None:
    assert days(read("05/09/2021", "15/09/2021")[1]) == ["2021-09-05", "2021-09-15"]
    assert days(read("05/09/2021", "09/15/2021")[1]) == ["2021-05-09", "2021-09-15"]
    assert days(read("05.09.2021", "06.09.2021")[1]) == ["2021-09-05", "2021-09-06"]


def test_dates_that_nothing_decides_are_null_and_told() -> None:
    reading, rows = read("05/09/2021", "06/09/2021")
    assert days(rows) == [None, None]
    assert rows[0]["published_precision"] is None
    (note,) = [note for note in reading.notes if "two ways" in note]
    assert note.startswith("2 dates")
    assert "--date-order" in note


def test_many_dates_decide_before_the_file_ends() -> None:
    order = deciding.FileOrder()
    reader = DateReader()

    def batch(*values: str) -> pa.RecordBatch:
        columns = reader.read(pa.array(values), pa.array(["a"] * len(values)))
        names = ["text", "source", *columns]
        texts = pa.array(["A"] * len(values))
        return pa.RecordBatch.from_arrays([texts, texts, *columns.values()], names)

    assert list(order.take(batch("05/09/2021", "25/09/2021"))) == []
    first, second = order.take(batch(*["25/09/2021"] * 1000))
    assert (first.num_rows, second.num_rows) == (2, 1000)
    assert [time.day for time in first.column("published").to_pylist()] == [5, 25]
    (third,) = order.take(batch("06/09/2021"))
    assert third.column("published")[0].as_py().day == 6
    assert deciding.OPEN_COLUMNS[0] not in third.schema.names


def test_a_column_that_writes_both_ways_decides_nothing() -> None:
    reading, rows = read("05/09/2021", "15/09/2021", "09/16/2021")
    assert days(rows) == [None, "2021-09-15", "2021-09-16"]
    assert any("both ways" in note for note in reading.notes)


@pytest.mark.parametrize(("order", "day"), [("dmy", "2021-09-05"), ("mdy", "2021-05-09")])
def test_the_order_can_be_given(order: str, day: str) -> None:
    _, rows = read("05/09/2021", options=DateOptions(order=order))  # type: ignore[arg-type]
    assert days(rows) == [day]


def test_each_file_decides_for_itself(tmp_path: Path) -> None:
    for name, other in (
        ("british.jsonl", "25/09/2021"),
        ("american.jsonl", "09/25/2021"),
        ("open.jsonl", "1/2/2021"),
    ):
        lines = [
            {"id": f"{name} 1", "text": "A", "published": "05/09/2021"},
            {"id": f"{name} 2", "text": "B", "published": other},
        ]
        (tmp_path / name).write_text("\n".join(map(json.dumps, lines)))
    found = {article.id: article.published for article in read_articles([tmp_path])}
    assert found["british.jsonl 1"] == datetime(2021, 9, 5, tzinfo=UTC)
    assert found["american.jsonl 1"] == datetime(2021, 5, 9, tzinfo=UTC)
    assert found["open.jsonl 1"] is None


@pytest.mark.parametrize("in_memory", [0, 1 << 20])
def test_open_dates_wait_for_the_end_of_a_long_file(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(deciding, "_IN_MEMORY", in_memory)
    values = [f"0{1 + number % 9}/0{1 + number % 8}/2021" for number in range(60)] + ["", "25/09/2021"]
    lines = "".join(
        json.dumps({"id": str(number), "text": "x " * 100_000, "date": value}) + "\n"
        for number, value in enumerate(values)
    )
    articles = list(read_articles(["-"], stdin=io.BytesIO(lines.encode())))
    assert [article.id for article in articles] == [str(number) for number in range(62)]
    for value, article in zip(values, articles, strict=True):
        wanted = datetime.strptime(value, "%d/%m/%Y").replace(tzinfo=UTC) if value else None
        assert article.published == wanted
        assert article.published_precision == ("day" if value else None)


def test_times_without_a_zone_are_read_in_the_given_one() -> None:
    options = DateOptions.of("auto", ["Asia/Kolkata", "Hill Times=Europe/Berlin"])
    _, rows = read("2021-09-05 10:00", "2021-01-05 10:00:00", "2021-09-05T10:00:00Z", options=options)
    assert [row["published"].hour for row in rows] == [4, 4, 10]
    assert {row["published_zone"] for row in rows} == {"given"}
    _, rows = read("2021-09-05 10:00", "2021-01-05 10:00", options=options, source="www.hill times")
    assert [row["published"].hour for row in rows] == [8, 9]


def test_a_days_zone_moves_its_start() -> None:
    _, rows = read("05/09/2021", "25/09/2021", options=DateOptions(timezone="Asia/Tokyo"))
    assert rows[0]["published"] == datetime(2021, 9, 4, 15, tzinfo=UTC)
    assert rows[0]["published_precision"] == "day"


def test_an_abbreviation_of_several_zones_counts_where_the_source_has_it() -> None:
    value = "Sun, 05 Sep 2021 10:00:00 IST"
    reading, rows = read(value)
    assert rows[0]["published"] is None
    assert any("IST names three zones" in note for note in reading.notes)
    for name, hour in (("Asia/Kolkata", 4), ("Asia/Jerusalem", None), ("Europe/Dublin", 9)):
        _, rows = read(value, options=DateOptions(timezone=name))
        assert (rows[0]["published"] and rows[0]["published"].hour) == hour


def test_a_mixture_of_zones_is_told() -> None:
    reading, _ = read("2021-09-05T10:00:00Z", "2021-09-05 10:00:00", "2021-09-05")
    assert any("1 of 2 times have no zone" in note for note in reading.notes)
    reading, _ = read("2021-09-05 10:00:00", "2021-09-05")
    assert not any("no zone" in note for note in reading.notes)


def test_unknown_zones_and_orders_are_refused() -> None:
    with pytest.raises(SettingsError, match="Mars/Base"):
        DateOptions.of("auto", ["Mars/Base"])
    with pytest.raises(SettingsError, match="twice"):
        DateOptions.of("auto", ["Asia/Tokyo", "Asia/Seoul"])
    with pytest.raises(SettingsError, match="date order"):
        DateOptions(order="ydm")  # type: ignore[arg-type]


def test_numbers_of_json() -> None:
    _, rows = read(20210905, 1630825689, 1630825689.5, 20210905070809, 2021, 7)
    told = [(row["published"] and row["published"].isoformat(), row["published_precision"]) for row in rows]
    assert told == [
        ("2021-09-05T00:00:00+00:00", "day"),
        ("2021-09-05T07:08:09+00:00", "second"),
        ("2021-09-05T07:08:09.500000+00:00", "second"),
        ("2021-09-05T07:08:09+00:00", "second"),
        ("2021-01-01T00:00:00+00:00", "year"),
        (None, None),
    ]


def parquet_times(
    folder: Path, column: pa.Array, **options: object
) -> list[tuple[datetime | None, str | None]]:
    table = pa.table(
        {"id": [str(row) for row in range(len(column))], "text": ["A"] * len(column), "published": column}
    )
    parquet.write_table(table, folder / "articles.parquet", **options)
    articles = read_articles([folder / "articles.parquet"])
    return [(article.published, article.published_precision) for article in articles]


def test_columns_of_parquet(tmp_path: Path) -> None:
    times = [
        datetime(2021, 9, 5, 7, 8, 9),
        datetime(2021, 9, 5),
        None,
        datetime(1500, 1, 1),
        datetime(9999, 12, 31),
    ]
    moment, day = datetime(2021, 9, 5, 7, 8, 9, tzinfo=UTC), datetime(2021, 9, 5, tzinfo=UTC)
    wanted = [(moment, "second"), (day, "day"), (None, None), (None, None), (None, None)]
    for unit in ("s", "ms", "us"):
        assert parquet_times(tmp_path, pa.array(times, pa.timestamp(unit))) == wanted
    assert (
        parquet_times(tmp_path, pa.array(times, pa.timestamp("us")), use_deprecated_int96_timestamps=True)
        == wanted
    )
    zoned = parquet_times(tmp_path, pa.array(times, pa.timestamp("us", tz="UTC")))
    assert zoned == [(moment, "second"), (day, "second"), (None, None), (None, None), (None, None)]
    assert parquet_times(tmp_path, pa.array([date(2021, 9, 5), None])) == [(day, "day"), (None, None)]
    assert parquet_times(tmp_path, pa.array([20210905, 1630825689])) == [(day, "day"), (moment, "second")]
    assert parquet_times(tmp_path, pa.array([float("nan"), 1630825689.0])) == [
        (None, None),
        (moment, "second"),
    ]


def test_years_that_python_cannot_tell_are_unreadable() -> None:
    found = DateReader().read(
        pa.array([10**15, 1_630_825_689], pa.timestamp("s", "UTC")), pa.array(["a", "b"])
    )
    assert found["published"].is_valid().to_pylist() == [False, True]


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1982, 1, 2), datetime(2026, 1, 1))


@given(st.lists(moments, min_size=1, max_size=5), zones | st.none())
def test_iso_dates_come_back(values: list[datetime], zone: timezone | None) -> None:
    written = [value.replace(tzinfo=zone).isoformat() for value in values]
    found = DateReader().read(pa.array(written, pa.string()), pa.array([""] * len(written)))
    wanted = [value.replace(tzinfo=zone or UTC).astimezone(UTC) for value in values]
    assert found["published"].to_pylist() == wanted
    assert found["published_zone"].to_pylist() == ["given" if zone else "assumed"] * len(values)


@given(st.lists(moments, min_size=1, max_size=5))
def test_bulk_and_single_reading_agree(values: list[datetime]) -> None:
    forms = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H")
    for form in forms:
        written = [value.strftime(form) for value in values]
        bulk = DateReader().read(pa.array(written), pa.array([""] * len(written)))
        # One value that Arrow cannot parse makes the whole column take the slow way.
        slow = DateReader().read(pa.array([*written, "soon"]), pa.array([""] * (len(written) + 1)))
        for name, column in bulk.items():
            assert column.to_pylist() == slow[name].to_pylist()[:-1]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(value: str) -> None:
    assert told(value) == told(value)


@given(st.text("0123456789-/.: TZ+amp()年月日janfebsept", max_size=30))
def test_no_near_date_breaks_the_reader(value: str) -> None:
    found = told(value)
    assert found in ("none", "open", "refused") or 1600 <= int(found[:4]) <= datetime.now(UTC).year + 1


def test_articles_carry_how_exact_they_are() -> None:
    assert {"published_precision", "published_zone"} <= {*ARTICLE_SCHEMA.names}
    (article,) = read_articles(["-"], stdin=io.BytesIO(b'{"text": "A", "published": "2021-09"}'))
    assert (article.published_precision, article.published_zone) == ("month", "assumed")
