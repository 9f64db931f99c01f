"""Speak lines of text by the best voice there is, as finished clips that are kept by content."""

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech.choice import ChosenVoice, choose_voice, engine_names, load_engine, next_voice
from audio_builder.speech.clip_store import (
    Clip,
    ClipKey,
    ClipLabel,
    ClipNote,
    ClipStore,
    read_label,
)
from audio_builder.speech.engine import Availability, Engine, Recording, Utterance, Voice
from audio_builder.speech.estimate import estimate
from audio_builder.speech.notation import Lexicon
from audio_builder.speech.speaking import speak_all, speak_each

__all__ = [
    "Availability",
    "ChosenVoice",
    "Clip",
    "ClipKey",
    "ClipLabel",
    "ClipNote",
    "ClipStore",
    "Engine",
    "Lexicon",
    "Recording",
    "SpeechError",
    "Utterance",
    "Voice",
    "VoiceError",
    "choose_voice",
    "engine_names",
    "estimate",
    "load_engine",
    "next_voice",
    "read_label",
    "speak_all",
    "speak_each",
]
