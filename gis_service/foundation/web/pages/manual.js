// Sends the question of a form in the manual and shows the answer below it. Nothing else leaves the page.
"use strict";

const MOST_SHOWN = 20000;

function questionOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const input of form.querySelectorAll("input")) {
    const value = input.value.trim();
    const place = input.dataset.in;
    if (place === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(value));
    else if (value && place === "query") query.set(input.name, value);
    else if (value && place === "header") headers[input.name] = encodeURIComponent(value);
  }
  const asked = query.toString();
  return { address: path.slice(1) + (asked ? `?${asked}` : ""), headers };
}

function readable(text, type) {
  if (/json/.test(type) && text.length < 1e6) text = JSON.stringify(JSON.parse(text), null, 2);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n……（共 ${text.length} 个字符）` : text;
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const { address, headers } = questionOf(form);
  const answer = form.querySelector(".answer");
  form.querySelector(".sent").textContent = `/${address}`;
  answer.hidden = false;
  answer.textContent = "……";
  try {
    const response = await fetch(address, { headers });
    const type = response.headers.get("content-type") || "";
    const on = response.headers.get("gis-on");
    const head = `${response.status} ${type}${on ? `\nGIS-On: ${on}` : ""}`;
    answer.textContent = `${head}\n\n${readable(await response.text(), type)}`;
  } catch (error) {
    answer.textContent = `没有收到答复：${error.message}`;
  }
}

for (const form of document.querySelectorAll("form")) form.addEventListener("submit", send);

// Chromium leaves the first lines it painted in boxes when the typeface arrives late; another way of rendering
// text makes it set every line anew.
document.fonts.addEventListener("loadingdone", () => document.documentElement.classList.add("lettered"));
