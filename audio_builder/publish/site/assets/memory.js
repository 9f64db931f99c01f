// The place where one stopped in a session, remembered on this device.

const EVERY_MS = 5000;
const NOT_WORTH_SECONDS = 10;

export class Memory {
  constructor(name) {
    this.key = `position:${name}`; // not the page's path: on a local network that has another key each time
    this.saved = 0;
  }

  // The seconds to go on from; 0 for the start. A chapter may have moved since, so never past the end.
  recall(length) {
    const seconds = Number(read(this.key));
    return seconds > NOT_WORTH_SECONDS && seconds < length - NOT_WORTH_SECONDS ? seconds : 0;
  }

  note(seconds, { now = false } = {}) {
    if (!now && Date.now() - this.saved < EVERY_MS) return;
    this.saved = Date.now();
    write(this.key, seconds.toFixed(1));
  }

  forget() {
    write(this.key, null);
  }
}

export function recallSpeed() {
  return read("speed") ?? "1";
}

export function noteSpeed(speed) {
  write("speed", speed);
}

// Storage may be switched off altogether; then nothing is remembered, and nothing else changes.
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // full or switched off
  }
}
