// The words, the breath circle and the clocks of the page, as they are at a moment of the audio.

import { Cues, clock } from "./cues.js";
import { fill, words } from "./words.js";

const LONG_CUE = 64; // characters; longer ones are set smaller
const SMALLEST = 0.46; // the disc with empty lungs, as a share of its full size

export class Stage {
  constructor(chapters) {
    this.chapters = chapters;
    this.cues = new Cues([]);
    this.part = Object.fromEntries(
      ["now", "breath", "phase", "phase-left", "ring", "span", "cue", "next", "seek", "elapsed", "remaining"].map((id) => [
        id,
        document.getElementById(id),
      ]),
    );
    this.texts = new Map();
  }

  show(seconds, { length, ended }) {
    const { list } = this.chapters;
    const index = this.chapters.at(seconds);
    const chapter = list[index];
    this.write("now", chapter.title);
    this.showWords(ended ? words.done : this.cues.wordsAt(seconds, chapter.start_seconds) || (seconds > 0 ? "" : words.welcome));
    this.showBreath(ended ? null : this.cues.breathAt(seconds));
    this.showSpan(ended ? null : this.cues.spanAt(seconds));
    this.showNext(list[index + 1], seconds, length);
    this.showClock(seconds, length);
  }

  showWords(text) {
    this.write("cue", text);
    this.part.cue.toggleAttribute("data-long", text.length > LONG_CUE);
  }

  showBreath(breath) {
    const level = breath ? breath.level : 0;
    const { style } = this.part.breath;
    style.setProperty("--size", (SMALLEST + (1 - SMALLEST) * level).toFixed(4));
    style.setProperty("--level", level.toFixed(4));
    this.part.breath.dataset.phase = breath ? breath.kind : "none";
    this.write("phase", breath ? words.phases[breath.kind] : "");
    this.write("phase-left", breath ? String(Math.max(1, Math.ceil(breath.left - 0.05))) : "");
  }

  showSpan(span) {
    this.part.breath.toggleAttribute("data-span", span !== null);
    this.part.ring.style.setProperty("--done", span ? span.progress.toFixed(4) : "0");
    this.write("span", span ? fill(words.left, { span: words.spans[span.kind], time: clock(Math.ceil(span.left - 0.05)) }) : "");
  }

  showNext(next, seconds, length) {
    const left = (next ? next.start_seconds : length) - seconds;
    this.write("next", next ? fill(words.next_in, { title: next.title, time: clock(left) }) : fill(words.ends_in, { time: clock(left) }));
  }

  showClock(seconds, length) {
    const [elapsed, remaining] = [clock(seconds), clock(length - seconds)];
    this.write("elapsed", elapsed);
    this.write("remaining", `−${remaining}`);
    const { seek } = this.part;
    if (this.texts.get("position") !== elapsed) {
      this.texts.set("position", elapsed);
      seek.max = String(Math.ceil(length));
      seek.value = String(Math.round(seconds));
      seek.setAttribute("aria-valuetext", fill(words.place, { time: elapsed, length: clock(length) }));
      seek.style.setProperty("--share", String(Math.min(1, seconds / length)));
    }
  }

  // Touches the page only when a text changes: this runs with every frame.
  write(id, text) {
    if (this.texts.get(id) === text) return;
    this.texts.set(id, text);
    this.part[id].textContent = text;
  }
}
