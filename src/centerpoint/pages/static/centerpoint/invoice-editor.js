// The lines of an invoice while they are written: sums as one types, rows added, moved and removed. The server's sums count.
"use strict";
(() => {
  const PLACES = 4;
  const UNIT = 10n ** BigInt(PLACES);

  // A typed decimal in ten-thousandths, null when it is none: no binary fraction ever touches money.
  const parsed = (text) => {
    const match = /^([-−]?)(\d*)(?:\.(\d{0,4}))?$/.exec(text.trim().replace(/[$,\s]/g, ""));
    if (!match || !(match[2] || match[3])) return null;
    const size = BigInt(match[2] || "0") * UNIT + BigInt((match[3] || "").padEnd(PLACES, "0"));
    return match[1] ? -size : size;
  };
  // Half goes away from zero, as on the server.
  const rounded = (value, by) => {
    const size = value < 0n ? -value : value;
    const result = (2n * size + by) / (2n * by);
    return value < 0n ? -result : result;
  };
  const dollars = (cents) => {
    const size = cents < 0n ? -cents : cents;
    const whole = (size / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    return `${cents < 0n ? "−" : ""}$${whole}.${(size % 100n).toString().padStart(2, "0")}`;
  };

  const form = document.querySelector("form[data-invoice]");
  if (!form) return;
  const body = form.querySelector("[data-lines]");
  const said = form.querySelector("[data-lines-said]");
  const total = form.querySelector("[name=lines-TOTAL_FORMS]");
  const rows = () => [...body.querySelectorAll("[data-line]")];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const isEmpty = (row) => !field(row, "description").value.trim() && !field(row, "unit_price").value.trim();

  const taxBoxes = [...form.querySelectorAll("[data-tax]")];
  const tickedAtFirst = taxBoxes.filter((box) => box.defaultChecked);
  // The percents an invoice was written with hold until somebody chooses other tax codes.
  const percents = () => {
    const ticked = taxBoxes.filter((box) => box.checked);
    const untouched = ticked.length === tickedAtFirst.length && ticked.every((box) => tickedAtFirst.includes(box));
    return ticked.map((box) => parsed((untouched && box.dataset.kept) || box.dataset.tax) ?? 0n);
  };

  const add_up = () => {
    let subtotal = 0n;
    let taxable = 0n;
    for (const row of rows()) {
      const quantity = parsed(field(row, "quantity").value);
      const price = parsed(field(row, "unit_price").value);
      const place = row.querySelector("[data-amount]");
      if (quantity === null || price === null) { place.textContent = ""; continue; }
      const amount = rounded(quantity * price, (UNIT * UNIT) / 100n);
      place.textContent = dollars(amount);
      subtotal += amount;
      if (field(row, "taxable").checked) taxable += amount;
    }
    const tax = percents().reduce((sum, percent) => sum + rounded(taxable * percent, 100n * UNIT), 0n);
    const show = (name, cents) => {
      const place = form.querySelector(`[data-${name}]`);
      if (place) place.textContent = dollars(cents);
    };
    show("subtotal", subtotal);
    show("tax-sum", tax);
    show("total", subtotal + tax);
    const paid = form.querySelector("[data-paid]");
    if (paid) show("balance", subtotal + tax - parsed(paid.dataset.paid) / 100n);
  };

  // A row's number is its line's position.
  const number = () => {
    rows().forEach((row, index) => {
      row.querySelectorAll("[name^=lines-]").forEach((input) => {
        input.name = input.name.replace(/^lines-\d+/, `lines-${index}`);
        input.id = `id_${input.name}`;
      });
      row.querySelectorAll("label").forEach((label) => { label.htmlFor = label.htmlFor.replace(/^id_lines-\d+/, `id_lines-${index}`); });
      row.querySelectorAll("[data-place]").forEach((place) => { place.textContent = String(index + 1); });
    });
    total.value = String(rows().length);
    add_up();
  };

  const touched = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  const blank = (row) => {
    row.querySelectorAll("input, textarea").forEach((input) => {
      if (input.type === "checkbox") input.checked = true;
      else input.value = input.name.endsWith("-quantity") ? "1" : "";
    });
    row.querySelectorAll(".text-danger").forEach((problem) => problem.remove());
    row.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
    return row;
  };

  const add = () => {
    const last = rows().at(-1);
    const row = blank(last.cloneNode(true));
    field(row, "kind").value = field(last, "kind").value;
    body.append(row);
    number();
    field(row, "description").focus();
    said.textContent = `Line ${rows().length} added.`;
  };

  const remove = (row) => {
    const all = rows();
    const place = all.indexOf(row);
    if (all.length === 1) blank(row);
    else row.remove();
    number();
    touched();
    field(rows()[Math.min(place, rows().length - 1)], "description").focus();
    said.textContent = `Line ${place + 1} removed.`;
  };

  const move = (row, by, focus) => {
    const all = rows();
    const place = all.indexOf(row) + by;
    if (place < 0 || place >= all.length) return;
    if (by < 0) all[place].before(row);
    else all[place].after(row);
    number();
    touched();
    focus.focus();
    said.textContent = `Moved to line ${place + 1}.`;
  };

  body.addEventListener("click", (event) => {
    const row = event.target.closest("[data-line]");
    const button = event.target.closest("button");
    if (!row || !button) return;
    if (button.matches("[data-line-up]")) move(row, -1, button);
    if (button.matches("[data-line-down]")) move(row, 1, button);
    if (button.matches("[data-line-remove]")) remove(row);
  });

  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-line]");
    if (!row) return;
    if (event.altKey && event.key === "ArrowUp") { event.preventDefault(); move(row, -1, event.target); }
    if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); move(row, 1, event.target); }
    if (event.ctrlKey && event.key === "Delete") { event.preventDefault(); remove(row); }
    // Enter in a row is never "send the form": it goes on to the next line.
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) {
      event.preventDefault();
      const next = rows()[rows().indexOf(row) + 1];
      if (next) field(next, "description").focus();
      else add();
    }
  });

  form.querySelector("[data-add-line]").addEventListener("click", add);
  form.addEventListener("input", add_up);
  form.addEventListener("change", add_up);

  // The empty rows are for who has no script; one is enough to begin with.
  for (const row of rows().reverse()) {
    if (rows().length > 1 && isEmpty(row) && rows().at(-1) === row) row.remove();
  }
  form.querySelectorAll("[data-add-line], [data-line-up], [data-line-down], [data-line-remove], [data-needs-script]").forEach((part) => { part.hidden = false; });
  number();
})();
