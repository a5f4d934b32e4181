"""Column headings of tables in languages other than English."""

from __future__ import annotations

from dedup.reading.paths import canonical

# By field; for each, languages from west to east. A name may contain blanks.
_HEADINGS: dict[str, str] = {
    "text": """
        volltext, artikeltext, inhalt; texte, texte intégral, contenu, corps;
        texto, texto completo, cuerpo, contenido; conteúdo, conteudo, corpo; testo, testo completo, contenuto;
        tekst, artikeltekst, inhoud; brödtext, innehåll; brødtekst, indhold, innhold; teksti, sisältö;
        treść, tresc; obsah; szöveg, tartalom; conținut, continut; tartalom; vsebina; saturs, turinys, sisu;
        текст, текст статьи, текст новости, содержание, зміст, садржај, съдържание;
        κείμενο, περιεχόμενο; metin, içerik, İçerik, icerik, mətn; טקסט, תוכן, גוף הכתבה;
        النص, نص, المحتوى, المتن, نص الخبر; متن, متن خبر, محتوا;
        पाठ, लेख, सामग्री, समाचार; লেখা, বিষয়বস্তু, সংবাদ;
        isi, isi berita, teks, konten, kandungan; nội dung, văn bản; เนื้อหา, เนื้อข่าว, ข้อความ;
        正文, 内容, 全文, 文本, 新闻内容, 文章内容, 新闻正文; 內文, 內容, 新聞內容;
        本文, 記事本文, 記事, テキスト; 본문, 내용, 기사본문, 기사내용, 기사 본문, 텍스트
    """,
    "id": """
        kennung, identifiant, identificador, identificativo, идентификатор; 编号, 編號, 記事id, 番号;
        뉴스 식별자, 기사id, 번호
    """,
    "source": """
        quelle, zeitung; média, titre de presse, nom de la source; fuente, medio, periódico, periodico;
        diario, veículo, veiculo, jornal; testata, fonte, giornale; bron, krant; källa, tidning; kilde;
        avis, lähde, lehti; źródło, zrodlo, gazeta; zdroj, médium; forrás, lap; sursa, sursă, publicație; vir;
        источник, издание, сми, джерело, видання, змі, извор, източник;
        πηγή, μέσο, εφημερίδα; kaynak, gazete, mənbə; מקור, עיתון, אתר;
        المصدر, مصدر, الصحيفة, الوسيلة; منبع, خبرگزاری, رسانه, ذریعہ, ماخذ;
        स्रोत, समाचार पत्र, अखबार; উৎস, পত্রিকা;
        sumber; nguồn, báo; แหล่งที่มา, แหล่งข่าว, สำนักข่าว;
        来源, 媒体, 媒体名称, 报纸, 网站; 來源, 媒體, 報紙, 網站;
        媒体名, 新聞社, 掲載紙, 出典, ソース; 언론사, 매체, 매체명, 출처, 신문사
    """,
    "title": """
        titel, überschrift, Überschrift, schlagzeile; titre; título, titulo, titular; titolo; kop, rubrik;
        overskrift, tittel; otsikko; tytuł, tytul; titulek, nadpis, název; cím; titlu; naslov; pealkiri;
        заголовок, назва, наслов, заглавие; τίτλος; başlık, baslik, başlıq; כותרת;
        العنوان, عنوان, عنوان الخبر; تیتر, سرخی; शीर्षक; শিরোনাম;
        judul, judul berita, tajuk; tiêu đề; หัวข้อ, พาดหัว, หัวข้อข่าว, ชื่อเรื่อง;
        标题, 新闻标题, 文章标题; 標題, 新聞標題; タイトル, 見出し, 表題; 제목, 기사제목, 기사 제목
    """,
    "url": """
        lien, adresse; enlace; collegamento; länk; lenke; linkki; odkaz, odnośnik; hivatkozás; povezava;
        ссылка, адрес, посилання, адреса, веза; σύνδεσμος; bağlantı, baglanti, keçid; קישור, כתובת;
        الرابط, رابط; لینک, پیوند; लिंक, कड़ी; লিংক; tautan, pranala, pautan; liên kết, đường dẫn;
        ลิงก์, ลิงค์; 链接, 网址, 原文链接; 連結, 網址, 鏈接; リンク; 링크, 주소, 원문링크, 기사링크
    """,
    "published": """
        datum, veröffentlicht, veröffentlichungsdatum, erscheinungsdatum, erschienen, publiziert;
        date de publication, date de parution, parution, publié, publié le;
        fecha, fecha de publicación, fecha publicación, fecha de publicacion, publicado;
        data de publicação, data publicação, data da publicação; data di pubblicazione, data pubblicazione;
        publicatiedatum; publicerad, publiceringsdatum; dato, publisert, udgivelsesdato;
        päivämäärä, julkaistu; data publikacji, data wydania; datum vydání, datum publikace, vydáno, dátum;
        data publicării; дата, дата публикации, дата публікації, дата выхода, датум;
        ημερομηνία; tarih, yayın tarihi, yayınlanma tarihi, tarix; תאריך, תאריך פרסום;
        التاريخ, تاريخ, تاريخ النشر; تاریخ, تاریخ انتشار; दिनांक, तारीख, तिथि; তারিখ;
        tanggal, tanggal terbit, tarikh; ngày, ngày đăng, ngày xuất bản; วันที่, วันที่เผยแพร่;
        日期, 发布时间, 发布日期, 发表时间, 时间; 發布時間, 發佈時間, 發布日期, 時間;
        日付, 公開日, 掲載日, 発行日, 公開日時, 日時, 配信日時;
        일자, 날짜, 발행일, 작성일, 게재일, 보도일자, 등록일, 입력일시
    """,
    "language": """
        sprache, langue, idioma, lingua, taal, språk, język, jazyk, язык, мова, dil; 语言, 語言, 言語; 언어
    """,
}


def headings(field: str) -> tuple[str, ...]:
    """Return the names for a field of an article, in the form of `dedup.reading.paths.canonical`.

    That form keeps the case of letters beyond ASCII, so names are given in small letters, with a capital, and
    in capitals.

    Examples
    --------
    >>> "źródło" in headings("source"), "Źródło" in headings("source")
    (True, True)
    """
    names = [name.strip() for name in _HEADINGS.get(field, "").replace(";", ",").split(",")]
    cases = (case for name in names if name for case in (name, name.capitalize(), name.title(), name.upper()))
    return tuple(dict.fromkeys(map(canonical, cases)))
