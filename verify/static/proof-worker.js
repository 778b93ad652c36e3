// Looks for the number whose SHA-256 with the salt is the challenge, a few hundred at a time.
(function () {
  "use strict";
  var AT_ONCE = 256;
  var letters = new TextEncoder();

  function bytes(hex) {
    return hex.match(/../g).map(function (pair) { return parseInt(pair, 16); });
  }

  function same(buffer, wanted) {
    var found = new Uint8Array(buffer);
    return wanted.every(function (byte, place) { return found[place] === byte; });
  }

  function search(task, wanted, first) {
    if (first > task.maxnumber) { return null; }
    var tried = [];
    for (var number = first; number < first + AT_ONCE; number += 1) {
      tried.push(crypto.subtle.digest("SHA-256", letters.encode(task.salt + number)));
    }
    return Promise.all(tried).then(function (hashes) {
      var place = hashes.findIndex(function (hash) { return same(hash, wanted); });
      return place < 0 ? search(task, wanted, first + AT_ONCE) : first + place;
    });
  }

  self.onmessage = function (event) {
    Promise.resolve(search(event.data, bytes(event.data.challenge), 0))
      .then(function (number) { self.postMessage(number); }, function () { self.postMessage(null); });
  };
}());
