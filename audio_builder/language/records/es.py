"""Spanish, which calls the listener "tú"."""

from __future__ import annotations

import re

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
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_TENS = listed("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = listed(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)


def _number(number: int, gender: Gender = "") -> str:
    if number == 100:
        return "cien"
    if number >= 1_000:
        many, rest = divmod(number, 1_000)
        head = f"{_number(many, 'm')} mil" if many > 1 else "mil"
        return f"{head} {_number(rest, gender)}" if rest else head
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 30:
        words.append(_TENS[rest // 10 - 3] + (f" y {_ONES[rest % 10]}" if rest % 10 else ""))
    elif rest or not hundreds:
        words.append(_ONES[rest])
    said = " ".join(words)
    if gender == "m":
        return re.sub("uno$", "un", re.sub("veintiuno$", "veintiún", said))
    return re.sub("entos", "entas", re.sub("uno$", "una", said)) if gender else said


def _agrees(number: int) -> bool:
    return (number % 10 == 1 and number % 100 != 11) or number % 1_000 >= 200


LANGUAGE = Language(
    tag="es",
    iso_639_2="spa",
    piper_voice="es_ES-davefx-medium",
    plural_forms=("one", "other"),
    plural=one_or_other,
    number=_number,
    agrees=_agrees,
    phrases=Phrases(
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
        breaths=Counted(("una respiración", "# respiraciones"), gender="f"),
        seconds=Counted(("un segundo", "# segundos"), gender="m"),
        minutes=Counted(("un minuto", "# minutos"), gender="m"),
        minutes_and_seconds="{minutes} y {seconds}",
        side_title="{name}, lado {side:derecho|izquierdo}",
        round_title="{title}, ronda {round}",
        opening_title="Bienvenida",
        closing_title="Cierre",
    ),
    shortened=Shortened(
        letters="áéíóúüñàâçèêëîïôöùû",
        to="a",
        ratio="a",
        and_="y",
        or_="o",
        per="por",
        of="de",
        out_of="de",
        decimal=",",
        point="coma",
        signs=table("""
            ~, ≈ = aproximadamente
            ≥, >= = al menos
            ≤, <= = como máximo
            > = más de
            < = menos de
            ± = más menos
            + = más
            n+ = o más
            - = menos
            = = igual a
            @ = a
            # = número
        """),
        units=units("""
            s, sec, seg, segs = un segundo | segundos
            min, mins = un minuto | minutos
            h, hs, hrs = una hora | horas
            x = una vez | veces
            % = uno por ciento | por ciento
            °, º = un grado | grados
            °C, ºC = un grado Celsius | grados Celsius
            mm = un milímetro | milímetros
            cm = un centímetro | centímetros
            m = un metro | metros
            km = un kilómetro | kilómetros
            km/h = un kilómetro por hora | kilómetros por hora
            g, gr = un gramo | gramos
            kg, kgs = un kilo | kilos
            lb, lbs = una libra | libras
            ml = un mililitro | mililitros
            l, L = un litro | litros
            kcal = una kilocaloría | kilocalorías
            rep, reps = una repetición | repeticiones
            resp = una respiración | respiraciones
            sem = una semana | semanas
            $ = un dólar | dólares
            € = un euro | euros
            £ = una libra | libras
        """),
        hyphened="no",
        fractions=table("""
            1/2 = medio
            1/3 = un tercio
            2/3 = dos tercios
            1/4 = un cuarto
            3/4 = tres cuartos
            1/5 = un quinto
            2/5 = dos quintos
            3/5 = tres quintos
            4/5 = cuatro quintos
            1/6 = un sexto
            5/6 = cinco sextos
            1/8 = un octavo
            3/8 = tres octavos
            5/8 = cinco octavos
            7/8 = siete octavos
        """),
        abbreviations=table("""
            p. ej., p.ej., ej. = por ejemplo
            aprox., aprox = aproximadamente
            máx.#, max.# = como máximo
            mín.#, min.# = al menos
            incl. = incluido
            n.º#, n.°#, nº#, n°#, núm.#, no.# = número
            c/u, c.u. = cada uno
            c/ = cada
            p/ = por
            s/ = sin
            vs., vs = contra
            izq. = izquierda
            dcha., der. = derecha
            i/d, izq/der, izq./der. = izquierda o derecha
            ud. = usted
            uds. = ustedes
            d/i, der/izq, der./izq. = derecha o izquierda
            1.º, 1º, 1° = primero
            1.ª, 1ª = primera
            1er, 1.er = primer
            2.º, 2º = segundo
            2.ª, 2ª = segunda
            3.º, 3º = tercero
            3.ª, 3ª = tercera
            3er, 3.er = tercer
            4.º, 4º = cuarto
            4.ª, 4ª = cuarta
            5.º = quinto
            5.ª, 5ª = quinta
            6.º = sexto
            6.ª, 6ª = sexta
            7.º = séptimo
            7.ª, 7ª = séptima
            8.º = octavo
            8.ª, 8ª = octava
            9.º = noveno
            9.ª, 9ª = novena
            10.º = décimo
            10.ª, 10ª = décima
        """),
        endings=table("""
            etc. = etcétera
            a. m., a.m. = de la mañana
            p. m., p.m. = de la tarde
        """),
        numbered="guerrero|virabhadrasana|nivel|parte|fase|tipo|serie|variante|ronda",
        each="lado|pierna|brazo|mano|pie|serie|repetición|ronda|día|semana|sem|mes|minuto|min|seg|hora|respiración|ejercicio|persona",
        parts="serie|ronda|repetición|día|semana|parte|paso|lado|ejercicio|sesión|nivel",
        sizes="de distancia|de largo|de ancho|de alto|de altura|de la|del|atrás|adelante|detrás",
        moves=r"camin\w*|corr\w*|nad\w*|trot\w*|avanz\w*|salt\w*|and\w*",
        holds=r"mant\w*|sost\w*|aguant\w*|descans\w*|espera\w*|pausa|plancha|durante|respir\w*|qued\w*",
        paces=r"respir\w*|inhal\w*|exhal\w*|inspir\w*|espir\w*|ritmo|tempo",
        clocks="a las|hasta las|a la|sobre las",
    ),
    pages=Pages(
        site_title="Sesiones guiadas",
        site_about="Ejercicios guiados por voz al ritmo de la respiración: deja el teléfono a un lado y sigue la voz.",
        empty="Aquí todavía no hay ninguna sesión publicada.",
        on_this_device="en este dispositivo",
        podcast="Como pódcast",
        podcast_how="Añade esta dirección en tu aplicación de pódcast; las sesiones nuevas llegarán solas.",
        copy_address="Copiar la dirección",
        copied="Copiada.",
        not_copied="No se permitió copiar: mantén pulsada la dirección.",
        no_network="Sin conexión",
        not_kept="Esta sesión no está guardada en este dispositivo.",
        all_sessions="Todas las sesiones",
        chapters="Capítulos",
        take_along="Para llevar",
        keep="Guardar en este dispositivo",
        keeping="Guardando …",
        kept="Guardada en este dispositivo",
        now_kept="Guardada: esta sesión ya se oye sin conexión.",
        not_keepable="No se pudo guardar esta sesión. Revisa la conexión y el espacio libre.",
        given_up="Se borró la copia de este dispositivo.",
        download="Descargar MP3",
        spoken="El texto de esta sesión",
        files_and_keys="Archivos y teclas",
        cue_sheet="Guion",
        transcript="Transcripción",
        lyrics="Letra",
        keys=("inicia y detiene", "saltan diez segundos", "un ejercicio"),
        player="Reproductor",
        start_over="Desde el principio",
        position="Posición",
        speed="Velocidad",
        previous="Ejercicio anterior",
        play="Reproducir",
        pause="Pausa",
        following="Ejercicio siguiente",
        back="10 segundos atrás",
        spans={
            "hold": "Mantén",
            "work": "Ejercicio",
            "move": "Movimiento",
            "rest": "Descanso",
            "switch": "Cambio de lado",
        },
        left="{span} · quedan {time}",
        next_in="Después: {title} en {time}",
        ends_in="Termina en {time}",
        place="{time} de {length}",
        resumed="Sigue en {time}.",
        welcome="Pulsa reproducir, deja el teléfono a un lado y sigue la voz.",
        done="Listo.",
        cannot_play="No se puede reproducir el audio. Revisa la conexión e inténtalo otra vez.",
        no_audio="No se pudo cargar el audio. Revisa la conexión y vuelve a cargar la página.",
        no_cues="No se pudieron cargar los textos; el audio suena igualmente.",
        more_exercises="y {} más",
    ),
    advice=Advice(
        joints=r"(?:, |; |\by )(?:luego|después|entonces)\b|; ",
        limbs=r"\b(?:la|el|tu) (?:mano|brazo|codo|hombro|rodilla|pierna|pie|talón|muslo)\b",
        sides=r"\b(?:mano|brazo|codo|hombro|rodilla|pierna|pie|talón|lado|cadera) (?:izquierd|derech)[oa]\b",
    ),
)
