// The list of chapters: which one is playing, and the way to the next and the one before.

import { lastStarted } from "./cues.js";

const AGAIN_SECONDS = 3; // so far into a chapter, "previous" means its start

export class Chapters {
  constructor(links) {
    this.links = [...links];
    this.list = this.links.map((link) => ({
      title: link.querySelector(".chapter-title").textContent,
      start_seconds: Number(link.dataset.start),
      length_seconds: Number(link.dataset.length),
    }));
  }

  at(seconds) {
    return Math.max(0, lastStarted(this.list, seconds));
  }

  // The start of the next chapter; null in the last.
  after(seconds) {
    return this.list[this.at(seconds) + 1]?.start_seconds ?? null;
  }

  before(seconds) {
    const index = this.at(seconds);
    const again = seconds - this.list[index].start_seconds > AGAIN_SECONDS;
    return this.list[again ? index : Math.max(0, index - 1)].start_seconds;
  }

  mark(current) {
    this.links.forEach((link, index) => {
      if (index === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
}
