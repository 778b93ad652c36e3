// Has a roster checked as soon as it is chosen; the button does so without this. Checking changes nothing.
(function () {
  "use strict";
  var file = document.getElementById("file");
  file.addEventListener("change", function () {
    if (file.value) { file.form.requestSubmit(); }
  });
}());
