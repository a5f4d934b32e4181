"""Text that addresses a site's readers is furniture; stories about newsletters or robots are not."""

from __future__ import annotations

import pytest

from dedup.cleaning.appeals import mark_appeals
from dedup.text.flags import FURNITURE
from dedup.text.tokens import tokenise


def is_appeal(line: str) -> bool:
    marked = mark_appeals(tokenise([line])).flags & FURNITURE != 0
    assert marked.all() == marked.any()
    return bool(marked.all())


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for the Dunmore Echo newsletter and never miss a story.",
        "Sorry, you have been blocked. This site uses a security service; contact the site owner.",
        "We and our 90 partners keep unique identifiers and personal data on your device.",
        "Anyone with a tip can call Crime Stoppers anonymously or submit a tip online.",
        "Leave a comment below and join the conversation, but please read our community guidelines.",
        "Have you been affected by this story? Share your experiences by emailing us a contact number.",
        "Certain statements here are forward-looking; readers should not place undue reliance on "
        "these statements, and there is no obligation to revise them except as required by law.",
        "The opinions expressed in this article are those of the author and do not necessarily reflect "
        "the views of the editors.",
        "Wir und unsere Partner brauchen Ihre Einwilligung für Cookies, um Inhalte zu personalisieren.",
        "Jetzt abonnieren und unbegrenzt weiterlesen: Ihr Zugang ist vier Wochen kostenlos.",
        "Die Mitteilung enthält zukunftsgerichtete Aussagen; tatsächliche Ergebnisse können wegen Risiken "
        "und Ungewissheiten wesentlich abweichen.",
        "Cet article est réservé aux abonnés : abonnez-vous sans engagement pour lire la suite.",
        "En poursuivant votre navigation, vous acceptez les cookies et le traitement de vos données.",
        "Si vous avez des pensées suicidaires, appelez gratuitement le numéro national, jour et nuit.",
        "Contenido exclusivo para suscriptores: suscríbete y accede sin límites a todos los contenidos.",
        "Si usted necesita ayuda, llame al Teléfono de la Esperanza, gratuito y confidencial.",
        "Follow Dunmore Echo on social media for the latest news.",
        "Enjoying this story? Our farm newsletter brings you the best of our reporting, free, to "
        "your inbox every weekday morning.",
        "We and our partners use cookies to store information on your device. You can change "
        "your preferences at any time.",
        "Please turn on JavaScript and switch off your ad blocker to continue. We need to verify "
        "that you are not a robot.",
        "Checking your browser before accessing the site. This process is automatic and your "
        "browser will redirect you.",
        "You have no free articles left this month. Subscribe now or log in to your account to "
        "continue reading.",
        "If you are struggling to cope, trained counsellors are available to listen: call the "
        "helpline, free and in confidence.",
        "Anyone affected by the issues in this article can call Samaritans free at any hour.",
        "Certain statements in this release are forward-looking statements. Actual results may "
        "differ materially because of "
        "risks and uncertainties, and the company undertakes no obligation to update them.",
        "Liked this article? Share it with your friends on Facebook and Twitter.",
        "Contact the reporter at jo@example.com or follow her on Twitter.",
        "Abonnieren Sie unseren Newsletter und lesen Sie die besten Artikel kostenlos in Ihrem Posteingang.",
        "Vous êtes déjà abonné ? Connectez-vous à votre compte pour lire cet article réservé aux abonnés.",
    ],
)
def test_the_site_speaks_to_its_readers(line: str) -> None:
    assert is_appeal(line)


@pytest.mark.parametrize(
    "line",
    [
        "Facebook and Twitter said on Monday that they would share data on foreign accounts with "
        "the committee.",
        "The weekly will put up a paywall in May, its editor told staff in an email, and readers will "
        "have to subscribe to see four articles a month on its website.",
        "Die Zahl der Abonnenten sank im vergangenen Jahr um ein Drittel, wie der Verlag mitteilte.",
        "Der Konzern senkte seine Prognosen, weil die Risiken gestiegen seien, und die Ergebnisse "
        "dürften wesentlich abweichen.",
        "Le numéro national de prévention du suicide a reçu mille appels, selon le ministère.",
        "El teléfono atendió mil llamadas en su primera semana y ha contratado a doce personas más.",
        "The newspaper's subscribers and advertisers have left, and the publisher wants to "
        "cancel its daily edition.",
        "The bank said you can keep your account free of charge, and that members would get a "
        "letter by mail.",
        "Police asked anyone with information to call the number or contact the station.",
        "The minister read a story to the children, and their parents signed the petition for a "
        "free school bus.",
        "The helpline was called by nine hundred people on its first day, a spokeswoman said, "
        "and most were women.",
        "A robot picked the apples while the farmer watched, and the data went to a network of traders.",
        "“You and your friends will share our platform,” he told the robots' maker, which had "
        "asked for access.",
        "The newsletter, Orchard, will be published every three weeks; annual subscriptions are 126 dollars.",
    ],
)
def test_a_story_about_such_things_is_left(line: str) -> None:
    assert not is_appeal(line)
