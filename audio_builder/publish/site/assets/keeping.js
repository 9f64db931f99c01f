// The "keep on this device" button: a session's facts come in, the button says and does what is possible.

import { canKeep, giveUp, keep, keptVersions, startWorker } from "./offline.js";

export async function offerKeeping({ button, facts, audio, say }) {
  if (!canKeep()) {
    button.closest("p").hidden = true; // needs https or this very machine
    return;
  }
  await startWorker(facts.root);
  const addresses = ["./", audio.src, facts.sheet, facts.cover, facts.largeCover];
  const versions = await keptVersions("./");
  let kept = versions.includes(facts.version);

  const show = () => {
    button.setAttribute("aria-pressed", String(kept));
    button.textContent = kept ? "Kept on this device" : "Keep on this device";
  };

  const fetchAll = async () => {
    button.disabled = true;
    button.textContent = "Keeping …";
    try {
      await navigator.serviceWorker.ready;
      await keep("./", facts.version, addresses);
      kept = true;
      say("Kept: this session now plays without a network.");
    } catch {
      say("This session could not be kept. Check the connection and the room on this device.");
    } finally {
      button.disabled = false;
      show();
    }
  };

  button.addEventListener("click", async () => {
    if (!kept) {
      await fetchAll();
      return;
    }
    await giveUp("./");
    kept = false;
    say("The copy on this device is gone.");
    show();
  });
  show();
  if (!kept && versions.length > 0) await fetchAll(); // a newer build of a session somebody chose to keep
}
