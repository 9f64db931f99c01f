"""What the compiler says in German, which calls the listener "du"."""

from __future__ import annotations

from audio_builder.compiler.phrases.table import Counted, Phrases, count_up, one_or_other

GERMAN = Phrases(
    language="de",
    plural_forms=("one", "other"),
    plural=one_or_other,
    numbers=count_up(
        "eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, dreizehn, vierzehn, "
        "fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn, zwanzig, einundzwanzig, zweiundzwanzig, "
        "dreiundzwanzig, vierundzwanzig, fünfundzwanzig, sechsundzwanzig, siebenundzwanzig, achtundzwanzig, "
        "neunundzwanzig, dreißig"
    )
    | {40: "vierzig", 45: "fünfundvierzig", 50: "fünfzig"},
    numbers_before_noun={1: "1"},
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
    breaths=Counted(forms=("einen Atemzug", "# Atemzüge")),
    seconds=Counted(forms=("eine Sekunde", "# Sekunden")),
    minutes=Counted(forms=("eine Minute", "# Minuten")),
    minutes_and_seconds="{minutes} und {seconds}",
    side_title="{name}, {side:rechte|linke} Seite",
    round_title="{title}, Runde {round}",
    opening_title="Willkommen",
    closing_title="Abschluss",
)
