// One key covers the screen: F9, or Escape twice. Nothing behind the curtain can be read or reached.

const curtain = document.querySelector("[data-curtain]");
const button = document.querySelector("[data-quick-hide]");
const TWICE_WITHIN = 600;
let lastEscape = -Infinity;
let title = "";

function hide() {
  if (curtain.open) return;
  title = document.title;
  document.title = "PolicyHub";
  document.documentElement.classList.add("is-hidden");
  curtain.showModal();
}

function show() {
  curtain.close();
  document.documentElement.classList.remove("is-hidden");
  document.title = title;
}

if (curtain) {
  if (button) {
    button.hidden = false;
    button.addEventListener("click", hide);
  }
  curtain.querySelector("[data-curtain-open]").addEventListener("click", show);
  // Escape closes a dialog by itself; here it must not show the screen again.
  curtain.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "F9") {
        event.preventDefault();
        curtain.open ? show() : hide();
      } else if (event.key === "Escape") {
        if (curtain.open) event.preventDefault();
        else if (event.timeStamp - lastEscape < TWICE_WITHIN) hide();
        lastEscape = event.timeStamp;
      }
    },
    true,
  );
}
