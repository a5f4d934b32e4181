"""An invented newsroom: what its own and other outlets ran in two days. All of it is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dedup.article import Article
from dedup.web.keys import key_of

MINE = "Harbour Post"
START = datetime(2024, 5, 2, 6, 0, tzinfo=UTC)

PIER = (
    "The harbour council voted late on Tuesday to close the northern pier for repairs after divers found cracks "
    "in two of its oldest pillars. The vote ended a debate of six weeks, in which fishermen and ferry owners had "
    "asked for the work to be put off until the autumn.",
    "Engineers told the meeting that the work would take nine months and cost about four million euros, most of "
    "it from the regional fund. Divers will begin on Monday with the pillar that stands nearest to the lighthouse.",
    "Small boats may use the southern basin in the meantime, and the ferry to the islands moves to the cargo quay. "
    "The harbour master said that nobody would lose a berth, but that larger vessels had to expect delays.",
    "“We would rather close for nine months than bury a diver,” the head of the council, Mira Tolland, told "
    "reporters after the vote. She promised a report every four weeks.",
)
PORT = (
    "A shipping line wants to build a repair yard on the old coal quay and to hire three hundred people, the "
    "regional government announced on Wednesday. The first dock is to open within two years.",
    "The yard would be the largest investment in the port since the grain terminal was finished in 1987. Half of "
    "the jobs are meant for welders and fitters, and the line has promised to train forty apprentices a year.",
    "Neighbours fear the noise of the hammering plants at night. The government said that a wall of six metres "
    "was part of the plan, and that no work outside the halls was allowed after eight in the evening.",
)
FERRY = (
    "The winter timetable of the island ferry begins on the first of November, with four crossings a day in place "
    "of seven. The last boat leaves the mainland at half past six in the evening, an hour earlier than last year.",
    "The owners said that fewer than twenty people a day had used the late boat last winter. Commuters who work "
    "in the mills called the change a blow, and collected nine hundred signatures against it within a week.",
)
ARABIC = (
    "قرر مجلس الميناء في ساعة متأخرة من يوم الثلاثاء إغلاق الرصيف الشمالي من أجل الإصلاح بعد أن وجد الغواصون شقوقا في عمودين "
    "من أقدم أعمدته. وقال المهندسون في الاجتماع إن العمل سيستغرق تسعة أشهر وسيكلف نحو أربعة ملايين يورو يأتي معظمها من الصندوق "
    "الإقليمي. ويمكن للقوارب الصغيرة أن تستخدم الحوض الجنوبي في هذه الأثناء، وتنتقل عبارة الجزر إلى رصيف البضائع."
)


def newsroom() -> list[Article]:
    """Return the articles, in the order of their publication."""
    pier, port, ferry = "\n\n".join(PIER), "\n\n".join(PORT), "\n\n".join(FERRY)
    copied = pier.replace("late on Tuesday", "last night").replace("two of its oldest", "two of its")
    copied = copied.replace("about four million euros", "€4m").replace(
        "promised a report", "pledged a report"
    )
    told = [
        ("hp-pier", MINE, 0, "Northern pier to close for nine months", f"By Jane Roe, {MINE}\n\n{pier}"),
        (
            "cd-pier",
            "Coast Daily",
            95,
            "Pier closes: cracks found",
            f"{copied}\n\nThe mayor welcomed the vote.",
        ),
        (
            "iw-pier",
            "Island Wire",
            300,
            "Islanders wait for the pier",
            f"Islanders have to change quays, they told the {MINE} last week.\n\n{PIER[0]}\n\n{PIER[2]}",
        ),
        (
            "bn-pier",
            "Bay News",
            410,
            "Council head: rather nine months than a burial",
            f"{PIER[3]}\n\nThe opposition called the sentence tasteless and asked for an earlier opening of the pier.",
        ),
        ("ap-port", "AP", 500, "Repair yard planned on coal quay", f"HARBOUR CITY (AP) — {port}"),
        ("hp-port", MINE, 560, "Three hundred jobs for the port", f"{port}\n\nThe union welcomed the plan."),
        ("cd-port", "Coast Daily", 610, "Yard to hire three hundred", f"HARBOUR CITY (AP) — {port}"),
        ("iw-port", "Island Wire", 640, "Jobs for welders", f"{PORT[0]}\n\n{PORT[1]}\n\n(AP)"),
        ("cd-ferry", "Coast Daily", 1500, "Winter timetable of the ferry", ferry),
        ("hp-ferry", MINE, 1580, "Ferry: last boat an hour earlier", f"Anna Sund reports.\n\n{ferry}"),
        ("ar-1", "Sahil Times", 1700, "إغلاق الرصيف الشمالي تسعة أشهر", ARABIC),
        ("ar-2", "Jazira News", 1900, "قرار بإغلاق الرصيف", f"{ARABIC} ورحب رئيس البلدية بالقرار."),
    ]
    return [
        Article(
            id=id_,
            source=source,
            title=title,
            text=text,
            published=START + timedelta(minutes=minutes),
            language="ar" if id_.startswith("ar") else "en",
            url=f"https://{source.lower().replace(' ', '-')}.example/{id_}",
        )
        for id_, source, minutes, title, text in told
    ]


#: One page of each kind.
PAGES = (
    "/",
    "/?when=all&queue=agency&sort=time",
    "/check",
    f"/article/{key_of('hp-pier')}",
    f"/pair/{key_of('cd-pier')}/{key_of('hp-pier')}",
    "/stories?when=all",
    f"/story/{key_of('ap-port')}",
    "/outlets?when=all",
    "/furniture?when=all",
)
