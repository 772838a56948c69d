// What every page does: no stale page out of the back button, toasts that close by hand, the error summary first.

window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

function prepare(root) {
  for (const button of root.querySelectorAll("[data-toast-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("[data-toast]").remove(), { once: true });
  }
  const first = root.querySelector("[data-focus]");
  if (first && !document.body.classList.contains("gallery")) first.focus();
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// Menus made of <details> close when the person goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".bar-person[open], .more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector(".bar-person[open], .more[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Background requests of lists that refresh themselves are not a sign that somebody is there.
document.addEventListener("htmx:configRequest", (event) => {
  const trigger = event.detail.elt.getAttribute("hx-trigger") || "";
  if (/\bevery\b/.test(trigger)) event.detail.headers["X-Background"] = "1";
});
// Enter in a picker searches at once, where the words stand; without script it sends the form to Find.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-picker] [hx-post]")) return;
  event.preventDefault();
  event.target.dispatchEvent(new CustomEvent("hub:typed"));
});
// What was typed into a search before the scripts were there is searched for as well.
document.addEventListener("htmx:load", (event) => {
  for (const search of event.target.querySelectorAll("[data-picker] [hx-post]")) {
    if (search.value !== search.defaultValue) search.dispatchEvent(new CustomEvent("hub:typed"));
  }
});

document.addEventListener("hub:replaced", () => prepare(document.querySelector("main")));

// htmx notes the address of the page in the tab's storage; an address can hold a name that was searched for.
function forget() {
  window.sessionStorage.removeItem("htmx-current-path-for-history");
}
for (const name of ["load", "pagehide"]) window.addEventListener(name, forget);
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(name, forget);

prepare(document);
