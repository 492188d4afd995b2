"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const log = id("phone-log");
  let call = null; // { sid, from, action, digits, wanted }

  const hex = (n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (b) => b.toString(16).padStart(2, "0")).join("");
  function note(kind, words) {
    const line = document.createElement("p");
    line.className = kind;
    line.textContent = words;
    log.append(line);
    log.scrollTop = log.scrollHeight;
  }
  function speak(sentences, slow) {
    if (!id("aloud").checked || !window.speechSynthesis) return;
    for (const words of sentences) {
      const said = new SpeechSynthesisUtterance(words);
      said.lang = "ja-JP";
      said.rate = slow ? 0.75 : 0.88;
      speechSynthesis.speak(said);
    }
  }
  function enable(on) {
    for (const part of document.querySelectorAll("#speak input, #speak button, #keys button, #silent")) part.disabled = !on;
    id("hang").disabled = !call;
    id("call").disabled = Boolean(call);
    if (on) id("speech").focus();
  }
  async function post(path, more) {
    const params = { CallSid: call.sid, AccountSid: "AC" + "0".repeat(32), From: call.from, To: "+81300000000", CallStatus: "in-progress", Direction: "inbound", ApiVersion: "2010-04-01", ...more };
    const signed = await fetch("/simulator/sign/voice", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ path, params }) });
    const { signature } = await signed.json();
    return fetch(path, { method: "POST", headers: { "X-Twilio-Signature": signature }, body: new URLSearchParams(params) });
  }
  async function step(path, more) {
    if (window.speechSynthesis) speechSynthesis.cancel();
    enable(false);
    const answer = await post(path, more);
    if (!answer.ok) { note("note", `通知に失敗しました（${answer.status}）`); return end(false); }
    const xml = new DOMParser().parseFromString(await answer.text(), "text/xml");
    const sentences = [...xml.querySelectorAll("Say")].map((say) => say.textContent.trim());
    for (const words of sentences) note("bot", words);
    speak(sentences, xml.querySelector("prosody")?.getAttribute("rate") === "75%");
    const gather = xml.querySelector("Gather"), dial = xml.querySelector("Dial");
    if (gather) {
      call.action = gather.getAttribute("action");
      call.wanted = gather.getAttribute("numDigits") ? Number(gather.getAttribute("numDigits")) : Infinity;
      call.digits = "";
      enable(true);
    } else if (dial) {
      call.action = dial.getAttribute("action");
      const number = dial.querySelector("Number");
      const heard = await post(number.getAttribute("url"), { ParentCallSid: call.sid });
      const whispered = new DOMParser().parseFromString(await heard.text(), "text/xml");
      note("note", `担当者（${number.textContent}）を呼び出しています。担当者に聞こえる言葉: 「${whispered.documentElement.textContent.trim()}」`);
      id("picked").hidden = id("unpicked").hidden = false;
    } else end(true);
  }
  async function end(tell) {
    if (tell && call) await post("/voice/status", { CallStatus: "completed" });
    if (call) note("note", "通話が終わりました");
    call = null;
    id("picked").hidden = id("unpicked").hidden = true;
    enable(false);
  }
  id("call").onclick = () => {
    log.textContent = "";
    call = { sid: "CA" + hex(16), from: id("from").value };
    step("/voice/incoming", { CallStatus: "ringing" });
  };
  id("hang").onclick = () => { if (window.speechSynthesis) speechSynthesis.cancel(); end(true); };
  id("speak").onsubmit = (event) => {
    event.preventDefault();
    const words = id("speech").value.trim();
    if (!words || !call) return;
    id("speech").value = "";
    note("me", words);
    step(call.action, { SpeechResult: words, Confidence: id("heard").value });
  };
  id("keys").onclick = (event) => {
    const key = event.target.dataset.key;
    if (!key || !call) return;
    if (call.wanted === Infinity && key === "#") { note("me", `［${call.digits}］`); return step(call.action, { Digits: call.digits }); }
    call.digits += key;
    if (call.digits.length >= call.wanted) { note("me", `［${call.digits}］`); step(call.action, { Digits: call.digits }); }
  };
  id("silent").onclick = () => { note("me", "…"); step(call.action, {}); };
  for (const [name, status, words] of [["picked", "completed", "担当者と話しました"], ["unpicked", "no-answer", "だれも出ませんでした"]]) {
    id(name).onclick = () => { id("picked").hidden = id("unpicked").hidden = true; note("note", words); step(call.action, { DialCallStatus: status }); };
  }
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (Recognition) {
    id("mic").hidden = false;
    id("mic").onclick = () => {
      const ear = new Recognition();
      ear.lang = "ja-JP";
      ear.onresult = (event) => { id("speech").value = event.results[0][0].transcript; id("speak").requestSubmit(); };
      ear.start();
    };
  }
})();
