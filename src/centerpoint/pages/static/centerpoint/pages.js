// What the pages do without the server: copying, rows that open, keeping a form's unsaved words. Everything else is HTML.
"use strict";

// Every request of htmx carries Django's token, which stands on <body>.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const said = button.querySelector("[data-said]") ?? button;
  const before = said.textContent;
  said.textContent = "Copied";
  setTimeout(() => { said.textContent = before; }, 2000);
});

// A select or checkbox that filters a list sends its form by itself.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// "Select all" of a list, and how many are chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[data-each]")];
  if (event.target.matches("input[data-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
  const chosen = boxes.filter((box) => box.checked).length;
  form.querySelectorAll("[data-chosen]").forEach((place) => { place.textContent = String(chosen); });
  form.querySelectorAll("[data-needs-choice]").forEach((button) => { button.disabled = chosen === 0; });
});

// Leaving a form with unsaved words asks first.
let touched = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-keeps]")) touched = true;
});
document.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

// "/" goes to the search, as people know it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.getElementById("search-everything");
  if (search) { event.preventDefault(); search.focus(); }
});
