"""The words of the site's own pages: a language comes in, every label and sentence in it goes out.

What the player says while it runs stands in `site/assets/words.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """All that pages say of themselves, in one language."""

    language: str
    site_title: str
    """Where the publisher gives no title."""
    site_about: str
    empty: str
    on_this_device: str
    podcast: str
    podcast_how: str
    copy_address: str
    no_network: str
    not_kept: str
    all_sessions: str
    chapters: str
    take_along: str
    keep: str
    download: str
    spoken: str
    """The heading of all that is said in a session."""
    files_and_keys: str
    cue_sheet: str
    transcript: str
    lyrics: str
    keys: tuple[str, str, str]
    """What the space bar does; what the arrows do; what they do with Shift."""
    player: str
    start_over: str
    position: str
    speed: str
    previous: str
    play: str
    following: str
    back: str


def words_for(language: str) -> PageWords:
    """Give the words in a language such as `de` or `de-AT`; English where there are none."""
    return WORDS.get(language.lower().partition("-")[0], WORDS["en"])


_ENGLISH = PageWords(
    language="en",
    site_title="Guided sessions",
    site_about="Voice-guided exercise sessions with breath pacing: lay the phone down and follow along.",
    empty="No session has been published here yet.",
    on_this_device="on this device",
    podcast="As a podcast",
    podcast_how="Add this address in your podcast app; new sessions then come by themselves.",
    copy_address="Copy address",
    no_network="No network",
    not_kept="This session is not kept on this device.",
    all_sessions="All sessions",
    chapters="Chapters",
    take_along="Take it with you",
    keep="Keep on this device",
    download="Download MP3",
    spoken="The words of this session",
    files_and_keys="Files and keys",
    cue_sheet="Cue sheet",
    transcript="Transcript",
    lyrics="Lyrics",
    keys=("plays and pauses", "go ten seconds", "one exercise"),
    player="Player",
    start_over="Start over",
    position="Position",
    speed="Speed",
    previous="Previous exercise",
    play="Play",
    following="Next exercise",
    back="Back 10 seconds",
)

_GERMAN = PageWords(
    language="de",
    site_title="Geführte Übungen",
    site_about="Übungen mit Stimme und Atemtakt: das Telefon hinlegen und einfach mitmachen.",
    empty="Hier ist noch keine Einheit veröffentlicht.",
    on_this_device="auf diesem Gerät",
    podcast="Als Podcast",
    podcast_how="Diese Adresse in der Podcast-App hinzufügen; neue Einheiten kommen dann von selbst.",
    copy_address="Adresse kopieren",
    no_network="Kein Netz",
    not_kept="Diese Einheit liegt nicht auf diesem Gerät.",
    all_sessions="Alle Einheiten",
    chapters="Kapitel",
    take_along="Zum Mitnehmen",
    keep="Auf diesem Gerät behalten",
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
    following="Nächste Übung",
    back="10 Sekunden zurück",
)

_SPANISH = PageWords(
    language="es",
    site_title="Sesiones guiadas",
    site_about="Ejercicios guiados por voz al ritmo de la respiración: deja el teléfono a un lado y sigue la voz.",
    empty="Aquí todavía no hay ninguna sesión publicada.",
    on_this_device="en este dispositivo",
    podcast="Como pódcast",
    podcast_how="Añade esta dirección en tu aplicación de pódcast; las sesiones nuevas llegarán solas.",
    copy_address="Copiar la dirección",
    no_network="Sin conexión",
    not_kept="Esta sesión no está guardada en este dispositivo.",
    all_sessions="Todas las sesiones",
    chapters="Capítulos",
    take_along="Para llevar",
    keep="Guardar en este dispositivo",
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
    following="Ejercicio siguiente",
    back="10 segundos atrás",
)

_FRENCH = PageWords(
    language="fr",
    site_title="Séances guidées",
    site_about="Des exercices guidés par la voix au rythme du souffle : posez le téléphone et laissez-vous guider.",
    empty="Aucune séance n’est encore publiée ici.",
    on_this_device="sur cet appareil",
    podcast="En podcast",
    podcast_how="Ajoutez cette adresse dans l’application de podcasts ; les nouvelles séances viendront d’elles-mêmes.",
    copy_address="Copier l’adresse",
    no_network="Pas de réseau",
    not_kept="Cette séance n’est pas gardée sur cet appareil.",
    all_sessions="Toutes les séances",
    chapters="Chapitres",
    take_along="À emporter",
    keep="Garder sur cet appareil",
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
    following="Exercice suivant",
    back="Reculer de 10 secondes",
)

WORDS: Mapping[str, PageWords] = {words.language: words for words in (_ENGLISH, _GERMAN, _SPANISH, _FRENCH)}
