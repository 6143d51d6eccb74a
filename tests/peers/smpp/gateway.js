// An SMPP gateway on loopback, told by lines of JSON what to do next.
//
// It writes {"event": ...} lines: listening, bound, submit, answer, closed, and told for
// each thing it was told and now does. What it is told: {"do": "status", "status": 88, "times": 2}, "deliver", "receipt", "raw", "mute",
// "close", "refuse", "garbage", "slow". Everything else is the library's own SMPP.
"use strict";
const smpp = require("smpp");
const readline = require("readline");

const sessions = new Set();
const statuses = [];
let isMute = false;
let isRefusing = false;
let count = 0;
let garbage = 0;
const slow = new Set();

const say = (event, more) => console.log(JSON.stringify({ event, ...more }));

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("error", () => {});
  session.on("close", () => {
    sessions.delete(session);
    say("closed");
  });
  session.on("bind_transceiver", (pdu) => {
    if (isMute) return;
    if (isRefusing || pdu.password !== "secret") {
      session.send(pdu.response({ command_status: smpp.ESME_RBINDFAIL }));
      return;
    }
    session.send(pdu.response({ system_id: "gateway" }));
    say("bound", { system_id: pdu.system_id });
  });
  session.on("enquire_link", (pdu) => {
    if (!isMute) session.send(pdu.response());
  });
  session.on("unbind", (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => {
    const message = pdu.short_message;
    const id = (0xab00 + ++count).toString(16);
    const elements = [].concat(message.udh || []);
    const udh = elements.map((one) => Buffer.from(one).toString("hex")).join("");
    const isSlow = slow.has(pdu.destination_addr);
    const isGarbled = !isSlow && garbage > 0;
    const status = !isSlow && !isGarbled && statuses.length ? statuses.shift() : 0;
    if (isGarbled) garbage--;
    say("submit", {
      id,
      status,
      unanswered: isSlow || isGarbled,
      to: pdu.destination_addr,
      from: pdu.source_addr,
      text: message.message.toString(),
      udh,
      coding: pdu.data_coding,
      priority: pdu.priority_flag,
      registered: pdu.registered_delivery,
    });
    if (isMute || isSlow) return;
    if (isGarbled) {
      session.socket.write(Buffer.from("\x00\x00\x00\x05nothing", "latin1"));
      return;
    }
    session.send(pdu.response({ message_id: id, command_status: status }));
  });
});

const deliver = (what) => {
  for (const session of sessions) {
    session.deliver_sm(what, (answer) => {
      say("answer", { status: answer.command_status });
    });
  }
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const told = JSON.parse(line);
  if (told.do === "status") {
    for (let i = 0; i < told.times; i++) statuses.push(told.status);
  } else if (told.do === "deliver") {
    const message = { message: told.text };
    if (told.udh) message.udh = Buffer.from(told.udh, "hex");
    deliver({
      source_addr: told.from,
      source_addr_ton: told.ton === undefined ? 1 : told.ton,
      destination_addr: "15550001",
      short_message: message,
      ...(told.more || {}),
    });
  } else if (told.do === "receipt") {
    deliver({
      esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      source_addr: told.from || "15550200",
      source_addr_ton: 1,
      destination_addr: "15550001",
      short_message:
        `id:${told.id} sub:001 dlvrd:001 submit date:2603011200 ` +
        `done date:2603011201 stat:${told.stat} err:${told.err || "000"} text:x`,
    });
  } else if (told.do === "raw") {
    for (const session of sessions) session.socket.write(Buffer.from(told.hex, "hex"));
  } else if (told.do === "mute") {
    isMute = told.on;
  } else if (told.do === "refuse") {
    isRefusing = told.on;
  } else if (told.do === "garbage") {
    garbage += told.times;
  } else if (told.do === "slow") {
    slow.add(told.to);
  } else if (told.do === "close") {
    for (const session of sessions) session.socket.destroy();
  }
  say("told");
});

server.on("error", (error) => say("error", { why: String(error) }));
server.listen(Number(process.argv[2] || 0), "127.0.0.1", () => say("listening", { port: server.address().port }));
