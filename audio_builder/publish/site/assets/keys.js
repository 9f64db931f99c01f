// The keys that the player obeys. No letters: those belong to speech input and screen readers (WCAG 2.1.4).

export function bindKeys(player) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const { target } = event;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    if (event.key === " " && target.matches("a, button, summary, input")) return;
    const action = {
      " ": () => player.toggle(),
      ArrowLeft: () => (event.shiftKey ? player.previous() : player.skip(-10)),
      ArrowRight: () => (event.shiftKey ? player.next() : player.skip(10)),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
