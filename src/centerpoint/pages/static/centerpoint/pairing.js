// Pair Customers by keyboard: j and k move, Enter does what is most likely, focus stays where one works.
"use strict";
(() => {
  const KEYS_OFF = "pairing-keys-off";
  const FOCUS_FIRST = "pairing-focus-first";
  const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

  const open = () => [...document.querySelectorAll("[data-row]:not([data-decided])")];
  const here = () => document.activeElement?.closest("[data-row]");
  const focus = (row) => {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };

  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const at = rows.indexOf(here());
    focus(at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + step))]);
  };

  const press = (target) => {
    if (!target) return false;
    target.click();
    return true;
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    c: () => press(here()?.querySelector("[data-key=c]")),
    n: () => press(here()?.querySelector("[data-key=n]")),
    o: () => press(here()?.querySelector("[data-key=o]")),
    u: () => press(document.querySelector("[data-undo]")),
    "/": () => document.getElementById("list-search")?.focus(),
  };

  // One may switch the keys off: who speaks to his computer would press them by a word.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys]")) return;
    if (event.target.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(KEYS_OFF)) return;
    if (event.target.matches(TYPING) || document.querySelector(".htmx-request")) return;
    if (event.key === "Enter") {
      // On a button or a link Enter is theirs.
      if (event.target.closest("a, button")) return;
      if (press(here()?.querySelector("[data-main]"))) event.preventDefault();
      return;
    }
    const act = keys[event.key];
    if (!act || !document.querySelector("[data-pairing], #pairing-head")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);

  // The decided row stays and says what was done; the focus goes on to the next one, or the list is fetched anew.
  document.addEventListener("htmx:afterSettle", (event) => {
    const decided = event.detail.requestConfig?.path?.includes("/decide/") && event.detail.requestConfig.target;
    if (!decided) return;
    const row = document.getElementById(decided.id);
    if (!row?.matches("[data-decided]")) {
      focus(row);
      return;
    }
    const rows = open();
    const next = rows.find((each) => row.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) ?? rows[0];
    if (next) {
      focus(next);
    } else {
      sessionStorage.setItem(FOCUS_FIRST, "1");
      location.reload();
    }
  });

  const box = document.querySelector("[data-keys]");
  if (box) box.checked = !localStorage.getItem(KEYS_OFF);
  if (sessionStorage.getItem(FOCUS_FIRST)) {
    sessionStorage.removeItem(FOCUS_FIRST);
    focus(open()[0] ?? document.querySelector("[data-go-on]"));
  } else if (location.hash.startsWith("#company-")) {
    focus(document.getElementById(location.hash.slice(1)) ?? open()[0]);
  }
})();
