"""What the compiler says in Spanish, which calls the listener "tú"."""

from __future__ import annotations

from audio_builder.compiler.phrases.table import Counted, Phrases, count_up, one_or_other

_MASCULINE = {21: "veintiún"}
_FEMININE = {21: "veintiuna"}

SPANISH = Phrases(
    language="es",
    plural_forms=("one", "other"),
    plural=one_or_other,
    numbers=count_up(
        "uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce, trece, catorce, quince, "
        "dieciséis, diecisiete, dieciocho, diecinueve, veinte, veintiuno, veintidós, veintitrés, "
        "veinticuatro, veinticinco, veintiséis, veintisiete, veintiocho, veintinueve, treinta"
    )
    | {40: "cuarenta", 45: "cuarenta y cinco", 50: "cincuenta"},
    numbers_before_noun={1: "1", 21: "21"},
    sides={"right": "derecha", "left": "izquierda"},
    first="Para empezar: {name}, {position}.",
    next="A continuación: {name}, {position}.",
    again="Otra vez: {name}, {position}.",
    side_first="Primero el lado {side:derecho|izquierdo}.",
    one_side="El lado {side:derecho|izquierdo}.",
    switch="Cambia de lado. Ahora el lado {side:derecho|izquierdo}.",
    rest="Y descansa.",
    breathe={"inhale": "Inspira.", "hold-in": "Mantén.", "exhale": "Espira.", "hold-out": "Pausa."},
    more={3: "Tres más.", 2: "Dos más.", 1: "La última."},
    last_then_side="La última, y después el lado {side:derecho|izquierdo}.",
    halfway="Vas por la mitad.",
    safety=(
        "Muévete sin dolor. Detente si algo te duele u hormiguea, o si te mareas.",
        "Después de una lesión o una operación, consulta antes a un profesional.",
    ),
    gently="Respira con suavidad, no hondo. Si notas mareo, respira como quieras.",
    breaths=Counted(forms=("una respiración", "# respiraciones"), numbers=_FEMININE),
    seconds=Counted(forms=("un segundo", "# segundos"), numbers=_MASCULINE),
    minutes=Counted(forms=("un minuto", "# minutos"), numbers=_MASCULINE),
    minutes_and_seconds="{minutes} y {seconds}",
    side_title="{name}, lado {side:derecho|izquierdo}",
    round_title="{title}, ronda {round}",
    opening_title="Bienvenida",
    closing_title="Cierre",
)
