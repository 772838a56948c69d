// Forms that lose nothing: the draft goes to the server, a failed send waits in memory. Nothing is put in browser storage.

const SAVE_AFTER = 2000;
const RETRY_AFTER = [3000, 10_000, 30_000];

function say(form, text) {
  const place = form.querySelector("[data-autosave-state]");
  if (place) place.textContent = text;
}

function draftOf(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

async function saveDraft(form) {
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: draftOf(form),
      headers: { "X-Background": "1", Accept: "application/json" },
      redirect: "manual",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const kept = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    const token = form.querySelector('[name="draft_token"]');
    if (token && kept.draft_token) token.value = kept.draft_token;
    say(form, `Draft kept at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`);
  } catch {
    say(form, "The draft could not be kept just now. Your words are still here.");
  }
}

function watch(form) {
  let timer;
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => saveDraft(form), SAVE_AFTER);
  });
  form.addEventListener("submit", () => window.clearTimeout(timer));
}

function banner(form) {
  let place = form.querySelector("[data-send-state]");
  if (!place) {
    place = document.createElement("p");
    place.className = "send-state";
    place.dataset.sendState = "";
    place.setAttribute("role", "alert");
    form.querySelector(".actions").before(place);
  }
  return place;
}

// The answer is shown without asking for it a second time: reading a record is itself recorded.
async function arrive(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("main")) throw new Error(String(answer.status));
  if (answer.redirected) window.history.pushState(null, "", answer.url);
  document.title = page.title;
  for (const part of ["main", ".rail", ".bottom"]) {
    const old = document.querySelector(part);
    const fresh = page.querySelector(part);
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  document.querySelectorAll("main form").forEach(start);
  document.dispatchEvent(new CustomEvent("hub:replaced"));
  if (window.htmx) window.htmx.process(document.querySelector("main"));
  window.scrollTo(0, 0);
}

async function send(form, data, turn) {
  try {
    const answer = await fetch(form.getAttribute("action") || window.location.href, { method: "POST", body: data });
    if (answer.status >= 500) throw new Error(String(answer.status));
    await arrive(answer);
  } catch {
    const wait = RETRY_AFTER[Math.min(turn, RETRY_AFTER.length - 1)];
    banner(form).textContent = `Not sent yet. Your words are safe on this page; trying again in ${wait / 1000} seconds. Please leave it open.`;
    window.setTimeout(() => send(form, data, turn + 1), wait);
  }
}

function retry(form) {
  let sending = false;
  form.addEventListener("submit", (event) => {
    // A button with a name asks for something else than sending, such as Find.
    if (event.submitter && event.submitter.name) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    send(form, new FormData(form), 0);
  });
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 3000);
  });
}

const started = new WeakSet();

function start(form) {
  if (form.method !== "post" || started.has(form)) return;
  started.add(form);
  if ("autosave" in form.dataset) watch(form);
  if ("retry" in form.dataset) retry(form);
  else once(form);
}

document.querySelectorAll("form").forEach(start);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll("form").forEach(start));
