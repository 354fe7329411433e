// The search in the top bar: what is found opens below it; arrows walk through it, Escape closes it.
"use strict";
(() => {
  const input = document.getElementById("search-everything");
  if (!input) return;
  const box = input.closest("[data-search]");
  const found = document.getElementById("search-found");
  const close = () => { found.hidden = true; };

  found.addEventListener("htmx:afterSwap", () => { found.hidden = !input.value.trim(); });
  document.addEventListener("focusin", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  input.addEventListener("focus", () => { if (input.value.trim() && found.childElementCount) found.hidden = false; });
  box.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    if (event.key === "Escape") {
      close();
      input.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !found.hidden && links.length) {
      event.preventDefault();
      const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? input : links[Math.min(at, links.length - 1)]).focus();
    }
  });
})();
