// The phone's lock screen, headset buttons and screen timeout, which follow the player.

export function onLockScreen(player, facts) {
  const session = navigator.mediaSession;
  if (!session) return { tell() {}, chapter() {}, position() {} };
  const artwork = [
    { src: facts.cover, sizes: "512x512", type: "image/jpeg" },
    { src: facts.largeCover, sizes: "1400x1400", type: "image/jpeg" },
  ];
  const actions = {
    play: () => player.play(),
    pause: () => player.pause(),
    previoustrack: () => player.previous(),
    nexttrack: () => player.next(),
    seekbackward: (details) => player.skip(-(details?.seekOffset || 10)),
    seekforward: (details) => player.skip(details?.seekOffset || 10),
    seekto: (details) => player.seek(details.seekTime),
  };
  // iOS has room for two buttons beside play, and gives them to seeking where a page can: exercises matter more here.
  if ("standalone" in navigator) actions.seekbackward = actions.seekforward = null;
  let metadata = null;
  const tell = () => {
    session.metadata = metadata;
    for (const [action, handler] of Object.entries(actions)) {
      try {
        session.setActionHandler(action, handler);
      } catch {
        // A browser that does not know an action says so by throwing; the others still work.
      }
    }
  };
  tell();
  return {
    tell, // again once it plays: WebKit begins anew then
    chapter(title, chapters) {
      const chapterInfo = chapters.map((one) => ({ title: one.title, startTime: one.start_seconds, artwork }));
      metadata = new MediaMetadata({ title, artist: facts.title, album: facts.album, artwork, chapterInfo });
      session.metadata = metadata;
    },
    position(audio) {
      session.playbackState = audio.paused ? "paused" : "playing";
      if (!Number.isFinite(audio.duration) || audio.duration <= 0) return;
      const position = Math.min(audio.currentTime, audio.duration);
      session.setPositionState?.({ duration: audio.duration, playbackRate: audio.playbackRate, position });
    },
  };
}

// Keeps the screen on while the page shows and plays; the browser lets go whenever the page is hidden.
export function keepScreenOn(audio) {
  if (!navigator.wakeLock) return;
  let lock = null;
  const update = async () => {
    if (audio.paused || document.visibilityState !== "visible") {
      await lock?.release();
      lock = null;
    } else if (!lock || lock.released) {
      try {
        lock = await navigator.wakeLock.request("screen");
        if (audio.paused) await update();
      } catch {
        lock = null; // refused, for instance when the battery is low
      }
    }
  };
  audio.addEventListener("play", update);
  audio.addEventListener("pause", update);
  audio.addEventListener("ended", update);
  document.addEventListener("visibilitychange", update);
}
