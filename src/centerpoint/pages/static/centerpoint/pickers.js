// A text field that offers matching records: arrows move, Enter takes, Escape closes (ARIA combobox with a listbox).
"use strict";
(() => {
  const parts = (input) => {
    const picker = input.closest("[data-picker]");
    return {
      picked: picker.querySelector("[data-picked]"),
      offers: picker.querySelector("[data-offers]"),
      said: picker.querySelector("[data-said]"),
    };
  };
  const isPicker = (element) => element.matches?.("[data-picker] [role=combobox]");
  const choices = (offers) => [...offers.querySelectorAll("[role=option][data-pk]")];
  const active = (offers) => offers.querySelector("[aria-selected=true]");

  const close = (input) => {
    const { offers } = parts(input);
    offers.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const point = (input, option) => {
    const { offers } = parts(input);
    active(offers)?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const put = (input, pk, label) => {
    parts(input).picked.value = pk;
    input.value = label;
    input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { pk, label } }));
  };

  const take = (input, option) => {
    const { pk, label, proposes, proposedPk, proposedLabel } = option.dataset;
    put(input, pk, label);
    close(input);
    const other = proposes && input.form?.querySelector(`[role=combobox][name="${proposes}_text"]`);
    // What somebody chose himself stays; what was only proposed follows the new choice.
    if (other && (!other.value || other.dataset.proposed === "true")) {
      put(other, proposedPk, proposedLabel);
      other.dataset.proposed = "true";
    }
  };

  document.addEventListener("input", (event) => {
    if (!isPicker(event.target)) return;
    parts(event.target).picked.value = "";
    delete event.target.dataset.proposed;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const input = event.detail.requestConfig?.elt;
    if (!input || !isPicker(input) || document.activeElement !== input) return;
    const { offers, said } = parts(input);
    offers.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    const found = choices(offers);
    said.textContent = found.length === 1 ? "1 match" : `${found.length} matches`;
    if (found.length && input.value) point(input, found[0]);
  });

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!isPicker(input)) return;
    const { offers } = parts(input);
    const found = choices(offers);
    const at = found.indexOf(active(offers));
    if (event.key === "Escape" && !offers.hidden) {
      event.preventDefault();
      close(input);
    } else if (event.key === "ArrowDown" && offers.hidden) {
      event.preventDefault();
      htmx.trigger(input, "offer");
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(input, found[at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length]);
    } else if (event.key === "Enter" && !offers.hidden) {
      // Enter takes the offer; it sends the form only when no list is open.
      event.preventDefault();
      if (at >= 0) take(input, found[at]);
    } else if (event.key === "Tab" && !offers.hidden && at >= 0 && input.value) {
      take(input, found[at]);
    }
  });

  // A press, not a click: the field must not lose its focus first.
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-offers] [role=option]");
    if (!option) return;
    event.preventDefault();
    const input = option.closest("[data-picker]").querySelector("[role=combobox]");
    if (option.dataset.pk) take(input, option);
  });

  document.addEventListener("focusin", (event) => {
    if (isPicker(event.target) && !event.target.value) htmx.trigger(event.target, "offer");
  });
  document.addEventListener("focusout", (event) => {
    if (isPicker(event.target)) close(event.target);
  });
})();
