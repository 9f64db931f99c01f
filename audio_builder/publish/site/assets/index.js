// The index page: shows the feed's whole address, and which sessions are kept on this device.

import { canKeep, keptVersions, startWorker } from "./offline.js";
import { words } from "./words.js";

const feed = document.getElementById("feed");
const copy = document.getElementById("copy");
const status = document.getElementById("status");

feed.textContent = feed.href;
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(feed.href);
      status.textContent = words.copied;
    } catch {
      status.textContent = words.not_copied;
    }
  });
}

await startWorker("./");
if (canKeep()) {
  for (const item of document.querySelectorAll(".sessions > li")) {
    const versions = await keptVersions(item.querySelector("a").href);
    item.querySelector(".kept").hidden = versions.length === 0;
  }
}
