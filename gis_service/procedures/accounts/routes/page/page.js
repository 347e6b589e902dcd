// Sends the forms of these pages as JSON and shows what is answered. What is secret stays in the page.
"use strict";

const csrf = document.querySelector("meta[name=csrf]").content;
const fragment = location.hash.slice(1);

/** Send a form; the answer's JSON, or null where there is none. Throws an Error with words for people. */
async function send(method, address, body) {
  const headers = { "X-CSRF-Token": csrf };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Error("服务没有应答，请检查网络后重试");
  }
  if (answer.status === 204) return null;
  const told = await answer.json();
  if (answer.ok) return told;
  const findings = (told.findings || []).map((finding) => finding.message);
  const refused = new Error([...(findings.length ? findings : [told.detail]), told.way_out].filter(Boolean).join("。"));
  refused.needsCode = told.type === "/problems/second-factor-needed";
  throw refused;
}

function filledIn(form) {
  const body = {};
  for (const input of form.querySelectorAll("input[name]")) {
    if (input.dataset.sameAs || "notSent" in input.dataset) continue;
    if (input.value !== "" || input.required) body[input.name] = input.value;
  }
  if (form.dataset.fragment) body[form.dataset.fragment] = fragment;
  return Object.keys(body).length ? body : null;
}

function agrees(form) {
  const again = form.querySelector("[data-same-as]");
  return !again || again.value === form.elements[again.dataset.sameAs].value;
}

function show(place, told) {
  for (const each of place.querySelectorAll("[data-show]")) each.textContent = told[each.dataset.show] ?? "";
  for (const each of place.querySelectorAll("[data-source]")) each.src = told[each.dataset.source] ?? "";
  for (const list of place.querySelectorAll("[data-list]")) {
    list.replaceChildren(...(told[list.dataset.list] ?? []).map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

async function submitted(event) {
  event.preventDefault();
  const form = event.target;
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  problem.hidden = true;
  if (!agrees(form)) return refused(problem, "两遍口令不一样");
  button.disabled = true;
  try {
    const [method, address] = form.dataset.send.split(" ");
    const told = await send(method, address, filledIn(form));
    if (form.dataset.then) return location.replace(form.dataset.then);
    form.reset();
    const next = document.getElementById(form.dataset.done);
    const fold = form.closest("details");
    (fold && !fold.contains(next) ? fold : form).hidden = true;
    show(next, told);
  } catch (error) {
    refused(problem, error.message);
    if (error.needsCode) form.elements.code?.focus();
  } finally {
    button.disabled = false;
  }
}

function refused(problem, words) {
  problem.textContent = words;
  problem.hidden = false;
}

for (const form of document.querySelectorAll("form[data-send]")) form.addEventListener("submit", submitted);
for (const box of document.querySelectorAll("[data-reveal]")) {
  box.addEventListener("change", () => {
    for (const input of box.form.querySelectorAll("[autocomplete$=password]")) input.type = box.checked ? "text" : "password";
  });
}

const invited = document.querySelector("form[data-fragment]");
if (invited) {
  history.replaceState(null, "", location.pathname); // the token stays in this page, and in no history
  if (!fragment) {
    invited.hidden = true;
    document.getElementById("no-token").hidden = false;
  }
}

// Chromium leaves the first lines it painted in boxes when the typeface arrives late; another way of rendering
// text makes it set every line anew.
document.fonts.addEventListener("loadingdone", () => document.documentElement.classList.add("lettered"));
