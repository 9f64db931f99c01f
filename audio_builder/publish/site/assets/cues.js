// What a cue sheet has at a moment of the audio: what is said, breathed and held. Pure: no clock, no page.

const PHASES = new Set(["inhale", "hold-in", "exhale", "hold-out"]);
const SPANS = new Set(["hold", "work", "move", "rest", "switch"]);
const LONGEST_SPAN_SECONDS = 1800;

export class Cues {
  // `shown` are texts that stand on the page anyway, such as "Breathe in": a cue of just that would hide the one before.
  constructor(events, shown = []) {
    const known = new Set(shown.map(bare));
    this.said = events.filter((event) => event.kind === "cue" && event.text && !known.has(bare(event.text)));
    this.phases = events.filter((event) => PHASES.has(event.kind));
    this.spans = events.filter((event) => SPANS.has(event.kind));
  }

  // The words said last, from `since` (the start of the chapter) on; nothing before the first.
  wordsAt(seconds, since = 0) {
    const cue = this.said[lastStarted(this.said, seconds)];
    return cue && cue.start_seconds >= since - 0.001 ? cue.text : "";
  }

  // The phase of the breath, how full the lungs are (0 to 1), and the seconds left of it; null between breaths.
  breathAt(seconds) {
    const event = this.phases[lastStarted(this.phases, seconds)];
    if (!event || seconds >= end(event)) return null;
    const progress = event.length_seconds > 0 ? (seconds - event.start_seconds) / event.length_seconds : 1;
    return { kind: event.kind, level: level(event.kind, progress), left: end(event) - seconds };
  }

  // The innermost silent span (a hold, a rest …) around a moment, its progress and the seconds left; null outside.
  spanAt(seconds) {
    for (let index = lastStarted(this.spans, seconds); index >= 0; index -= 1) {
      const event = this.spans[index];
      if (seconds < end(event)) {
        return { kind: event.kind, left: end(event) - seconds, progress: (seconds - event.start_seconds) / event.length_seconds };
      }
      if (seconds - event.start_seconds > LONGEST_SPAN_SECONDS) break;
    }
    return null;
  }
}

function bare(text) {
  return text.toLowerCase().replace(/[\s.!…]+$/u, "");
}

function end(event) {
  return event.start_seconds + event.length_seconds;
}

// Smooth at both turning points, like the tones.
function level(kind, progress) {
  const rising = (1 - Math.cos(Math.PI * Math.min(1, Math.max(0, progress)))) / 2;
  return { inhale: rising, "hold-in": 1, exhale: 1 - rising, "hold-out": 0 }[kind];
}

// The index of the last event that has started, by halving; −1 before the first.
export function lastStarted(events, seconds) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].start_seconds <= seconds + 0.0005) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 0.0005));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
