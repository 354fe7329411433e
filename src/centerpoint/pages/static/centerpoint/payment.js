// Receiving a payment: choosing a company goes on by itself; what is applied and left over is shown while one types.
"use strict";
document.querySelector("[data-who-pays]")?.addEventListener("picked", (event) => {
  event.currentTarget.requestSubmit();
});
(() => {
  const form = document.querySelector("form[data-payment]");
  if (!form) return;
  // Cents as whole numbers; what is no amount counts as nothing until it is one.
  const cents = (text) => {
    const match = /^(-?)(\d*)(?:\.(\d{0,2}))?$/.exec(text.trim().replace(/[$,\s]/g, "").replace("−", "-"));
    if (!match) return 0;
    const size = Number(match[2] || 0) * 100 + Number((match[3] || "").padEnd(2, "0"));
    return match[1] ? -size : size;
  };
  const typed = (amount) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
  const dollars = (amount) => `${amount < 0 ? "−" : ""}$${typed(Math.abs(amount)).replace(/\B(?=(\d{3})+\.)/g, ",")}`;

  const received = form.querySelector("[name=amount]");
  const rows = [...form.querySelectorAll("[data-open]")].map((row) => ({
    open: cents(row.dataset.open),
    amount: row.querySelector("[name$='-amount']"),
    discount: row.querySelector("[name$='-discount']"),
  }));
  const show = () => {
    const applied = rows.reduce((sum, row) => sum + cents(row.amount.value), 0);
    const rest = cents(received.value) - applied;
    form.querySelector("[data-applied]").textContent = dollars(applied);
    const place = form.querySelector("[data-unapplied]");
    place.textContent = rest < 0 ? `${dollars(-rest)} too much` : dollars(rest);
    place.classList.toggle("text-danger", rest < 0);
  };
  form.querySelector("[data-fill]")?.addEventListener("click", (event) => {
    event.preventDefault();
    let left = cents(received.value);
    for (const row of rows) {
      const part = Math.max(0, Math.min(left, row.open - cents(row.discount.value)));
      row.amount.value = part ? typed(part) : "";
      left -= part;
    }
    received.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("input", show);
  form.querySelector("[data-needs-script]").hidden = false;
  show();
})();
