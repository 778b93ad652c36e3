// Keeps the page of a print job true while it runs: asks for it anew and shows what changed.
(function () {
  "use strict";
  var EVERY_MS = 2000;

  function turn() {
    fetch(location.href, { cache: "no-store", credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.getElementById("job");
        var shown = document.getElementById("job");
        if (!fresh) { location.reload(); return; }  // signed out meanwhile: the sign-in page says so
        if (!shown.contains(document.activeElement)) {  // never takes a button away from under a finger
          shown.replaceWith(document.importNode(fresh, true));
          document.title = page.title;
        }
        if (page.querySelector("progress")) { setTimeout(turn, EVERY_MS); } else { settle(fresh, page.title); }
      })
      .catch(function () { setTimeout(turn, EVERY_MS); });
  }

  // The end is shown in any case.
  function settle(fresh, title) {
    document.getElementById("job").replaceWith(document.importNode(fresh, true));
    document.title = title;
  }

  setTimeout(turn, EVERY_MS);
}());
