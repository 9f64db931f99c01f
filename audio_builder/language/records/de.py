"""German, which calls the listener "du"."""

from __future__ import annotations

from audio_builder.language.record import Language, one_or_other
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
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_TENS = listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")


def _number(number: int, gender: Gender = "") -> str:
    if number == 1 and gender:
        return "eine" if gender == "f" else "ein"
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_number(ones, 'm')}und{_TENS[tens - 2]}" if ones else _TENS[tens - 2]
    size, name = (1_000, "tausend") if number >= 1_000 else (100, "hundert")
    many, rest = divmod(number, size)
    return f"{_number(many) if many > 1 else ''}{name}{_number(rest) if rest else ''}"


def _agrees(number: int) -> bool:
    return number % 100 == 1


LANGUAGE = Language(
    tag="de",
    iso_639_2="deu",
    piper_voice="de_DE-thorsten-medium",
    plural_forms=("one", "other"),
    plural=one_or_other,
    number=_number,
    agrees=_agrees,
    phrases=Phrases(
        sides={"right": "rechts", "left": "links"},
        first="Zu Beginn: {name}, {position}.",
        next="Als Nächstes: {name}, {position}.",
        again="Noch einmal: {name}, {position}.",
        side_first="Die {side:rechte|linke} Seite zuerst.",
        one_side="Die {side:rechte|linke} Seite.",
        switch="Seitenwechsel. Jetzt die {side:rechte|linke} Seite.",
        rest="Und ruh dich aus.",
        breathe={"inhale": "Einatmen.", "hold-in": "Halten.", "exhale": "Ausatmen.", "hold-out": "Warten."},
        more={3: "Noch drei.", 2: "Noch zwei.", 1: "Ein letztes Mal."},
        last_then_side="Ein letztes Mal, dann die {side:rechte|linke} Seite.",
        halfway="Die Hälfte ist geschafft.",
        safety=(
            "Beweg dich ohne Schmerz. Hör auf, wenn etwas wehtut oder kribbelt, oder wenn dir schwindlig wird.",
            "Hol dir nach einer Verletzung oder Operation zuerst fachlichen Rat.",
        ),
        gently="Atme sanft, nicht tief. Wird dir schummrig, atme, wie du magst.",
        breaths=Counted(("einen Atemzug", "# Atemzüge")),
        seconds=Counted(("eine Sekunde", "# Sekunden")),
        minutes=Counted(("eine Minute", "# Minuten")),
        minutes_and_seconds="{minutes} und {seconds}",
        side_title="{name}, {side:rechte|linke} Seite",
        round_title="{title}, Runde {round}",
        opening_title="Willkommen",
        closing_title="Abschluss",
    ),
    shortened=Shortened(
        letters="äöüßàâçèéêëîïñôùû",
        to="bis",
        ratio="zu",
        and_="und",
        or_="oder",
        per="pro",
        of="von",
        out_of="von",
        decimal=",",
        point="Komma",
        signs=table("""
            ~, ≈ = ungefähr
            ≥, >= = mindestens
            ≤, <= = höchstens
            > = mehr als
            < = weniger als
            ± = plus minus
            + = plus
            n+ = oder mehr
            - = minus
            = = gleich
            @ = bei
            # = Nummer
        """),
        units=units("""
            s, sec, sek = eine Sekunde | Sekunden
            min = eine Minute | Minuten
            h, std = eine Stunde | Stunden
            x = ein Mal | Mal
            % = ein Prozent | Prozent
            °, º, grad = ein Grad | Grad
            °C = ein Grad Celsius | Grad Celsius
            mm = ein Millimeter | Millimeter
            cm = ein Zentimeter | Zentimeter
            m = ein Meter | Meter
            km = ein Kilometer | Kilometer
            km/h = ein Kilometer pro Stunde | Kilometer pro Stunde
            g = ein Gramm | Gramm
            kg = ein Kilo | Kilo
            ml = ein Milliliter | Milliliter
            l, L = ein Liter | Liter
            kcal = eine Kilokalorie | Kilokalorien
            wdh, wdhl, whg, wh = eine Wiederholung | Wiederholungen
            wo = eine Woche | Wochen
            $ = ein Dollar | Dollar
            € = ein Euro | Euro
            £ = ein Pfund | Pfund
        """),
        hyphened="more",
        fractions=table("""
            1/2 = einhalb
            1/3 = ein Drittel
            2/3 = zwei Drittel
            1/4 = ein Viertel
            3/4 = drei Viertel
            1/5 = ein Fünftel
            2/5 = zwei Fünftel
            3/5 = drei Fünftel
            4/5 = vier Fünftel
            1/6 = ein Sechstel
            5/6 = fünf Sechstel
            1/8 = ein Achtel
            3/8 = drei Achtel
            5/8 = fünf Achtel
            7/8 = sieben Achtel
        """),
        abbreviations=table("""
            z. b., z.b., zb. = zum Beispiel
            d. h., d.h., dh. = das heißt
            u. a., u.a. = unter anderem
            bzw. = beziehungsweise
            ca., ca, circa = ungefähr
            evtl. = eventuell
            ggf., gegebenenf. = gegebenenfalls
            inkl. = inklusive
            exkl. = exklusive
            max.# = höchstens
            min.#, mind. = mindestens
            vgl. = vergleiche
            nr.#, nr# = Nummer
            re. = rechts
            li. = links
            l/r, li/re, li./re. = links oder rechts
            r/l, re/li, re./li. = rechts oder links
            o. = oder
            u. = und
            o. ä., o.ä. = oder ähnlich
            jew. = jeweils
            abw. = abwechselnd
            sog. = sogenannt
            tgl., tägl. = täglich
            wöchentl. = wöchentlich
            bds. = beidseits
            u. u., u.u. = unter Umständen
            i. d. r., i.d.r. = in der Regel
            z. t., z.t. = zum Teil
            s. o., s.o. = siehe oben
            s. u., s.u. = siehe unten
            abb.# = Abbildung
        """),
        endings=table("""
            usw., etc. = und so weiter
            u. s. w. = und so weiter
            wdh., wdhl., wdh = Wiederholungen
        """),
        ordinals=True,
        nouns=frozenset(listed("Pause Belastung Arbeit Ruhe Erholung Abstand Yoga Plank Planke Stütz")),
        numbered="krieger|virabhadrasana|stufe|teil|phase|typ|serie|band|variante|runde|level",
        each="Seite|Bein|Arm|Hand|Fuß|Satz|Wiederholung|Runde|Tag|Woche|Monat|Minute|Min|min|Sek|Std|Stunde|Atemzug|Übung|Person|Richtung",
        parts="satz|runde|wiederholung|tag|woche|teil|schritt|seite|übung|einheit|stufe",
        sizes="weit|breit|lang|hoch|tief|entfernt|abstand|vor|hinter|über|unter|auseinander|vom|von|zur|zum",
        moves=r"geh\w*|lauf\w*|schwimm\w*|renn\w*|jogg\w*|spring\w*|kriech\w*",
        holds=r"halt\w*|halte|pause|warte\w*|ruh\w*|bleib\w*|planke|plank|stütz|für|atme\w*",
        paces=r"atem\w*|atme\w*|atmung|einatm\w*|ausatm\w*|rhythmus|tempo|takt",
        clocks="um|bis|gegen|vor|nach|ab",
    ),
    pages=Pages(
        site_title="Geführte Übungen",
        site_about="Übungen mit Stimme und Atemtakt: das Telefon hinlegen und einfach mitmachen.",
        empty="Hier ist noch keine Einheit veröffentlicht.",
        on_this_device="auf diesem Gerät",
        podcast="Als Podcast",
        podcast_how="Diese Adresse in der Podcast-App hinzufügen; neue Einheiten kommen dann von selbst.",
        copy_address="Adresse kopieren",
        copied="Kopiert.",
        not_copied="Kopieren war nicht erlaubt: Halte stattdessen die Adresse gedrückt.",
        no_network="Kein Netz",
        not_kept="Diese Einheit liegt nicht auf diesem Gerät.",
        all_sessions="Alle Einheiten",
        chapters="Kapitel",
        take_along="Zum Mitnehmen",
        keep="Auf diesem Gerät behalten",
        keeping="Wird geladen …",
        kept="Auf diesem Gerät",
        now_kept="Gesichert: Diese Einheit läuft jetzt auch ohne Netz.",
        not_keepable="Diese Einheit ließ sich nicht sichern. Prüfe die Verbindung und den freien Speicher.",
        given_up="Die Kopie auf diesem Gerät ist gelöscht.",
        download="MP3 herunterladen",
        spoken="Der Wortlaut dieser Einheit",
        files_and_keys="Dateien und Tasten",
        cue_sheet="Ablauf",
        transcript="Abschrift",
        lyrics="Mitlesetext",
        keys=("startet und hält an", "springen zehn Sekunden", "eine Übung"),
        player="Wiedergabe",
        start_over="Von vorn",
        position="Stelle",
        speed="Tempo",
        previous="Vorige Übung",
        play="Wiedergabe",
        pause="Anhalten",
        following="Nächste Übung",
        back="10 Sekunden zurück",
        spans={
            "hold": "Halten",
            "work": "Übung",
            "move": "Bewegung",
            "rest": "Pause",
            "switch": "Seitenwechsel",
        },
        left="{span} · noch {time}",
        next_in="Als Nächstes: {title} in {time}",
        ends_in="Ende in {time}",
        place="{time} von {length}",
        resumed="Weiter bei {time}.",
        welcome="Auf Wiedergabe tippen, das Telefon hinlegen und der Stimme folgen.",
        done="Fertig.",
        cannot_play="Der Ton lässt sich nicht abspielen. Prüfe die Verbindung und versuche es noch einmal.",
        no_audio="Der Ton ließ sich nicht laden. Prüfe die Verbindung und lade die Seite neu.",
        no_cues="Die Ansagetexte ließen sich nicht laden; der Ton läuft trotzdem.",
        more_exercises="und {} weitere",
    ),
    advice=Advice(
        joints=r"(?:, |; |\bund )(?:dann|danach|anschließend)\b|; ",
        limbs=r"\b(?:deine?n?r?|die|der|den|das) "
        r"(?:Hand|Arm|Ellbogen|Schulter|Knie(?! unter)|Bein|Fuß|Ferse|Oberschenkel)\b",
        sides=r"\b(?:linke|rechte)[nrsm]? (?:Hand|Arm|Ellbogen|Schulter|Knie|Bein|Fuß|Ferse|Hüfte|Seite)\b",
    ),
)
