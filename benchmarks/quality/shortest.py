"""The shortest passage that a scan reports, script by script, as so many characters' worth of English.

Two articles with openings of their own share the first words of a text; the command adds words until a scan of
the two reports an overlap. The texts say the same thing in every language, so a share of one is worth as many
English words as the same share of the English one, and an English word has 5.15 characters with its space.

    python benchmarks/quality/shortest.py
"""

# ruff: noqa: E501 - texts read better unbroken

from __future__ import annotations

import sys

from dedup import Article, find_overlaps
from dedup.text.tokens import tokenise

_OPENINGS = (
    "Rain fell on the allotments all morning while Greta Holm carried her beans to the shed.",
    "Nobody had opened the chapel organ since the autumn, so mice had moved into two of its pipes.",
)
_CHARACTERS_OF_A_WORD = 5.15
#: One report in many languages.
TEXTS = {
    "en": "the harbour council decided on Tuesday night to close the old fish market for eleven months because "
    "engineers will repair the cracked sea wall below it while the stall holders move to the quay",
    "de": "der Hafenrat hat am Dienstagabend beschlossen den alten Fischmarkt für elf Monate zu schließen weil "
    "Ingenieure die gerissene Ufermauer darunter ausbessern während die Händler auf den Kai ziehen",
    "ru": "портовый совет во вторник вечером решил закрыть старый рыбный рынок на одиннадцать месяцев потому что "
    "инженеры починят треснувшую морскую стену под ним а торговцы переедут на причал",
    "el": "το λιμενικό συμβούλιο αποφάσισε την Τρίτη το βράδυ να κλείσει την παλιά ψαραγορά για έντεκα μήνες επειδή "
    "οι μηχανικοί θα επισκευάσουν το ραγισμένο θαλάσσιο τείχος από κάτω ενώ οι έμποροι πάνε στην προβλήτα",
    "ar": "قرر مجلس الميناء مساء الثلاثاء إغلاق سوق السمك القديم لمدة أحد عشر شهرا لأن المهندسين سيصلحون الجدار "
    "البحري المتصدع تحته بينما ينتقل الباعة إلى الرصيف القريب من المحطة",
    "fa": "شورای بندر سه شنبه شب تصمیم گرفت بازار قدیمی ماهی را برای یازده ماه تعطیل کند زیرا مهندسان دیوار دریایی "
    "ترک خورده زیر آن را تعمیر می کنند و فروشندگان به اسکله می روند",
    "he": "מועצת הנמל החליטה ביום שלישי בלילה לסגור את שוק הדגים הישן לאחד עשר חודשים משום שמהנדסים יתקנו את חומת "
    "הים הסדוקה שמתחתיו בזמן שבעלי הדוכנים יעברו לרציף",
    "hi": "बंदरगाह परिषद ने मंगलवार रात को पुराने मछली बाज़ार को ग्यारह महीने के लिए बंद करने का फैसला किया क्योंकि "
    "इंजीनियर उसके नीचे टूटी हुई समुद्री दीवार की मरम्मत करेंगे और दुकानदार घाट पर चले जाएंगे",
    "ta": "துறைமுகக் குழு செவ்வாய்க்கிழமை இரவு பழைய மீன் சந்தையை பதினொரு மாதங்கள் மூட முடிவு செய்தது ஏனெனில் "
    "பொறியாளர்கள் அதன் கீழே விரிசல் அடைந்த கடல் சுவரை சரிசெய்வார்கள் வணிகர்கள் படித்துறைக்கு நகர்வார்கள்",
    "ko": "항만 위원회는 화요일 밤 오래된 수산시장을 열한 달 동안 닫기로 결정했다 기술자들이 그 아래의 갈라진 방파제를 "
    "고치기 때문이며 상인들은 그동안 부두로 옮겨 가서 천막 안에서 장사를 계속하게 된다",
    "vi": "hội đồng cảng tối thứ Ba đã quyết định đóng cửa chợ cá cũ trong mười một tháng vì các kỹ sư sẽ sửa bức "
    "tường biển nứt nẻ bên dưới trong khi các tiểu thương chuyển ra bến tàu",
    "zh": "港口委员会星期二晚上决定将旧鱼市场关闭十一个月因为工程师要修复它下面开裂的海堤而摊贩将搬到码头上继续营业",
    "ja": "港湾評議会は火曜日の夜古い魚市場を十一か月間閉鎖することを決めた技師たちがその下のひび割れた防波堤を修理するためで"
    "露店の商人たちは埠頭に移ることになる",
    "th": "คณะกรรมการท่าเรือตัดสินใจเมื่อคืนวันอังคารที่จะปิดตลาดปลาเก่าเป็นเวลาสิบเอ็ดเดือนเพราะวิศวกรจะซ่อมกำแพงกันน้ำทะเล"
    "ที่แตกร้าวข้างใต้ขณะที่แม่ค้าจะย้ายไปที่ท่าน้ำ",
    "lo": "ສະພາທ່າເຮືອຕັດສິນໃຈໃນຄືນວັນອັງຄານທີ່ຈະປິດຕະຫຼາດປາເກົ່າເປັນເວລາສິບເອັດເດືອນເພາະວິສະວະກອນຈະສ້ອມແປງກຳແພງທະເລທີ່ແຕກ"
    "ຢູ່ກ້ອງມັນໃນຂະນະທີ່ແມ່ຄ້າຈະຍ້າຍໄປທ່ານ້ຳ",
    "km": "ក្រុមប្រឹក្សាកំពង់ផែបានសម្រេចនៅយប់ថ្ងៃអង្គារបិទផ្សារត្រីចាស់រយៈពេលដប់មួយខែព្រោះវិស្វករនឹងជួសជុលជញ្ជាំងសមុទ្រដែលប្រេះនៅខាងក្រោម"
    "ខណៈដែលអ្នកលក់នឹងផ្លាស់ទៅផែ",
    "my": "ဆိပ်ကမ်းကောင်စီသည်အင်္ဂါနေ့ညတွင်ငါးဈေးဟောင်းကိုဆယ့်တစ်လပိတ်ရန်ဆုံးဖြတ်ခဲ့သည်အကြောင်းမှာအင်ဂျင်နီယာများကအောက်ရှိအက်ကွဲနေသောပင်လယ်နံရံကို"
    "ပြုပြင်မည်ဖြစ်ပြီးဈေးသည်များသည်ဆိပ်ခံသို့ပြောင်းမည်",
}


def shortest(text: str) -> tuple[int, int] | None:
    """The tokens and the characters of the shortest beginning of a text that is reported; None if none is."""
    ends = tokenise([text], places=True).ends.tolist()
    for count in range(5, len(ends) + 1):
        shared = text[: ends[count - 1]]
        articles = [
            Article(id=str(number), source=str(number), text=f"{opening} {shared}. {other}")
            for number, (opening, other) in enumerate(
                zip(_OPENINGS, ("Beans rot.", "Mice sing."), strict=True)
            )
        ]
        if find_overlaps(articles).overlaps:
            return count, len(shared)
    return None


def main() -> None:
    """Print a line for each language."""
    print("language  tokens  characters  worth in English")
    for language in sys.argv[1:] or TEXTS:
        text = TEXTS[language]
        found = shortest(text)
        if found is None:
            print(f"{language:8}  nothing is reported")
            continue
        tokens, characters = found
        worth = characters / len(text) * len(TEXTS["en"].split()) * _CHARACTERS_OF_A_WORD
        print(f"{language:8}{tokens:8}{characters:12}{worth:18.0f}")


if __name__ == "__main__":
    main()
