// The service worker answers the site's pages with kept sessions and the site's shell from the device. Byte ranges are
// cut here, because players ask for ranges and caches only hold whole files.
// SHELL = {version, files} and WORDS stand above, written when the site is published.

const SCOPE = new URL(self.registration.scope).pathname; // other sites may share this host, and so its caches
const SHELLS = `shell:${SCOPE}@`;
const SHELL_CACHE = SHELLS + SHELL.version;
const SESSION = "session:";
const PATIENCE_MS = 4000; // a network that hangs is none, where a page is kept

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL_CACHE)
      .then((cache) => cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith(SHELLS) && name !== SHELL_CACHE).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.href.startsWith(self.registration.scope) && request.method === "GET";
  if (!ours || url.searchParams.has("download")) return;
  event.respondWith(request.mode === "navigate" ? freshPage(request) : keptOrFetched(request));
});

// Pages come from the network while there is a good one, so that a mended session shows at once.
async function freshPage(request) {
  const kept = await keptResponse(request);
  try {
    const fresh = await (kept ? Promise.race([fetch(request), tooLate()]) : fetch(request));
    return fresh.ok || !kept ? fresh : kept;
  } catch {
    return kept ?? notHere();
  }
}

function tooLate() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

function notHere() {
  const page = `<!doctype html><html lang="${WORDS.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${WORDS.noNetwork}</title><link rel="stylesheet" href="${SCOPE}assets/site.css"><body class="index"><main class="masthead">
<h1>${WORDS.noNetwork}</h1><p>${WORDS.notKept}</p><p><a class="quiet" href="${SCOPE}">${WORDS.allSessions}</a></p></main></body></html>`;
  return new Response(page, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function keptOrFetched(request) {
  const kept = await keptResponse(request);
  if (!kept) return request.destination === "image" ? fetch(request).catch(emblem) : fetch(request);
  return request.headers.has("range") ? cut(kept, request.headers.get("range")) : kept;
}

// Stands in for the covers of sessions that are not kept.
function emblem() {
  return keptResponse({ url: `${self.registration.scope}assets/icon-192.png` });
}

async function keptResponse({ url }) {
  for (const name of await caches.keys()) {
    if (!mayHold(name, new URL(url).pathname)) continue;
    const cache = await caches.open(name);
    const response = await cache.match(url, { ignoreVary: true });
    if (response) return response;
  }
  return undefined;
}

function mayHold(name, path) {
  if (name === SHELL_CACHE) return true;
  return name.startsWith(SESSION + SCOPE) && path.startsWith(name.slice(SESSION.length, name.lastIndexOf("@")));
}

// Answers one byte range from a whole file (RFC 9110, section 14); anything else gets the whole file.
async function cut(whole, header) {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header.trim());
  if (!match || (match[1] === "" && match[2] === "")) return whole;
  if (match[1] !== "" && match[2] !== "" && Number(match[2]) < Number(match[1])) return whole; // no range at all
  const blob = await whole.blob();
  const [first, last] = bounds(match[1], match[2], blob.size);
  const headers = new Headers(whole.headers);
  if (first > last || first >= blob.size) {
    headers.set("Content-Range", `bytes */${blob.size}`);
    headers.set("Content-Length", "0");
    return new Response(null, { status: 416, statusText: "Range Not Satisfiable", headers });
  }
  headers.set("Content-Range", `bytes ${first}-${last}/${blob.size}`);
  headers.set("Content-Length", String(last - first + 1));
  headers.set("Accept-Ranges", "bytes");
  return new Response(blob.slice(first, last + 1), { status: 206, statusText: "Partial Content", headers });
}

function bounds(from, to, size) {
  if (from === "") return [Number(to) === 0 ? size : Math.max(0, size - Number(to)), size - 1];
  return [Number(from), to === "" ? size - 1 : Math.min(Number(to), size - 1)];
}
