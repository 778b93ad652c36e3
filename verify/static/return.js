// Takes plates in as the camera reads them, one after the other, without a tap between them.
// Every scan is kept on this device until the server has answered it: a reload, a lost network or an ended
// session loses none. Reads codes by the browser's own detector, else by the library vendored beside this file.
(function () {
  "use strict";
  var LOOK_MS = 120;
  var AGAIN_MS = 3000;
  var PATIENCE_MS = 15000;
  var SIDE_PX = 800;
  var desk = document.getElementById("camera");
  if (!desk) { return; }
  var kept = "returns:" + desk.dataset.officer;
  var scans = restored();
  var part = function (name) { return desk.querySelector(name); };
  var video = part("video");
  var canvas = document.createElement("canvas");
  var detector = null;
  var stream = null;
  var sending = false;
  var retry = null;

  function restored() {
    try { return JSON.parse(sessionStorage.getItem(kept)) || []; } catch (broken) { return []; }
  }

  function keep() {
    try { sessionStorage.setItem(kept, JSON.stringify(scans)); } catch (full) { /* they stay in the page */ }
  }

  function waiting() {
    return scans.filter(function (scan) { return !scan.told; });
  }

  function trouble(zh, en) {
    var notice = part(".trouble");
    notice.hidden = !zh;
    notice.textContent = zh || "";
    if (en) {
      var english = notice.appendChild(document.createElement("span"));
      english.lang = "en";
      english.textContent = en;
    }
  }

  // ---- what is shown

  function row(scan, number) {
    var item = document.importNode(part("template.row").content, true).firstElementChild;
    var say = function (name, text) { item.querySelector(name).textContent = text || ""; };
    item.querySelector(".chip").className = "chip " + (scan.told ? scan.chip : "out");
    say(".chip", scan.told ? scan.word : "等待送出");
    say(".number", scan.number || scan.text);
    say(".post", scan.post);
    say(".said", (scan.again ? "本次已扫过，不用再扫。" : "") + (scan.zh || ""));
    say('[lang="en"]', scan.told ? scan.en : "Not sent yet; kept on this device");
    item.querySelector(".sure").hidden = scan.told !== "unasked";
    item.querySelector(".sure").onclick = function () { scan.sure = "1"; scan.told = ""; changed(); };
    item.querySelector(".photo").hidden = scan.told !== "taken";
    item.querySelector(".photo input").onchange = function () { photograph(scan, this.files[0]); };
    item.querySelector(".drop").hidden = !scan.told || scan.told === "taken";
    item.querySelector(".drop").onclick = function () { scans.splice(number, 1); changed(); };
    item.dataset.told = scan.told || "waiting";
    return item;
  }

  function changed() {
    keep();
    show();
    send();
  }

  function show() {
    var list = part(".scans");
    list.replaceChildren();
    scans.forEach(function (scan, number) { list.prepend(row(scan, number)); });
    var taken = scans.filter(function (scan) { return scan.told === "taken"; });
    var unsent = waiting().length;
    part(".tally").textContent = scans.length
      ? "本次已登记交回 " + taken.length + " 块" + (unsent ? "，" + unsent + " 块等待送出" : "") + "。"
      : "";
    var receipt = part(".receipt");
    receipt.hidden = !taken.length;
    receipt.href = "/console/recalls/receipt.pdf?plates=" + taken.slice(-200).map(function (scan) {
      return encodeURIComponent(scan.number);
    }).join(",");
  }

  // ---- what is sent, one at a time

  function send() {
    var scan = waiting()[0];
    if (sending || !scan) { return; }
    sending = true;
    clearTimeout(retry);
    var form = new URLSearchParams({ token: desk.dataset.token, plate: scan.text, sure: scan.sure || "" });
    fetch("/console/return/scanned", {
      method: "POST", body: form, credentials: "same-origin", redirect: "error",
      signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE_MS) : undefined,
    }).then(function (answer) {
      if (answer.status === 401 || answer.status === 403) { return Promise.reject(new Error("signed out")); }
      if (!answer.ok) { throw new Error("not answered"); }
      return answer.json();
    }).then(function (told) {
      ["told", "chip", "word", "number", "post", "zh", "en"].forEach(function (name) { scan[name] = told[name]; });
      sending = false;
      trouble("");
      signal(told.told);
      changed();
    }).catch(function (failure) {
      sending = false;
      show();
      if (failure.message === "signed out") { signedOut(); } else { later(); }
    });
  }

  function later() {
    trouble("网络不通，扫到的都保留在本机，恢复后自动送出。请不要关闭本页。",
      "No network. The scans are kept and sent as soon as it is back.");
    retry = setTimeout(send, AGAIN_MS);
  }

  function signedOut() {
    trouble("登录已过期。扫到的都保留在本机；请刷新本页重新登录，回到“扫码交回”即自动送出。",
      "Signed out. The scans are kept: reload, sign in and come back to this page.");
  }

  function photograph(scan, file) {
    if (!file) { return; }
    var form = new FormData();
    form.append("token", desk.dataset.token);
    form.append("photo", file);
    fetch("/console/recalls/" + encodeURIComponent(scan.number) + "/photo", {
      method: "POST", body: form, credentials: "same-origin",
    }).then(function (answer) {
      scan.zh = answer.ok ? "已登记交回，照片已保存。" : "已登记交回，但这张照片没有保存，请换一张再试。";
      scan.en = answer.ok ? "Returned; the photo is kept." : "Returned; this photo was not taken.";
      changed();
    }).catch(function () {
      scan.zh = "已登记交回，但照片没有送出，请在网络恢复后再拍。";
      scan.en = "Returned; the photo was not sent.";
      changed();
    });
  }

  function signal(told) {
    if (navigator.vibrate) { navigator.vibrate(told === "taken" ? 80 : [60, 60, 60]); }
  }

  // ---- what the camera sees

  function saw(text) {
    var known = scans.find(function (scan) { return scan.text === text; });
    if (known) { sawAgain(known); return; }
    if (!text) { return; }
    scans.push({ text: text, seen: Date.now() });
    changed();
  }

  // A plate stays before the camera for a while; only one that comes back later is told about.
  function sawAgain(scan) {
    var away = Date.now() - scan.seen;
    scan.seen = Date.now();
    if (away > AGAIN_MS && !scan.again) {
      scan.again = true;
      signal("again");
      show();
    }
  }

  function read() {
    if (detector) {
      return detector.detect(video).then(function (found) {
        return found.map(function (code) { return code.rawValue; });
      });
    }
    var scale = Math.min(1, SIDE_PX / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    var pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    var pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    var found = window.jsQR(pixels.data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
    return Promise.resolve(found ? [found.data] : []);
  }

  function look() {
    if (!stream) { return; }
    var next = function () { setTimeout(look, LOOK_MS); };
    if (!video.videoWidth) { next(); return; }
    read().then(function (texts) { texts.map(function (text) { return text.trim(); }).forEach(saw); })
      .catch(function () { detector = null; })  // a detector that fails gives way to the library
      .then(next);
  }

  function ownDetector() {
    if (!("BarcodeDetector" in window)) { return Promise.resolve(null); }
    return window.BarcodeDetector.getSupportedFormats().then(function (formats) {
      return formats.indexOf("qr_code") < 0 ? null : new window.BarcodeDetector({ formats: ["qr_code"] });
    }).catch(function () { return null; });
  }

  function shown(open) {
    part(".finder").hidden = part(".shut").hidden = !open;
    part(".open").hidden = open;
  }

  function open() {
    trouble("");
    Promise.all([
      navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } }),
      ownDetector(),
    ]).then(function (ready) {
      stream = ready[0];
      detector = ready[1];
      video.srcObject = stream;
      shown(true);
      return video.play();
    }).then(look).catch(function () {
      shut();
      trouble("打不开摄像头。请在浏览器中允许使用摄像头，或在下面输入编号。",
        "The camera cannot be used. Allow it in the browser, or type the numbers below.");
    });
  }

  function shut() {
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = null;
    shown(false);
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    desk.hidden = false;
    part(".open").onclick = open;
    part(".shut").onclick = shut;
  }
  if (scans.length) { desk.hidden = false; }
  addEventListener("online", send);
  addEventListener("beforeunload", function (leaving) {
    if (waiting().length) { leaving.preventDefault(); }
  });
  scans = scans.filter(function (scan) { return !scan.told; });
  changed();
}());
