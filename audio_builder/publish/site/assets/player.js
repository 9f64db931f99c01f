// The player page: one <audio> element plays the session; everything else here only shows where it is.

import { Chapters } from "./chapters.js";
import { Cues, clock } from "./cues.js";
import { bindKeys } from "./keys.js";
import { keepScreenOn, onLockScreen } from "./lockscreen.js";
import { Memory, noteSpeed, recallSpeed } from "./memory.js";
import { offerKeeping } from "./keeping.js";
import { Stage } from "./stage.js";
import { fill, words } from "./words.js";

const page = (id) => document.getElementById(id);
const facts = page("player").dataset;
const audio = page("audio");
const chapters = new Chapters(document.querySelectorAll(".chapters a"));
const memory = new Memory(facts.name);
const stage = new Stage(chapters);
let length = Number(facts.length);
let shownChapter = -1;
let wanted = null; // where to go once the browser knows the audio

const player = {
  play: () => audio.play().catch((error) => error.name === "AbortError" || say(words.cannot_play)),
  pause: () => audio.pause(),
  toggle: () => (audio.paused ? player.play() : player.pause()),
  skip: (seconds) => player.seek(where() + seconds),
  next: () => player.seek(chapters.after(where()) ?? length),
  previous: () => player.seek(chapters.before(where())),
  seek(seconds) {
    const target = Math.min(Math.max(0, seconds), length);
    if (audio.readyState === HTMLMediaElement.HAVE_NOTHING) wanted = target;
    else audio.currentTime = target;
    show();
  },
};

function where() {
  return wanted ?? audio.currentTime;
}

const lockScreen = onLockScreen(player, facts);

function say(text) {
  page("status").textContent = text;
}

function show() {
  const seconds = where();
  const current = chapters.at(seconds);
  if (current !== shownChapter) {
    shownChapter = current;
    chapters.mark(current);
    lockScreen.chapter(chapters.list[current].title, chapters.list);
  }
  stage.show(seconds, { length, ended: audio.ended });
}

// Drawing follows the audio's own clock, frame by frame, and only while somebody can see it.
function draw() {
  show();
  if (!audio.paused && document.visibilityState === "visible") requestAnimationFrame(draw);
}

function onPlayOrPause() {
  document.body.classList.toggle("playing", !audio.paused);
  page("play").setAttribute("aria-label", audio.paused ? words.play : words.pause);
  if (!audio.paused) page("resume").hidden = true;
  lockScreen.position(audio);
  draw();
}

function onPlaying() {
  say("");
  lockScreen.tell();
  lockScreen.position(audio);
}

function onMetadata() {
  if (Number.isFinite(audio.duration)) length = audio.duration;
  if (wanted !== null) audio.currentTime = wanted;
  wanted = null;
  lockScreen.position(audio);
  show();
}

function listen() {
  audio.addEventListener("loadedmetadata", onMetadata);
  audio.addEventListener("play", onPlayOrPause);
  audio.addEventListener("pause", onPlayOrPause);
  audio.addEventListener("playing", onPlaying);
  audio.addEventListener("seeked", () => lockScreen.position(audio));
  audio.addEventListener("ratechange", () => lockScreen.position(audio));
  audio.addEventListener("timeupdate", () => {
    show();
    if (!audio.paused) memory.note(audio.currentTime);
  });
  audio.addEventListener("pause", () => audio.ended || memory.note(audio.currentTime, { now: true }));
  audio.addEventListener("ended", () => memory.forget());
  audio.addEventListener("error", () => say(words.no_audio));
  document.addEventListener("visibilitychange", draw);
  window.addEventListener("pagehide", () => audio.currentTime > 0 && !audio.ended && memory.note(audio.currentTime, { now: true }));
}

function bindControls() {
  page("play").addEventListener("click", player.toggle);
  page("previous").addEventListener("click", player.previous);
  page("next-exercise").addEventListener("click", player.next);
  page("back").addEventListener("click", () => player.skip(-10));
  page("seek").addEventListener("input", () => player.seek(Number(page("seek").value)));
  page("speed").addEventListener("change", () => {
    audio.playbackRate = audio.defaultPlaybackRate = Number(page("speed").value);
    noteSpeed(page("speed").value);
  });
  page("restart").addEventListener("click", () => {
    memory.forget();
    page("resume").hidden = true;
    player.seek(0);
    page("play").focus();
  });
  chapters.links.forEach((link, index) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      player.seek(chapters.list[index].start_seconds);
      player.play();
    }),
  );
}

function resume() {
  const options = [...page("speed").options].map((option) => option.value);
  page("speed").value = options.includes(recallSpeed()) ? recallSpeed() : "1";
  audio.playbackRate = audio.defaultPlaybackRate = Number(page("speed").value);
  const seconds = memory.recall(length);
  if (!seconds) return;
  player.seek(seconds);
  page("resumed").textContent = fill(words.resumed, { time: clock(seconds) });
  page("resume").hidden = false;
}

async function readCues() {
  try {
    const response = await fetch(facts.sheet);
    if (!response.ok) throw new Error(String(response.status));
    stage.cues = new Cues((await response.json()).events, Object.values(words.phases));
  } catch {
    say(words.no_cues);
  }
  show();
}

audio.controls = false;
document.documentElement.classList.add("scripted");
listen();
bindControls();
bindKeys(player);
keepScreenOn(audio);
resume();
if (audio.readyState > HTMLMediaElement.HAVE_NOTHING) onMetadata();
show();
await Promise.all([readCues(), offerKeeping({ button: page("keep"), facts, audio, say })]);
