// Solves the task that a form carries (altcha, first version), in a worker, so that the form may be sent.
// Where this fails nothing is lost: whoever waits as the page says may send the form as well.
(function () {
  "use strict";
  var field = document.querySelector("input[data-task]");
  if (!field) { return; }
  var told = field.form.querySelector("[role=status]");
  var task = JSON.parse(field.getAttribute("data-task"));

  function tell(state) {
    told.textContent = told.getAttribute("data-" + state);
  }

  function solved(number) {
    field.value = btoa(JSON.stringify({
      algorithm: task.algorithm, challenge: task.challenge, number: number,
      salt: task.salt, signature: task.signature
    }));
    tell("done");
  }

  if (!window.Worker || !window.crypto || !crypto.subtle) { tell("failed"); return; }
  var worker = new Worker("/static/proof-worker.js");
  worker.onmessage = function (event) { if (event.data === null) { tell("failed"); } else { solved(event.data); } };
  worker.onerror = function () { tell("failed"); };
  tell("working");
  worker.postMessage(task);
}());
