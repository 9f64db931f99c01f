// A language comes in; the few words the player itself says during a session go out. English where there are none.

const WORDS = {
  en: {
    phases: { inhale: "Breathe in", "hold-in": "Hold", exhale: "Breathe out", "hold-out": "Rest" },
    spans: { hold: "Hold", work: "Exercise", move: "Move", rest: "Rest", switch: "Switch sides" },
    left: (span, time) => `${span} · ${time} left`,
    next: (title, time) => `Next: ${title} in ${time}`,
    ends: (time) => `Ends in ${time}`,
    welcome: "Press play, lay the phone down and follow the voice.",
    done: "Done.",
  },
  de: {
    phases: { inhale: "Einatmen", "hold-in": "Halten", exhale: "Ausatmen", "hold-out": "Pause" },
    spans: { hold: "Halten", work: "Übung", move: "Bewegung", rest: "Pause", switch: "Seitenwechsel" },
    left: (span, time) => `${span} · noch ${time}`,
    next: (title, time) => `Als Nächstes: ${title} in ${time}`,
    ends: (time) => `Ende in ${time}`,
    welcome: "Auf Wiedergabe tippen, das Telefon hinlegen und der Stimme folgen.",
    done: "Fertig.",
  },
  es: {
    phases: { inhale: "Inhala", "hold-in": "Retén", exhale: "Exhala", "hold-out": "Pausa" },
    spans: { hold: "Mantén", work: "Ejercicio", move: "Movimiento", rest: "Descanso", switch: "Cambio de lado" },
    left: (span, time) => `${span} · quedan ${time}`,
    next: (title, time) => `Después: ${title} en ${time}`,
    ends: (time) => `Termina en ${time}`,
    welcome: "Pulsa reproducir, deja el teléfono a un lado y sigue la voz.",
    done: "Listo.",
  },
  fr: {
    phases: { inhale: "Inspirez", "hold-in": "Retenez", exhale: "Expirez", "hold-out": "Pause" },
    spans: { hold: "Maintien", work: "Exercice", move: "Mouvement", rest: "Repos", switch: "Changement de côté" },
    left: (span, time) => `${span} · encore ${time}`,
    next: (title, time) => `Ensuite : ${title} dans ${time}`,
    ends: (time) => `Fin dans ${time}`,
    welcome: "Lancez la lecture, posez le téléphone et suivez la voix.",
    done: "C’est fini.",
  },
};

export function wordsFor(language) {
  return WORDS[language.toLowerCase().split("-")[0]] ?? WORDS.en;
}
