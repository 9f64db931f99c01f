// Whole copies of sessions, kept on this device or given up again.

const PREFIX = "session:";

export function canKeep() {
  return "serviceWorker" in navigator && "caches" in window;
}

// Says whether there is a worker now: a private window may refuse it, and everything else works without.
export async function startWorker(root) {
  if (!canKeep()) return false;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", new URL(root, location.href)), { scope: root });
    return true;
  } catch {
    return false;
  }
}

// The versions kept of the session whose page stands at an address.
export async function keptVersions(page) {
  const start = `${PREFIX}${new URL(page, location.href).pathname}@`;
  return (await caches.keys()).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

// Fetches everything whole before it counts as kept: a copy with a hole would only show once there is no network.
export async function keep(page, version, addresses) {
  const path = new URL(page, location.href).pathname;
  const name = `${PREFIX}${path}@${version}`;
  try {
    const cache = await caches.open(name);
    await cache.addAll(addresses.map((address) => new Request(address, { cache: "no-cache" })));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  const others = (await keptVersions(page)).filter((one) => one !== version);
  await Promise.all(others.map((one) => caches.delete(`${PREFIX}${path}@${one}`)));
  await navigator.storage?.persist?.();
}

export async function giveUp(page) {
  const path = new URL(page, location.href).pathname;
  await Promise.all((await keptVersions(page)).map((version) => caches.delete(`${PREFIX}${path}@${version}`)));
}
