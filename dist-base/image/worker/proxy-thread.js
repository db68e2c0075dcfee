const ownUrl = require('node:url').pathToFileURL(__filename).href;
"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// worker/egress/proxy-thread.ts
var import_node_http = require("node:http");
var import_node_net5 = require("node:net");
var import_node_worker_threads = require("node:worker_threads");

// worker/egress/route-connections.ts
var import_node_dns = __toESM(require("node:dns"), 1);

// worker/egress/adopt-connection.ts
var import_node_net = require("node:net");
var reinitializeHandle = Object.getOwnPropertySymbols(import_node_net.Socket.prototype).find(
  ({ description }) => description === "kReinitializeHandle"
);
function adoptConnection(socket, granted, port2) {
  const adopter = socket;
  const handle = takeHandle(granted.socket);
  giveHandle(adopter, handle);
  const [address = ""] = granted.addresses;
  adopter._peername = { address, family: address.includes(":") ? "IPv6" : "IPv4", port: port2 };
  adopter.connecting = false;
  adopter.emit("connect");
  adopter.emit("ready");
  if (granted.rest.length > 0) deliver(adopter, granted.rest);
  if (!adopter.destroyed && adopter.readable && !adopter.isPaused()) adopter.read(0);
}
function takeHandle(from) {
  const handle = from._handle;
  from._handle = null;
  return handle;
}
function giveHandle(to, handle) {
  if (!reinitializeHandle) throw new Error("This version of Node.js cannot take over a connection.");
  Object.defineProperty(to, "_undestroy", { value: () => void 0, configurable: true });
  const give = to[reinitializeHandle];
  give?.call(to, handle);
  Reflect.deleteProperty(to, "_undestroy");
}
function deliver(to, bytes) {
  if (to.destroyed) return;
  const handle = to._handle;
  if ("encrypted" in to && handle?.receive) handle.receive(bytes);
  else to.push(bytes);
}

// worker/egress/gate-client.ts
var import_node_net2 = require("node:net");

// src/ipc/protocol/egress.ts
var maxEgressAnswerBytes = 2048;
var egressCodes = [
  "EGRESS_REFUSED",
  "EGRESS_ADDRESS_REFUSED",
  "EGRESS_LIMIT",
  "EGRESS_INVALID",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT"
];
function encodeEgressRequest(request2) {
  return request2.kind === "connect" ? `connect ${request2.host} ${request2.port}
` : `resolve ${request2.host}
`;
}
function parseEgressAnswer(line) {
  const [word, code = "", ...rest] = line.split(" ");
  if (word === "ok") return { kind: "ok", addresses: [code, ...rest] };
  const known = egressCodes.find((one) => one === code);
  return word === "no" && known ? { kind: "no", code: known, sentence: rest.join(" ") } : void 0;
}

// worker/egress/egress-error.ts
function egressError(code, sentence, { syscall, host, port: port2 }) {
  const about = syscall === "connect" ? { address: host, port: port2 } : { hostname: host };
  return Object.assign(new Error(`${code}: ${sentence}`), { code, syscall, ...about });
}

// worker/egress/gate-client.ts
var connectInside = Reflect.get(import_node_net2.Socket.prototype, "connect");
function askGate(gatePath2, request2, listener) {
  const socket = new import_node_net2.Socket();
  let received = Buffer.alloc(0);
  const fail = (error) => {
    socket.removeAllListeners().on("error", () => void 0).destroy();
    listener.onRefused(error);
  };
  socket.on("error", () => {
    fail(gateClosed(request2));
  });
  socket.on("close", () => {
    fail(gateClosed(request2));
  });
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\n");
    if (end < 0 && received.length < maxEgressAnswerBytes) return;
    const answer = end < 0 ? void 0 : parseEgressAnswer(received.toString("latin1", 0, end));
    if (answer?.kind !== "ok") {
      fail(answer ? egressError(answer.code, answer.sentence, subjectOf(request2)) : gateClosed(request2));
      return;
    }
    socket.removeAllListeners();
    listener.onGranted({ socket, addresses: answer.addresses, rest: received.subarray(end + 1) });
  });
  connectInside.call(socket, { path: gatePath2 });
  socket.write(encodeEgressRequest(request2));
  return () => {
    socket.removeAllListeners().on("error", () => void 0).destroy();
  };
}
function subjectOf(request2) {
  return request2.kind === "connect" ? { syscall: "connect", host: request2.host, port: request2.port } : { syscall: "getaddrinfo", host: request2.host };
}
function gateClosed(request2) {
  const sentence = "The server did not answer, as when a container makes more connections in a second than GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND allows; try again shortly.";
  return egressError("EGRESS_LIMIT", sentence, subjectOf(request2));
}

// worker/egress/patch-connect.ts
var import_node_net4 = __toESM(require("node:net"), 1);

// worker/egress/destination.ts
var import_node_net3 = require("node:net");
var import_node_url = require("node:url");
function outsideDestination({ host, port: port2, path }) {
  if (path !== void 0 && path !== null) return void 0;
  if (host === void 0 || host === null || isInside(host)) return void 0;
  if (port2 === void 0 || !/^\d{1,5}$/.test(String(port2))) return void 0;
  return { host: asciiHost(host), port: Number(port2) };
}
function isInside(host) {
  if (host === "" || /^(?:.+\.)?localhost\.?$/i.test(host)) return true;
  switch ((0, import_node_net3.isIP)(host)) {
    case 4:
      return host.startsWith("127.") || host === "0.0.0.0";
    case 6:
      return /^(?:::1?|::ffff:127\..*|::ffff:7f[0-9a-f]{2}:.*)$/i.test(host);
    default:
      return false;
  }
}
function asciiHost(host) {
  return (0, import_node_net3.isIP)(host) > 0 ? host : (0, import_node_url.domainToASCII)(host) || host;
}

// worker/egress/patch-connect.ts
var normalizeArguments = Reflect.get(import_node_net4.default, "_normalizeArgs");
function patchConnect(connectOutside) {
  const connectInside2 = Reflect.get(import_node_net4.Socket.prototype, "connect");
  const connect2 = function(...args) {
    const [first] = args;
    const [options, onConnect] = Array.isArray(first) ? first : normalizeArguments(args);
    const destination = this._parent ? void 0 : outsideDestination(options);
    if (!destination) return connectInside2.apply(this, args);
    if (onConnect) this.once("connect", onConnect);
    if (!this._handle || this.destroyed) {
      this._handle = null;
      this._undestroy();
    }
    this._unrefTimer();
    this.connecting = true;
    connectOutside(this, destination, options);
    return this;
  };
  Object.assign(import_node_net4.Socket.prototype, { connect: connect2 });
}

// worker/egress/route-connections.ts
function routeConnections(gatePath2) {
  patchConnect((socket, destination, options) => {
    const { lookup } = options;
    if (lookup === void 0 || lookup === import_node_dns.default.lookup) route(gatePath2, socket, destination);
    else
      lookUpFirst(socket, destination, options, (found) => {
        route(gatePath2, socket, found);
      });
  });
}
function route(gatePath2, socket, destination) {
  const giveUp = askGate(
    gatePath2,
    { kind: "connect", ...destination },
    {
      onGranted: (granted) => {
        socket.off("close", giveUp);
        adoptConnection(socket, granted, destination.port);
      },
      onRefused: (error) => {
        socket.off("close", giveUp);
        socket.destroy(error);
      }
    }
  );
  socket.once("close", giveUp);
}
function lookUpFirst(socket, { host, port: port2 }, { lookup, family, hints }, then) {
  const wanted = {
    all: true,
    ...family !== void 0 && { family },
    ...hints !== void 0 && { hints }
  };
  lookup?.(host, wanted, (error, found) => {
    if (socket.destroyed) return;
    const address = typeof found === "string" ? found : found?.[0]?.address;
    if (error ?? address === void 0)
      socket.destroy(error ?? new Error(`The lookup of ${host} found nothing.`));
    else then({ host: address, port: port2 });
  });
}

// worker/egress/proxy-thread.ts
var { gatePath, port } = import_node_worker_threads.workerData;
var ownHeaders = [
  "connection",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade"
];
routeConnections(gatePath);
var server = (0, import_node_http.createServer)(forward);
server.on("connect", (incoming, client, head) => {
  tunnel(incoming.url ?? "", client, head);
});
server.on("clientError", (_error, client) => client.destroy());
server.listen(0, "127.0.0.1", () => {
  Atomics.store(port, 0, server.address().port);
  Atomics.notify(port, 0);
});
function tunnel(authority, client, head) {
  const [, bracketed, name = "", targetPort] = /^(?:\[([^[\]]+)\]|([^:]+)):(\d{1,5})$/.exec(authority) ?? [];
  const target = (0, import_node_net5.connect)({ host: bracketed ?? name, port: Number(targetPort ?? 0), allowHalfOpen: true });
  let isOpen = false;
  client.on("error", () => target.destroy());
  target.on("error", (error) => {
    if (isOpen) client.destroy();
    else
      client.end(
        `HTTP/1.1 ${statusOf(error)}\r
Content-Type: text/plain\r
Connection: close\r
\r
${error.message}
`
      );
  });
  target.on("connect", () => {
    isOpen = true;
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) target.write(head);
    client.pipe(target).pipe(client);
  });
}
function forward(incoming, outgoing) {
  const url = URL.parse(incoming.url ?? "");
  if (url?.protocol !== "http:") {
    outgoing.writeHead(400, { "content-type": "text/plain" }).end("This is a proxy: send it a whole http URL, or CONNECT.\n");
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !ownHeaders.includes(name))
  );
  const onward = (0, import_node_http.request)(url, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else
      outgoing.writeHead(Number.parseInt(statusOf(error), 10), { "content-type": "text/plain" }).end(`${error.message}
`);
  });
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
function statusOf(error) {
  return error.code?.startsWith("EGRESS_") === true ? "403 Forbidden" : "502 Bad Gateway";
}
