// Keeps an open scan page true: asks anew on load, on return to the page and on every change.
// Whatever fails turns the page grey; it never keeps a green that nobody has just confirmed.
(function () {
  "use strict";
  var PATIENCE_MS = 5000;
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

  function heard(answer) {
    if (answer.standing !== tone() || document.body.classList.contains("doubt")) { return turn(); }
    return undefined;
  }

  function settle() {
    if (stream === null) { return; }
    if (stream.readyState === EventSource.CLOSED) { listen(); }  // a refused stream is not tried again by itself
    if (stream.readyState === EventSource.OPEN) {
      clearInterval(polling);
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
    if (polling === null) { polling = setInterval(check, PATIENCE_MS); }
  }

  function listen() {
    if (!window.EventSource) { poll(); return; }
    stream = new EventSource(address + "/live");
    stream.addEventListener("standing", function (event) {
      Promise.resolve(JSON.parse(event.data)).then(heard).then(settle).catch(doubt);
    });
    stream.onerror = function () { check(); poll(); };
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
