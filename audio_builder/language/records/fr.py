"""French, which calls the listener "vous"."""

from __future__ import annotations

from audio_builder.language.record import Language
from audio_builder.language.wording import (
    Advice,
    Counted,
    Gender,
    Pages,
    Phrases,
    Shortened,
    listed,
    table,
    units,
)

_ONES = listed(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_TENS = listed("vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")


def _number(number: int, gender: Gender = "") -> str:
    if number == 1 and gender == "f":
        return "une"
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens = _TENS[number // 10 - 2]
        rest = number % 20 if number >= 60 else number % 10
        if not rest:
            return "quatre-vingts" if number == 80 else tens
        return f"{tens}{' et ' if rest in (1, 11) and number < 80 else '-'}{_number(rest, gender)}"
    size, name = (1_000, "mille") if number >= 1_000 else (100, "cent")
    many, rest = divmod(number, size)
    head = f"{_number(many)} {name}" if many > 1 else name
    if not rest:
        return f"{head}s" if size == 100 and many > 1 else head
    return f"{head} {_number(rest, gender)}"


def _agrees(number: int) -> bool:
    return number % 10 == 1 and number % 100 not in (11, 71, 91)


def _one_up_to_two(number: int) -> str:
    """Name the plural form: French takes the singular for 0 and 1."""
    return "one" if number < 2 else "other"


LANGUAGE = Language(
    tag="fr",
    iso_639_2="fra",
    piper_voice="fr_FR-siwis-medium",
    plural_forms=("one", "other"),
    plural=_one_up_to_two,
    number=_number,
    agrees=_agrees,
    phrases=Phrases(
        sides={"right": "droite", "left": "gauche"},
        first="Pour commencer : {name}, {position}.",
        next="Ensuite : {name}, {position}.",
        again="De nouveau : {name}, {position}.",
        side_first="Le côté {side:droit|gauche} d'abord.",
        one_side="Le côté {side:droit|gauche}.",
        switch="Changez de côté. Maintenant le côté {side:droit|gauche}.",
        rest="Et reposez-vous.",
        breathe={"inhale": "Inspirez.", "hold-in": "Retenez.", "exhale": "Expirez.", "hold-out": "Attendez."},
        more={3: "Encore trois.", 2: "Encore deux.", 1: "La dernière."},
        last_then_side="La dernière, puis le côté {side:droit|gauche}.",
        halfway="À mi-chemin.",
        safety=(
            "Bougez sans douleur. Arrêtez si quelque chose fait mal ou picote, ou si la tête vous tourne.",
            "Après une blessure ou une opération, demandez d'abord l'avis d'un professionnel.",
        ),
        gently="Respirez en douceur, pas profondément. Si la tête vous tourne, respirez comme vous voulez.",
        breaths=Counted(("# respiration", "# respirations"), gender="f"),
        seconds=Counted(("# seconde", "# secondes"), gender="f"),
        minutes=Counted(("# minute", "# minutes"), gender="f"),
        minutes_and_seconds="{minutes} et {seconds}",
        side_title="{name}, côté {side:droit|gauche}",
        round_title="{title}, tour {round}",
        opening_title="Bienvenue",
        closing_title="Pour finir",
    ),
    shortened=Shortened(
        letters="àâäæçèéêëîïôœöùûüÿñ",
        to="à",
        ratio="pour",
        and_="et",
        or_="ou",
        per="par",
        of="sur",
        out_of="sur",
        decimal=",",
        point="virgule",
        signs=table("""
            ~, ≈ = environ
            ≥, >= = au moins
            ≤, <= = au plus
            > = plus de
            < = moins de
            ± = plus ou moins
            + = plus
            n+ = ou plus
            - = moins
            = = égale
            @ = à
            # = numéro
        """),
        units=units("""
            s, sec, secs = une seconde | secondes
            min, mn = une minute | minutes
            h = une heure | heures
            x = une fois | fois
            % = un pour cent | pour cent
            °, º = un degré | degrés
            °C = un degré Celsius | degrés Celsius
            mm = un millimètre | millimètres
            cm = un centimètre | centimètres
            m = un mètre | mètres
            km = un kilomètre | kilomètres
            km/h = un kilomètre par heure | kilomètres par heure
            g = un gramme | grammes
            kg = un kilo | kilos
            ml = un millilitre | millilitres
            l, L = un litre | litres
            kcal = une kilocalorie | kilocalories
            rep, reps, rép, réps = une répétition | répétitions
            resp = une respiration | respirations
            sem = une semaine | semaines
            $ = un dollar | dollars
            € = un euro | euros
            £ = une livre | livres
        """),
        hyphened="no",
        fractions=table("""
            1/2 = un demi
            1/3 = un tiers
            2/3 = deux tiers
            1/4 = un quart
            3/4 = trois quarts
            1/5 = un cinquième
            2/5 = deux cinquièmes
            3/5 = trois cinquièmes
            4/5 = quatre cinquièmes
            1/6 = un sixième
            5/6 = cinq sixièmes
            1/8 = un huitième
            3/8 = trois huitièmes
            5/8 = cinq huitièmes
            7/8 = sept huitièmes
        """),
        abbreviations=table("""
            p. ex., p.ex., par ex., ex. = par exemple
            c.-à-d., c.à.d., càd, c-à-d = c'est-à-dire
            env., env, ca. = environ
            max.# = au plus
            min.# = au moins
            incl. = inclus
            n°#, nº#, no.#, num.# = numéro
            vs., vs = contre
            d/g = droite ou gauche
            g/d = gauche ou droite
            1er = premier
            1re, 1ère = première
            2e, 2ème, 2è = deuxième
            3e, 3ème, 3è = troisième
            4e, 4ème, 4è = quatrième
            5e, 5ème, 5è = cinquième
            6e, 6ème, 6è = sixième
            7e, 7ème, 7è = septième
            8e, 8ème, 8è = huitième
            9e, 9ème, 9è = neuvième
            10e, 10ème, 10è = dixième
            11e, 11ème = onzième
            12e, 12ème = douzième
        """),
        endings=table("""
            etc. = et cetera
        """),
        numbered="guerrier|virabhadrasana|niveau|partie|phase|type|série|variante|tour",
        each="côté|jambe|bras|main|pied|série|répétition|tour|jour|semaine|sem|mois|minute|min|sec|heure|respiration|exercice|personne",
        parts="série|tour|répétition|jour|semaine|partie|étape|côté|exercice|séance|niveau",
        sizes="de distance|de long|de large|de haut|de hauteur|du|de la|derrière|devant",
        moves=r"march\w*|cour\w*|nag\w*|trott\w*|avanc\w*|saut\w*",
        holds=r"ten\w*|maint\w*|gard\w*|repos\w*|attend\w*|pause|planche|pendant|respir\w*|rest\w*",
        paces=r"respir\w*|inspir\w*|expir\w*|souffl\w*|rythme|tempo",
        clocks="à|vers|jusqu'à|avant|après",
    ),
    pages=Pages(
        site_title="Séances guidées",
        site_about="Des exercices guidés par la voix au rythme du souffle : posez le téléphone et laissez-vous guider.",
        empty="Aucune séance n’est encore publiée ici.",
        on_this_device="sur cet appareil",
        podcast="En podcast",
        podcast_how=(
            "Ajoutez cette adresse dans l’application de podcasts ; les "
            "nouvelles séances viendront d’elles-mêmes."
        ),
        copy_address="Copier l’adresse",
        copied="Copiée.",
        not_copied="La copie n’est pas permise : appuyez longuement sur l’adresse.",
        no_network="Pas de réseau",
        not_kept="Cette séance n’est pas gardée sur cet appareil.",
        all_sessions="Toutes les séances",
        chapters="Chapitres",
        take_along="À emporter",
        keep="Garder sur cet appareil",
        keeping="Enregistrement …",
        kept="Gardée sur cet appareil",
        now_kept="Gardée : cette séance s’écoute maintenant sans réseau.",
        not_keepable="Cette séance n’a pas pu être gardée. Vérifiez la connexion et l’espace libre.",
        given_up="La copie sur cet appareil est effacée.",
        download="Télécharger le MP3",
        spoken="Le texte de cette séance",
        files_and_keys="Fichiers et touches",
        cue_sheet="Déroulé",
        transcript="Transcription",
        lyrics="Paroles",
        keys=("lance et met en pause", "sautent dix secondes", "un exercice"),
        player="Lecteur",
        start_over="Depuis le début",
        position="Position",
        speed="Vitesse",
        previous="Exercice précédent",
        play="Lecture",
        pause="Pause",
        following="Exercice suivant",
        back="Reculer de 10 secondes",
        spans={
            "hold": "Maintien",
            "work": "Exercice",
            "move": "Mouvement",
            "rest": "Repos",
            "switch": "Changement de côté",
        },
        left="{span} · encore {time}",
        next_in="Ensuite : {title} dans {time}",
        ends_in="Fin dans {time}",
        place="{time} sur {length}",
        resumed="Reprise à {time}.",
        welcome="Lancez la lecture, posez le téléphone et suivez la voix.",
        done="C’est fini.",
        cannot_play="Le son ne peut pas être lu. Vérifiez la connexion et réessayez.",
        no_audio="Le son n’a pas pu être chargé. Vérifiez la connexion et rechargez la page.",
        no_cues="Les textes n’ont pas pu être chargés ; le son se lit quand même.",
        more_exercises="et {} de plus",
    ),
    advice=Advice(
        joints=r"(?:, |; |\bet )(?:puis|ensuite|après)\b|, puis\b| ?; ",
        limbs=r"\b(?:la|le|ta|ton) (?:main|bras|coude|épaule|genou|jambe|pied|talon|cuisse)\b",
        sides=r"\b(?:main|bras|coude|épaule|genou|jambe|pied|talon|côté|hanche) (?:gauche|droite?)\b",
    ),
)
