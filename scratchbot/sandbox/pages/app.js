"use strict";

const $ = id => document.getElementById(id);
const VIEWS = ["place", "world", "requests", "weather"];
let parent = null, shown = "", view = "place", lastRequest = 0;

const node = (kind, className, text) => {
  const made = document.createElement(kind);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const ask = async (path, method, body) => {
  const options = {method: method || "GET"};
  if (body !== undefined) {
    options.headers = {"Content-Type": "application/json"};
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  return {ok: answer.ok, said: await answer.json()};
};

const clock = time => time.slice(0, 19).replace("T", " ");

// Being somebody

const answer = comment => {
  parent = comment && comment.id;
  $("writing").textContent = comment ? `Reply to ${comment.author}` : "Comment";
  $("cancel").hidden = !comment;
  if (comment) $("text").focus();
};

const button = (text, action) => {
  const made = node("button", "plain", text);
  made.onclick = action;
  return made;
};

const showComment = (comment, isReply) => {
  const box = node("div", isReply ? "comment reply" : "comment");
  box.append(node("b", "", comment.author), node("span", "soft", clock(comment.at)));
  box.append(node("div", "text", comment.text));
  const row = node("div", "row");
  row.append(
    button("reply", () => answer(comment)),
    button("delete", () => act({act: "delete", comment: comment.id})),
    button("report", () => act({act: "report", comment: comment.id})));
  box.append(row);
  return box;
};

const act = async what => {
  const {said} = await ask("/sandbox/act", "POST", {...what, who: $("who").value, place: $("place").value});
  $("said").textContent = said.message;
  await lookAtPlace();
  return !said.message;
};

const showLine = entry => {
  const line = node("li");
  line.append(node("b", "", `${entry.who} `), `${entry.what} `, node("span", "soft", entry.where));
  if (entry.text) line.append(node("div", "text", entry.text));
  return line;
};

const showMessage = message => {
  const line = node("li");
  line.append(node("b", "", `${message.actor} `), `${message.type} `, node("span", "soft", clock(message.at)));
  if (message.text) line.append(node("div", "text", message.text));
  return line;
};

const lookAtPlace = async () => {
  const place = $("place").value, who = $("who").value;
  const query = new URLSearchParams({place, who});
  const {said: state} = await ask(`/sandbox/state?${query}`);
  const now = place + who + JSON.stringify(state);
  if (now === shown) return;
  shown = now;
  $("title").textContent = state.title;
  $("facts").textContent = state.facts;
  $("about").replaceChildren(...state.about.map(([name, text]) => {
    const pair = node("div");
    pair.append(node("dt", "", name), node("dd", "text", text));
    return pair;
  }));
  for (const name of ["love", "favorite", "share", "unshare", "follow", "follow-studio"])
    $(name).hidden = !state.can.includes(name);
  $("cloud").hidden = !place.startsWith("project:");
  $("variables").textContent = state.cloud.map(([name, value]) => `${name} = ${value}`).join(", ");
  $("names").replaceChildren(...state.cloud.map(([name]) => Object.assign(node("option"), {value: name})));
  $("mail").hidden = !state.messages;
  $("messages").replaceChildren(...(state.messages || []).map(showMessage));
  $("comments").replaceChildren(...state.comments.flatMap(
    top => [showComment(top, false), ...top.replies.map(reply => showComment(reply, true))]));
  $("quiet").hidden = state.journal.length > 0;
  $("journal").replaceChildren(...state.journal.map(showLine));
};

const goTo = (place, title) => {
  if (![...$("place").options].some(option => option.value === place))
    $("place").append(new Option(title || place, place));
  $("place").value = place;
  answer(null);
  return lookAtPlace();
};

for (const name of ["love", "favorite", "share", "unshare", "follow", "follow-studio"])
  $(name).onclick = () => act({act: name});
$("cancel").onclick = () => answer(null);
$("place").onchange = $("who").onchange = () => { answer(null); lookAtPlace(); };
$("cloud").onsubmit = event => {
  event.preventDefault();
  act({act: "cloud", name: $("name").value, value: $("value").value});
};
$("write").onsubmit = async event => {
  event.preventDefault();
  if (await act({act: "comment", text: $("text").value, parent})) { $("text").value = ""; answer(null); }
};
$("go").onsubmit = async event => {
  event.preventDefault();
  const place = $("elsewhere").value.trim();
  const {ok, said} = await ask(`/sandbox/state?${new URLSearchParams({place, who: $("who").value})}`);
  $("said").textContent = ok ? "" : `There is no ${place}: ${said.message}`;
  if (ok) { $("elsewhere").value = ""; await goTo(place); }
};

// The world

const showPerson = person => {
  const row = node("tr");
  const name = node("td");
  name.append(button(person.name, () => { choose("place"); goTo(`profile:${person.name.toLowerCase()}`); }));
  row.append(name, ...[person.role, person.unread, person.followers, person.projects].map(
    value => node("td", "", value)));
  return row;
};

const lookAtWorld = async () => {
  const {said: world} = await ask("/sandbox/world");
  $("counts").replaceChildren(...Object.entries(world.counts).map(([name, number]) => {
    const pair = node("div");
    pair.append(node("dt", "", name), node("dd", "", number.toLocaleString("en")));
    return pair;
  }));
  $("people").replaceChildren(...world.people.map(showPerson));
  const more = world.counts.people - world.people.length;
  $("more-people").textContent = more > 0 ? `and ${more.toLocaleString("en")} more` : "";
};

// Requests

const showRequest = request => {
  const row = node("tr"), what = node("details"), time = new Date(request.at * 1000);
  row.dataset.text = Object.values(request).join(" ").toLowerCase();
  what.append(node("summary", "", `${request.method} ${request.host}${request.path}`));
  if (request.asked) what.append(node("pre", "", request.asked));
  what.append(node("pre", "", request.answered || "(no body)"));
  const asked = node("td");
  asked.append(what);
  row.append(
    node("td", "soft", time.toISOString().slice(11, 23)), node("td", "", request.who || "nobody"), asked,
    node("td", request.status >= 400 ? "bad" : "", request.status),
    node("td", "soft", `${request.milliseconds.toFixed(1)} ms`), node("td", "", request.weather));
  return row;
};

const filterRequests = () => {
  const wanted = $("only").value.toLowerCase();
  for (const row of $("requests").children) row.hidden = !row.dataset.text.includes(wanted);
};

const lookAtRequests = async () => {
  const {said: requests} = await ask(`/sandbox/requests?after=${lastRequest}`);
  if (!requests.length) return;
  lastRequest = requests[requests.length - 1].number;
  $("no-requests").hidden = true;
  $("requests").prepend(...requests.reverse().map(showRequest));
  while ($("requests").children.length > 500) $("requests").lastChild.remove();
  filterRequests();
};

$("only").oninput = filterRequests;

// Weather

const lookAtWeather = async () => {
  const {said: weather} = await ask("/sandbox/weather");
  const rules = weather.rules.length;
  $("in-force").textContent = rules === 0 ? "No rules: fine weather." :
    rules === 1 ? "1 rule is in force." : `${rules} rules are in force.`;
  $("calm").hidden = weather.record.length > 0;
  $("record").replaceChildren(...weather.record.slice(-100).reverse().map(row => {
    const line = node("li");
    const what = JSON.stringify(row.effects || row.fate);
    line.append(node("b", "", `${row.method} ${row.host}${row.path} `), node("span", "soft", what));
    return line;
  }));
};

$("ready").onchange = () => { $("rules").value = JSON.stringify(JSON.parse($("ready").value), null, 2); };
$("storm").onsubmit = async event => {
  event.preventDefault();
  let rules;
  try { rules = JSON.parse($("rules").value); } catch (error) {
    $("weather-said").textContent = `The rules are no valid JSON: ${error.message}`;
    return;
  }
  const {ok, said} = await ask("/sandbox/weather", "PUT", {seed: Number($("seed").value), rules});
  $("weather-said").textContent = ok ? "" : said.message;
  await lookAtWeather();
};
$("end-sessions").onclick = () => ask("/sandbox/sessions/end", "POST", {});
$("captcha").onchange = () => ask("/sandbox/captcha", "PUT", {wanted: $("captcha").checked});

// The views

const LOOKS = {place: lookAtPlace, world: lookAtWorld, requests: lookAtRequests, weather: lookAtWeather};

const choose = name => {
  view = name;
  for (const one of VIEWS) {
    $(`view-${one}`).hidden = one !== name;
    $(`tab-${one}`).setAttribute("aria-selected", one === name);
    $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
  }
  LOOKS[name]();
};

VIEWS.forEach((name, place) => {
  $(`tab-${name}`).onclick = () => choose(name);
  $(`tab-${name}`).onkeydown = event => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    const next = VIEWS[(place + step + VIEWS.length) % VIEWS.length];
    choose(next);
    $(`tab-${next}`).focus();
  };
});

(async () => {
  const {said: there} = await ask("/sandbox/places");
  for (const user of there.users) $("who").append(new Option(user));
  for (const [key, title] of there.places) $("place").append(new Option(`${title} (${key})`, key));
  if (there.users.includes("alice")) $("who").value = "alice";
  choose("place");
  const again = async () => {
    try { await LOOKS[view](); } catch { /* the sandbox is gone */ }
    setTimeout(again, 700);
  };
  again();
})();
