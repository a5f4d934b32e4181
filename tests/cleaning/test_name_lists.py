"""Names are distinguished from plain words where capitals do not mark them."""

from __future__ import annotations

import pytest

from dedup.article import Article
from dedup.cleaning.name_lists import lists, mark_listed_names
from dedup.detector import find_overlaps
from dedup.text.flags import CAPITAL
from dedup.text.tokens import tokenise

#: Names, separators between them, two introductory texts, and the end.
LISTS = {
    "Hindi": (
        "अजय नेगी, रूपा सेठी, करण बाली, मीरा ओझा, दीपक राणा, उषा पंत, सुरेश जैन, लता भट्ट, हरीश डोगरा, माया थापा",
        "समिति ने सोमवार को अपने सदस्य चुने: ",
        "क्लब ने कप मैच के लिए टीम की घोषणा की: ",
    ),
    "Hebrew": (
        "אורי שגיא, נועה לביא, גיל ארד, דנה פלד, עידו רון, מאיה שקד, תום ניר, שיר אלון, אסף גל, הילה צור",
        "הוועד בחר את חבריו ביום שני: ",
        "המועדון פרסם את הסגל למשחק הגביע: ",
    ),
    "Urdu": (
        "اکرم بیگ، نازیہ خان، وقار ڈار، سلمی گیلانی، فیصل راؤ، ارم ہاشمی، کاشف لون، مریم ترین، حنا جعفری",
        "کمیٹی نے پیر کو اپنے ارکان منتخب کیے: ",
        "کلب نے کپ میچ کے لیے ٹیم کا اعلان کیا: ",
    ),
    "Japanese": (
        "青木大地、石井玲奈、上田陸、遠藤美月、岡田蓮、川村葵、木下颯太、久保田凛、小山悠斗、坂本結衣、柴田湊、杉山杏",
        "委員会は月曜日に委員を選んだ：",
        "クラブは杯戦の名簿を発表した：",
    ),
    "Korean": (
        "강민호, 남수빈, 도현석, 류가은, 문태준, 배소라, 서동혁, 안유진, 엄기백, 유채원, 임도윤, 전혜린",
        "위원회는 월요일에 위원을 선출했다: ",
        "구단은 컵 경기 명단을 발표했다: ",
    ),
    "Thai": (
        "ก้อง รุ่งเรือง, ขวัญ แสงดาว, จักร พูนทรัพย์, ชบา น้ำใส, ดนัย ภูผา, ตุลา ฟ้าคราม, นที สายชล, บัว งามตา",
        "คณะกรรมการเลือกสมาชิกเมื่อวันจันทร์: ",
        "สโมสรประกาศรายชื่อทีมสำหรับการแข่งขัน: ",
    ),
    "capitals": (
        "ABEL STONE, BEA WICK, CY HOLT, DOT MARSH, ED FENN, FAY GORE, GUS LAKE, HAL PIKE, INA ROOK, JEB SLOE",
        "THE BOARD CHOSE ITS MEMBERS ON MONDAY AFTER A LONG SITTING: ",
        "THE CLUB NAMED ITS SQUAD FOR THE CUP MATCH THIS EVENING: ",
    ),
    "title case": (
        "Abel Stone, Bea Wick, Cy Holt, Dot Marsh, Ed Fenn, Fay Gore, Gus Lake, Hal Pike, Ina Rook, Jeb Sloe",
        "The Board Chose Its Members On Monday After A Long Sitting In The Hall By The Weir: ",
        "The Club Named Its Squad For The Cup Match This Evening With No Word On The Men In The Stand: ",
    ),
    "lines": (
        "عادل رضوان\nجنان مراد\nيونس شاهين\nريم الصفدي\nباسل عودة\nلارا جبران\nقيس نعمان\nهالة بدر\nوائل سعد",
        "اختار المجلس أعضاءه يوم الاثنين\n",
        "أعلن النادي تشكيلة الفريق\n",
    ),
}


def shared(one: str, two: str) -> list[int]:
    articles = [Article(id="a", source="a", text=one), Article(id="b", source="b", text=two)]
    return [overlap.words for overlap in find_overlaps(articles, threads=1).overlaps]


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_names_makes_no_overlap(kind: str) -> None:
    names, one, two = LISTS[kind]
    assert shared(f"{one}{names}.", f"{two}{names}.") == []


PIER = (
    "the harbour board will close the long pier for two winters while divers set new oak piles under it, and "
    "said that one more gale may bring the deck down"
)


@pytest.mark.parametrize("spelling", [str.title, str.upper, str.capitalize])
def test_prose_is_found_however_it_is_spelled(spelling) -> None:  # type: ignore[no-untyped-def]
    one = f"A Fair With A Band Came To The Town On The Hill For The Day.\n\n{PIER.title()}."
    two = f"{spelling(PIER)}. {spelling('none of the shops on it will be paid for the time')}."
    assert shared(one, two) == [30]


def test_prose_with_commas_is_found_in_scripts_without_capitals() -> None:
    text = (
        "صوت المجلس على إغلاق الرصيف الطويل لمدة شتاءين، بينما يضع الغواصون ركائز جديدة من البلوط تحته، وقال "
        "إن عاصفة أخرى قد تسقط السطح في الماء قبل حلول الربيع"
    )
    assert shared(f"جاء المعرض إلى البلدة. {text}.", f"{text}. لن تدفع أجور المحال.") == [28]
    text = (
        "政府将在农业、工业、国防、科技、教育、卫生等领域增加投资，"
        "帮助受灾居民恢复正常生活，三年内重建被洪水冲毁的桥梁"
    )
    assert len(shared(f"周日镇上有集市。{text}。", f"{text}。反对派认为太少。")) == 1


def test_capitals_stay_where_they_tell() -> None:
    text = "The board met Ana Roe, Tom Lee, Jo Park, Max Doe, Eva Kim and Leo Ray in the hall by the weir."
    tokens = tokenise([text])
    before = tokens.flags.copy()
    assert mark_listed_names([text], tokens).flags.tolist() == before.tolist()
    assert (before & CAPITAL != 0).any()


def test_a_list_has_six_short_parts() -> None:
    five = "alpha one, beta two, gamma three, delta four, epsilon five"
    assert list(lists(five)) == []
    six = f"the names are: {five}, zeta six. and then it rained on the hill"
    assert [six[start:end] for start, end in lists(six)] == [f"{five}, zeta six"]
    assert list(lists(six.replace("gamma three", "gamma three and all of his many sons"))) == []
