"""German, which calls the listener "du"."""

from __future__ import annotations

from audio_builder.language.record import (
    Advice,
    Counted,
    Gender,
    Language,
    Pages,
    Phrases,
    Shortened,
    listed,
    one_or_other,
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
        to="bis",
        and_="und",
        or_="oder",
        per="pro",
        point=",",
        units={
            "s": ("eine Sekunde", "Sekunden"),
            "sek": ("eine Sekunde", "Sekunden"),
            "min": ("eine Minute", "Minuten"),
            "h": ("eine Stunde", "Stunden"),
            "std": ("eine Stunde", "Stunden"),
            "x": ("ein Mal", "Mal"),
            "%": ("ein Prozent", "Prozent"),
            "°": ("ein Grad", "Grad"),
            "cm": ("ein Zentimeter", "Zentimeter"),
            "m": ("ein Meter", "Meter"),
            "kg": ("ein Kilo", "Kilo"),
            "wdh": ("eine Wiederholung", "Wiederholungen"),
        },
        fractions={"1/2": "einhalb", "1/4": "ein Viertel", "3/4": "drei Viertel"},
        abbreviations={
            "z. b.": "zum Beispiel",
            "z.b.": "zum Beispiel",
            "d. h.": "das heißt",
            "d.h.": "das heißt",
            "usw.": "und so weiter",
            "ca.": "ungefähr",
            "bzw.": "beziehungsweise",
            "evtl.": "eventuell",
        },
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
