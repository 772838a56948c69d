// Warns a minute before the idle lock. The server keeps the clock; this only tells, and asks to stay.

const body = document.body;
const limit = Number(body.dataset.idleMinutes) * 60_000;
const WARN_BEFORE = 60_000;
const TELL_EVERY = 120_000;
const dialog = document.querySelector("[data-idle]");
let lastTold = Date.now();

async function stay() {
  lastTold = Date.now();
  if (dialog.open) dialog.close();
  try {
    await fetch(body.dataset.idleUrl, { method: "HEAD", cache: "no-store" });
  } catch {
    lastTold = Date.now() - TELL_EVERY;
  }
}

function look() {
  const left = limit - (Date.now() - lastTold);
  if (left <= 0) {
    document.documentElement.classList.add("is-hidden");
    window.location.assign(window.location.href.split("#")[0]);
  } else if (left <= WARN_BEFORE) {
    const seconds = Math.ceil(left / 1000);
    dialog.querySelector("[data-idle-left]").textContent = `${seconds} second${seconds === 1 ? "" : "s"}`;
    if (!dialog.open) dialog.showModal();
  }
}

if (dialog && limit > 0) {
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay);
  // Somebody who types or taps is there; the server is told every two minutes at most.
  for (const name of ["keydown", "pointerdown"]) {
    document.addEventListener(name, () => {
      if (!dialog.open && Date.now() - lastTold > TELL_EVERY) stay();
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!/\bevery\b/.test(event.detail.elt.getAttribute("hx-trigger") || "")) lastTold = Date.now();
  });
  window.setInterval(look, 1000);
}
