// Keeps an open scan page true: asks anew on load, on return to the page and on every change.
// Whatever fails turns the page grey; it never keeps a green that nobody has just confirmed.
(function () {
  "use strict";
  var PATIENCE_MS = 5000;
  var SPREAD_MS = 3000;  // what happens to all open pages at once, each asks about at a moment of its own
  var address = location.pathname.replace(/\/feedback$/, "");
  var shown = document.body.className;
  var stream = null;
  var polling = null;
  var turns = 0;
  var seen = false;

  function tone() {
    return shown.split(" ")[0];
  }

  function fresh(accept) {
    var url = address + "?t=" + Date.now() + Math.random().toString(36).slice(2);
    return fetch(url, { cache: "no-store", credentials: "same-origin", headers: { Accept: accept } });
  }

  function doubt() {
    document.querySelector(".verdict-in").innerHTML = document.getElementById("doubt").innerHTML;
    document.body.classList.add("doubt", "wide");
    document.title = document.getElementById("verdict").textContent;
    poll();
  }

  function turn() {
    var mine = ++turns;
    return fresh("text/html").then(function (answer) { return answer.text(); }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      if (!page.getElementById("verdict")) { throw new Error("not a scan page"); }
      if (mine !== turns) { return; }  // a later question is under way, and its answer is newer
      ["header", "main"].forEach(function (part) {
        document.querySelector(part).replaceWith(document.importNode(page.querySelector(part), true));
      });
      document.body.className = shown = page.body.className;
      document.title = page.title;
    });
  }

  function sometime(work) {
    return new Promise(function (done) { setTimeout(done, Math.random() * SPREAD_MS); }).then(work);
  }

  // Says at once what the stream told, without what was shown before; the whole page follows.
  function say(answer) {
    var chinese = document.documentElement.lang.indexOf("zh") === 0;
    var word = document.createElement("h1");
    turns += 1;
    word.id = "verdict";
    word.textContent = chinese ? answer.standing_zh : answer.standing_en;
    document.querySelector(".verdict-in").replaceChildren(word);
    document.querySelector("main").replaceChildren();
    document.body.className = shown = answer.standing + (word.textContent.length > 3 ? " wide" : "");
    document.title = word.textContent;
  }

  function told(answer) {
    if (answer.standing === tone()) { return heard(answer); }
    say(answer);
    return sometime(turn);
  }

  function heard(answer) {
    document.documentElement.classList.add("heard");
    if (answer.standing !== tone() || document.body.classList.contains("doubt")) { return turn(); }
    return undefined;
  }

  function settle() {
    if (stream === null) { return; }
    if (stream.readyState === EventSource.CLOSED) { listen(); }  // a refused stream is not tried again by itself
    if (stream.readyState === EventSource.OPEN) {
      clearTimeout(polling);
      polling = null;
    }
  }

  function check() {
    var impatience = setTimeout(doubt, PATIENCE_MS);
    return fresh("application/json")
      .then(function (answer) { return answer.json(); })
      .then(heard).then(settle).catch(doubt)
      .then(function () { clearTimeout(impatience); });
  }

  function poll() {
    if (polling !== null) { return; }
    polling = setTimeout(function () { polling = null; check(); poll(); }, PATIENCE_MS * (0.75 + Math.random() / 2));
  }

  function lost() {
    if (polling !== null) { return; }  // it is asked already, again and again
    var impatience = setTimeout(doubt, PATIENCE_MS);
    poll();
    sometime(check).then(function () { clearTimeout(impatience); });
  }

  function listen() {
    if (!window.EventSource) { poll(); return; }
    stream = new EventSource(address + "/live");
    stream.addEventListener("standing", function (event) {
      Promise.resolve(JSON.parse(event.data)).then(told).then(settle).catch(doubt);
    });
    stream.onerror = lost;
  }

  // Told once for each view, and only of a page that came up revoked; a scan itself changes nothing.
  function see() {
    if (seen) { return; }
    seen = true;
    if (tone() !== "revoked") { return; }
    fetch(address + "/sighting", { method: "POST", credentials: "omit", keepalive: true }).catch(function () {});
  }

  window.addEventListener("pageshow", function () { check().then(see); });
  window.addEventListener("online", check);
  window.addEventListener("offline", doubt);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { check(); } });
  if (tone() !== "unknown") { listen(); }  // a code nobody carries has nothing to tell
}());
