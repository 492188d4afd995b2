"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const log = id("chat-log");
  const hex = (n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (b) => b.toString(16).padStart(2, "0")).join("");
  const session = hex(7);
  let newest = 0, lastBody = null, lastMessage = null, waiting = 0;

  const user = () => "U" + session + id("user").value.repeat(18);
  function add(kind, words) {
    const line = document.createElement("p");
    line.className = kind;
    line.textContent = words;
    log.append(line);
    log.scrollTop = log.scrollHeight;
  }
  async function deliver(body) {
    const signed = await fetch("/simulator/sign/line", { method: "POST", body });
    const { signature } = await signed.json();
    const answer = await fetch("/line/webhook", { method: "POST", headers: { "X-Line-Signature": signature, "Content-Type": "application/json" }, body });
    if (!answer.ok) add("note", `通知に失敗しました（${answer.status}）`);
    waiting = 20;
    poll();
  }
  function send(event) {
    const full = { mode: "active", timestamp: Date.now(), source: { type: "user", userId: user() }, webhookEventId: "01" + hex(12).toUpperCase(), deliveryContext: { isRedelivery: false }, replyToken: hex(16), ...event };
    if (event.type === "unsend" || event.type === "unfollow") delete full.replyToken;
    lastBody = JSON.stringify({ destination: "U" + "0".repeat(32), events: [full] });
    id("quick").textContent = "";
    return deliver(lastBody);
  }
  function message(part) {
    lastMessage = String(Date.now());
    return send({ type: "message", message: { id: lastMessage, quoteToken: hex(8), ...part } });
  }
  function act(action) {
    if (action.type === "uri" && action.uri.startsWith("tel:")) return add("note", `電話アプリが開きます: ${decodeURIComponent(action.uri)}`);
    if (action.type === "uri") { add("note", `開きます: ${action.uri}`); return window.open(action.uri, "_blank", "noopener"); }
    if (action.type === "message") { add("me", action.text); return message({ type: "text", text: action.text }); }
    if (action.displayText) add("me", action.displayText);
    return send({ type: "postback", postback: { data: action.data } });
  }
  const SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29 };
  function part(node) {
    const made = document.createElement(node.type === "image" ? "img" : node.type === "box" && node.action ? "button" : "div");
    if (node.type === "image") {
      Object.assign(made, { src: node.url, alt: "" });
      made.style.width = made.style.height = node.size;
    } else if (node.type === "text") {
      made.textContent = node.text;
      Object.assign(made.style, { fontSize: (SIZES[node.size] || 16) + "px", fontWeight: node.weight === "bold" ? 700 : 400, color: node.color || "", textAlign: node.align || "start" });
    } else if (node.type === "box") {
      Object.assign(made.style, { display: "flex", flexDirection: node.layout === "vertical" ? "column" : "row", gap: node.spacing === "lg" ? "12px" : "6px", background: node.backgroundColor || "", borderRadius: node.cornerRadius || "", padding: node.paddingAll || "" });
      if (made.tagName === "BUTTON") Object.assign(made.style, { border: 0, width: "100%", alignItems: "center" });
      made.append(...node.contents.map(part));
    }
    if (node.flex !== undefined) made.style.flex = node.flex === 0 ? "none" : String(node.flex);
    if (node.action) made.onclick = () => act(node.action);
    return made;
  }
  function show(sent) {
    if (sent.type === "text") add("bot", sent.text);
    else if (sent.type === "flex") {
      const several = sent.contents.type === "carousel";
      const holder = several ? document.createElement("div") : log;
      for (const one of several ? sent.contents.contents : [sent.contents]) {
        const bubble = part(one.body);
        bubble.classList.add("bubble");
        holder.append(bubble);
      }
      if (several) { holder.className = "carousel"; holder.tabIndex = 0; log.append(holder); }
      log.scrollTop = log.scrollHeight;
    } else add("bot", `［${sent.type}］`);
    id("quick").replaceChildren(...(sent.quickReply?.items || []).map((item) => {
      const button = document.createElement("button");
      button.textContent = item.action.label;
      button.onclick = () => act(item.action);
      return button;
    }));
  }
  let polling = false;
  async function poll() {
    if (polling) return;
    polling = true;
    try { await fetchNew(); } finally { polling = false; }
    if (waiting-- > 0) setTimeout(poll, 150);
  }
  async function fetchNew() {
    const answer = await fetch(`/simulator/messages?user=${user()}&after=${newest}`);
    for (const row of answer.ok ? await answer.json() : []) {
      newest = row.id;
      (row.payload.messages || []).forEach(show);
      waiting = 0;
    }
  }
  setInterval(poll, 3000);
  id("write").onsubmit = (event) => {
    event.preventDefault();
    const words = id("text").value;
    if (!words.trim()) return;
    id("text").value = "";
    add("me", words);
    message({ type: "text", text: words });
  };
  const EXTRAS = {
    sticker: ["［スタンプ］", { type: "sticker", packageId: "446", stickerId: "1988", stickerResourceType: "STATIC" }],
    image: ["［写真］", { type: "image", contentProvider: { type: "line" } }],
    video: ["［動画］", { type: "video", duration: 4000, contentProvider: { type: "line" } }],
    audio: ["［声］", { type: "audio", duration: 3000, contentProvider: { type: "line" } }],
    file: ["［ファイル］", { type: "file", fileName: "memo.pdf", fileSize: 1000 }],
    location: ["［位置］", { type: "location", latitude: 35.694, longitude: 139.7536, address: "東京都千代田区九段南1-2-1" }],
  };
  for (const button of document.querySelectorAll(".extras button")) {
    button.onclick = () => {
      if (button.dataset.send === "unsend") { add("note", "送信を取り消しました"); return send({ type: "unsend", unsend: { messageId: lastMessage } }); }
      const [words, body] = EXTRAS[button.dataset.send];
      add("me", words);
      return message(body);
    };
  }
  for (const button of document.querySelectorAll(".area")) button.onclick = () => act(JSON.parse(button.dataset.action));
  id("follow").onclick = () => { add("note", "友だちに追加しました"); send({ type: "follow", follow: { isUnblocked: false } }); };
  id("unfollow").onclick = () => { add("note", "ブロックしました"); send({ type: "unfollow" }); };
  id("again").onclick = () => { if (lastBody) { add("note", "同じ通知をもう一度届けました"); deliver(lastBody.replace('"isRedelivery":false', '"isRedelivery":true')); } };
  id("user").onchange = () => { log.textContent = ""; id("quick").textContent = ""; newest = 0; poll(); };
})();
