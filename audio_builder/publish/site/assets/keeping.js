// The "keep on this device" button, which says and does what is possible.

import { giveUp, keep, keptVersions, startWorker } from "./offline.js";
import { words } from "./words.js";

export async function offerKeeping({ button, facts, audio, say }) {
  if (!(await startWorker(facts.root))) {
    button.closest("p").hidden = true; // needs https or this very machine
    return;
  }
  const addresses = ["./", audio.src, facts.sheet, facts.cover, facts.largeCover];
  const versions = await keptVersions("./");
  let kept = versions.includes(facts.version);

  const show = () => {
    button.setAttribute("aria-pressed", String(kept));
    button.textContent = kept ? words.kept : words.keep;
  };

  const fetchAll = async () => {
    button.disabled = true;
    button.textContent = words.keeping;
    try {
      await navigator.serviceWorker.ready;
      await keep("./", facts.version, addresses);
      kept = true;
      say(words.now_kept);
    } catch {
      say(words.not_keepable);
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
    say(words.given_up);
    show();
  });
  button.disabled = false;
  show();
  if (!kept && versions.length > 0) await fetchAll(); // a newer build of a session somebody chose to keep
}
