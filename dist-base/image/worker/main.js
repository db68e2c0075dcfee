const ownUrl = require('node:url').pathToFileURL(__filename).href;
"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
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

// src/ipc/protocol/egress.ts
function encodeEgressRequest(request) {
  return request.kind === "connect" ? `connect ${request.host} ${request.port}
` : `resolve ${request.host}
`;
}
function parseEgressAnswer(line) {
  const [word, code = "", ...rest] = line.split(" ");
  if (word === "ok") return { kind: "ok", addresses: [code, ...rest] };
  const known = egressCodes.find((one) => one === code);
  return word === "no" && known ? { kind: "no", code: known, sentence: rest.join(" ") } : void 0;
}
var egressSocketFile, maxEgressAnswerBytes, egressCodes;
var init_egress = __esm({
  "src/ipc/protocol/egress.ts"() {
    "use strict";
    egressSocketFile = "egress";
    maxEgressAnswerBytes = 2048;
    egressCodes = [
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
  }
});

// worker/egress/destination.ts
function outsideDestination({ host, port, path }) {
  if (path !== void 0 && path !== null) return void 0;
  if (host === void 0 || host === null || isInside(host)) return void 0;
  if (port === void 0 || !/^\d{1,5}$/.test(String(port))) return void 0;
  return { host: asciiHost(host), port: Number(port) };
}
function isInside(host) {
  if (host === "" || /^(?:.+\.)?localhost\.?$/i.test(host)) return true;
  switch ((0, import_node_net2.isIP)(host)) {
    case 4:
      return host.startsWith("127.") || host === "0.0.0.0";
    case 6:
      return /^(?:::1?|::ffff:127\..*|::ffff:7f[0-9a-f]{2}:.*)$/i.test(host);
    default:
      return false;
  }
}
function asciiHost(host) {
  return (0, import_node_net2.isIP)(host) > 0 ? host : (0, import_node_url.domainToASCII)(host) || host;
}
var import_node_net2, import_node_url;
var init_destination = __esm({
  "worker/egress/destination.ts"() {
    "use strict";
    import_node_net2 = require("node:net");
    import_node_url = require("node:url");
  }
});

// worker/egress/egress-error.ts
function egressError(code, sentence, { syscall, host, port }) {
  const about = syscall === "connect" ? { address: host, port } : { hostname: host };
  return Object.assign(new Error(`${code}: ${sentence}`), { code, syscall, ...about });
}
function nowhereError(subject) {
  const { host, port } = subject;
  const destination = port === void 0 ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const sentence = `The function may not connect to ${destination}: its setting egress is empty. Add "${destination}" to it to allow it.`;
  return egressError("EGRESS_REFUSED", sentence, subject);
}
var init_egress_error = __esm({
  "worker/egress/egress-error.ts"() {
    "use strict";
  }
});

// worker/egress/patch-connect.ts
function patchConnect(connectOutside) {
  const connectInside2 = Reflect.get(import_node_net3.Socket.prototype, "connect");
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
  Object.assign(import_node_net3.Socket.prototype, { connect: connect2 });
}
var import_node_net3, normalizeArguments;
var init_patch_connect = __esm({
  "worker/egress/patch-connect.ts"() {
    "use strict";
    import_node_net3 = __toESM(require("node:net"), 1);
    init_destination();
    normalizeArguments = Reflect.get(import_node_net3.default, "_normalizeArgs");
  }
});

// worker/egress/gate-client.ts
function askGate(gatePath, request, listener) {
  const socket = new import_node_net4.Socket();
  let received = Buffer.alloc(0);
  const fail = (error) => {
    socket.removeAllListeners().on("error", () => void 0).destroy();
    listener.onRefused(error);
  };
  socket.on("error", () => {
    fail(gateClosed(request));
  });
  socket.on("close", () => {
    fail(gateClosed(request));
  });
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\n");
    if (end < 0 && received.length < maxEgressAnswerBytes) return;
    const answer2 = end < 0 ? void 0 : parseEgressAnswer(received.toString("latin1", 0, end));
    if (answer2?.kind !== "ok") {
      fail(answer2 ? egressError(answer2.code, answer2.sentence, subjectOf(request)) : gateClosed(request));
      return;
    }
    socket.removeAllListeners();
    listener.onGranted({ socket, addresses: answer2.addresses, rest: received.subarray(end + 1) });
  });
  connectInside.call(socket, { path: gatePath });
  socket.write(encodeEgressRequest(request));
  return () => {
    socket.removeAllListeners().on("error", () => void 0).destroy();
  };
}
function subjectOf(request) {
  return request.kind === "connect" ? { syscall: "connect", host: request.host, port: request.port } : { syscall: "getaddrinfo", host: request.host };
}
function gateClosed(request) {
  const sentence = "The server did not answer, as when a container makes more connections in a second than GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND allows; try again shortly.";
  return egressError("EGRESS_LIMIT", sentence, subjectOf(request));
}
var import_node_net4, connectInside;
var init_gate_client = __esm({
  "worker/egress/gate-client.ts"() {
    "use strict";
    import_node_net4 = require("node:net");
    init_egress();
    init_egress_error();
    connectInside = Reflect.get(import_node_net4.Socket.prototype, "connect");
  }
});

// worker/egress/route-lookups.ts
function addressesFromGate(gatePath) {
  return (host, found) => {
    askGate(
      gatePath,
      { kind: "resolve", host: asciiHost(host) },
      {
        onGranted: ({ socket, addresses }) => {
          socket.destroy();
          found(null, addresses);
        },
        onRefused: found
      }
    );
  };
}
function patchLookup(find) {
  const lookUpInside = import_node_dns.default.lookup;
  const lookup = (host, ...rest) => {
    const callback = rest.at(-1);
    if (typeof host !== "string" || (0, import_node_net5.isIP)(host) > 0 || isInside(host) || typeof callback !== "function") {
      lookUpInside(host, ...rest);
      return;
    }
    const options = rest.length > 1 ? optionsOf(rest[0]) : {};
    find(host, (error, addresses = []) => {
      answer(host, { error, addresses, options }, callback);
    });
  };
  const lookupPromise = (host, options) => new Promise((resolve, reject) => {
    lookup(
      host,
      options ?? {},
      (error, found, family) => {
        if (error) reject(error);
        else resolve(Array.isArray(found) ? found : { address: found, family });
      }
    );
  });
  const own = Object.assign(lookup, { [import_node_util.promisify.custom]: lookupPromise });
  Object.assign(import_node_dns.default, { lookup: own });
  Object.assign(import_node_dns.default.promises, { lookup: lookupPromise });
}
function optionsOf(options) {
  if (typeof options === "number") return { family: options };
  return options ?? {};
}
function answer(host, { error, addresses, options }, callback) {
  const wanted = Number(String(options.family ?? 0).replace("IPv", ""));
  const found = addresses.map((address) => ({ address, family: (0, import_node_net5.isIP)(address) })).filter(({ family }) => wanted === 0 || family === wanted);
  const [first] = found;
  if (error) callback(error);
  else if (!first)
    callback(
      egressError("ENOTFOUND", `There is no address of this kind for ${host}.`, {
        syscall: "getaddrinfo",
        host
      })
    );
  else if (options.all === true) callback(null, found);
  else callback(null, first.address, first.family);
}
var import_node_dns, import_node_net5, import_node_util;
var init_route_lookups = __esm({
  "worker/egress/route-lookups.ts"() {
    "use strict";
    import_node_dns = __toESM(require("node:dns"), 1);
    import_node_net5 = require("node:net");
    import_node_util = require("node:util");
    init_destination();
    init_egress_error();
    init_gate_client();
  }
});

// worker/egress/proxy-children.ts
function proxyChildren(gatePath) {
  let known;
  const variables = () => known ??= proxyVariables(startProxy(gatePath));
  patchSpawn(variables);
  patchSpawnSync(variables);
}
function patchSpawn(variables) {
  const prototype = import_node_child_process.default.ChildProcess.prototype;
  const { spawn } = prototype;
  prototype.spawn = function spawnWithProxy(options) {
    const pairs = options.envPairs ?? [];
    const set = new Set(pairs.map((pair) => pair.slice(0, pair.indexOf("="))));
    const added = Object.entries(variables()).filter(([name]) => !set.has(name));
    options.envPairs = [...pairs, ...added.map(([name, value]) => `${name}=${value}`)];
    return spawn.call(this, options);
  };
}
function patchSpawnSync(variables) {
  const functions = import_node_child_process.default;
  for (const name of ["spawnSync", "execFileSync", "execSync"]) {
    const spawn = functions[name];
    if (!spawn) continue;
    functions[name] = (...args) => {
      const last = args.at(-1);
      const isOptions = typeof last === "object" && last !== null && !Array.isArray(last);
      const options = isOptions ? last : {};
      const env = { ...variables(), ...options.env ?? process.env };
      const before = isOptions || last === void 0 ? args.slice(0, -1) : args;
      return spawn(...before, { ...options, env });
    };
  }
}
function proxyVariables(port) {
  if (port === void 0) return {};
  const proxy = `http://127.0.0.1:${port}`;
  const none = "localhost,127.0.0.1,::1";
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    ...{ NO_PROXY: none, no_proxy: none },
    // Node's own `fetch` and `http` ask for it by name.
    NODE_USE_ENV_PROXY: "1"
  };
}
function startProxy(gatePath) {
  const port = new Int32Array(new SharedArrayBuffer(4));
  const thread = new import_node_worker_threads.Worker(new URL("./proxy-thread.js", ownUrl), {
    workerData: { gatePath, port },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }
  });
  thread.on("error", () => void 0).unref();
  return Atomics.wait(port, 0, 0, startTimeoutMs) === "timed-out" ? void 0 : Atomics.load(port, 0);
}
var import_node_child_process, import_node_worker_threads, startTimeoutMs;
var init_proxy_children = __esm({
  "worker/egress/proxy-children.ts"() {
    "use strict";
    import_node_child_process = __toESM(require("node:child_process"), 1);
    import_node_worker_threads = require("node:worker_threads");
    startTimeoutMs = 5e3;
  }
});

// worker/egress/adopt-connection.ts
function adoptConnection(socket, granted, port) {
  const adopter = socket;
  const handle = takeHandle(granted.socket);
  giveHandle(adopter, handle);
  const [address = ""] = granted.addresses;
  adopter._peername = { address, family: address.includes(":") ? "IPv6" : "IPv4", port };
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
var import_node_net6, reinitializeHandle;
var init_adopt_connection = __esm({
  "worker/egress/adopt-connection.ts"() {
    "use strict";
    import_node_net6 = require("node:net");
    reinitializeHandle = Object.getOwnPropertySymbols(import_node_net6.Socket.prototype).find(
      ({ description }) => description === "kReinitializeHandle"
    );
  }
});

// worker/egress/route-connections.ts
function routeConnections(gatePath) {
  patchConnect((socket, destination, options) => {
    const { lookup } = options;
    if (lookup === void 0 || lookup === import_node_dns2.default.lookup) route(gatePath, socket, destination);
    else
      lookUpFirst(socket, destination, options, (found) => {
        route(gatePath, socket, found);
      });
  });
}
function route(gatePath, socket, destination) {
  const giveUp = askGate(
    gatePath,
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
function lookUpFirst(socket, { host, port }, { lookup, family, hints }, then) {
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
    else then({ host: address, port });
  });
}
var import_node_dns2;
var init_route_connections = __esm({
  "worker/egress/route-connections.ts"() {
    "use strict";
    import_node_dns2 = __toESM(require("node:dns"), 1);
    init_adopt_connection();
    init_gate_client();
    init_patch_connect();
  }
});

// worker/egress/open-way-out.ts
var open_way_out_exports = {};
__export(open_way_out_exports, {
  openWayOut: () => openWayOut
});
function openWayOut(gatePath) {
  routeConnections(gatePath);
  patchLookup(addressesFromGate(gatePath));
  proxyChildren(gatePath);
}
var init_open_way_out = __esm({
  "worker/egress/open-way-out.ts"() {
    "use strict";
    init_proxy_children();
    init_route_connections();
    init_route_lookups();
  }
});

// src/ipc/protocol/messages.ts
var protocolVersion = 2;
var socketPathInContainer = "/glambdar/socket";
var codePathInContainer = "/glambdar/code";
var logJson = {
  stdout: '{"type":"log","stream":"stdout"}',
  stderr: '{"type":"log","stream":"stderr"}'
};
var chunkJson = '{"type":"chunk"}';
var readyJson = '{"type":"ready"}';

// worker/main.ts
var import_node_path2 = require("node:path");
init_egress();

// worker/host-connection.ts
var import_node_net = require("node:net");

// src/ipc/protocol/limits.ts
var frameHeaderBytes = 8;
var maxWorkerJsonBytes = 128 * 1024;
var maxHostJsonBytes = 4 * 1024 * 1024;
var maxHostBodyBytes = 256 * 1024 * 1024;
var maxLogBytes = 64 * 1024;
var maxChunkBytes = 64 * 1024;
var streamWindowChunks = 8;
var maxErrorTypeLength = 256;
var maxErrorMessageLength = 1024;
var maxStackLength = 8 * 1024;

// src/ipc/protocol/protocol-violation.ts
var ProtocolViolation = class extends Error {
  name = "ProtocolViolation";
  reason;
  constructor(reason, message2) {
    super(message2);
    this.reason = reason;
  }
};

// src/ipc/protocol/frame-decoder.ts
var nothing = Buffer.alloc(0);
var FrameDecoder = class {
  limits;
  chunk = nothing;
  offset = 0;
  header = Buffer.alloc(frameHeaderBytes);
  headerFilled = 0;
  jsonBytes = 0;
  frameBytes = 0;
  payload;
  payloadFilled = 0;
  constructor(limits) {
    this.limits = limits;
  }
  /** A frame has begun and is not complete. */
  get isInsideFrame() {
    return this.headerFilled > 0;
  }
  /** Takes the next bytes. Call `next` until it has no more before the next `push`. */
  push(chunk) {
    this.chunk = chunk;
    this.offset = 0;
  }
  /** The next complete frame; undefined when more bytes are needed. Throws `ProtocolViolation` on a length too long. */
  next() {
    if (this.headerFilled < frameHeaderBytes && !this.readHeader()) return void 0;
    const payload = this.readPayload();
    if (!payload) return void 0;
    const { jsonBytes } = this;
    this.headerFilled = 0;
    const body = jsonBytes === payload.length ? nothing : payload.subarray(jsonBytes);
    return { json: payload.subarray(0, jsonBytes), body };
  }
  readHeader() {
    const taken = Math.min(frameHeaderBytes - this.headerFilled, this.chunk.length - this.offset);
    this.chunk.copy(this.header, this.headerFilled, this.offset, this.offset + taken);
    this.offset += taken;
    this.headerFilled += taken;
    if (this.headerFilled < frameHeaderBytes) return false;
    const jsonBytes = this.header.readUInt32BE(0);
    const bodyBytes = this.header.readUInt32BE(4);
    const { maxJsonBytes, maxBodyBytes } = this.limits;
    if (jsonBytes === 0) throw new ProtocolViolation("invalid-json", "A frame has no JSON.");
    if (jsonBytes > maxJsonBytes) {
      throw new ProtocolViolation(
        "json-too-long",
        `A frame's JSON may have ${maxJsonBytes} bytes, not ${jsonBytes}.`
      );
    }
    if (bodyBytes > maxBodyBytes) {
      throw new ProtocolViolation(
        "body-too-long",
        `A frame's body may have ${maxBodyBytes} bytes, not ${bodyBytes}.`
      );
    }
    this.jsonBytes = jsonBytes;
    this.frameBytes = jsonBytes + bodyBytes;
    return true;
  }
  readPayload() {
    const { frameBytes, chunk, offset } = this;
    const available = chunk.length - offset;
    if (!this.payload) {
      if (available >= frameBytes) {
        this.offset += frameBytes;
        return chunk.subarray(offset, offset + frameBytes);
      }
      this.payload = Buffer.allocUnsafeSlow(frameBytes);
      this.payloadFilled = 0;
    }
    const taken = Math.min(frameBytes - this.payloadFilled, available);
    chunk.copy(this.payload, this.payloadFilled, offset, offset + taken);
    this.offset += taken;
    this.payloadFilled += taken;
    if (this.payloadFilled < frameBytes) return void 0;
    const complete = this.payload;
    this.payload = void 0;
    return complete;
  }
};

// src/ipc/protocol/encode-frame.ts
var joinedBodyBytes = 16 * 1024;
function encodeFrame(json, body) {
  const jsonBytes = Buffer.byteLength(json);
  const bodyBytes = body?.length ?? 0;
  const joined = bodyBytes <= joinedBodyBytes;
  const head = Buffer.allocUnsafe(frameHeaderBytes + jsonBytes + (joined ? bodyBytes : 0));
  head.writeUInt32BE(jsonBytes, 0);
  head.writeUInt32BE(bodyBytes, 4);
  head.write(json, frameHeaderBytes);
  if (!body || bodyBytes === 0) return [head];
  if (!joined) return [head, body];
  head.set(body, frameHeaderBytes + jsonBytes);
  return [head];
}

// worker/primordials.ts
var import_node_fs = require("node:fs");
var writeToDescriptor = import_node_fs.writeSync;
var stringify = JSON.stringify.bind(JSON);
var parseJson = JSON.parse.bind(JSON);
var bytesFrom = Buffer.from.bind(Buffer);
var tag = Reflect.get(Object.prototype, "toString");
var tagOf = (value) => tag.call(value);
var source = Reflect.get(Function.prototype, "toString");
var sourceOf = (written) => source.call(written);
var exitProcess = process.exit.bind(process);
var { hrtime } = process;
var monotonicMs = () => {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
};
var nextTurn = setImmediate;
var { wait } = Atomics;
var sleepSync = (array, timeoutMs) => wait(array, 0, 0, timeoutMs);

// worker/frame-writer.ts
var hostGoneAfterMs = 3e4;
var shortestWaitMs = 0.05;
var longestWaitMs = 5;
var timer = new Int32Array(new SharedArrayBuffer(4));
var FrameWriter = class {
  descriptor;
  constructor(descriptor) {
    this.descriptor = descriptor;
  }
  send(message2, body) {
    this.sendJson(stringify(message2), body);
  }
  sendJson(json, body) {
    for (const part of encodeFrame(json, body)) this.writeAll(part);
  }
  log(stream, bytes) {
    for (let start = 0; start < bytes.length; start += maxLogBytes) {
      this.sendJson(logJson[stream], bytes.subarray(start, start + maxLogBytes));
    }
  }
  writeAll(bytes) {
    let written = this.tryWrite(bytes, 0);
    let waitMs = shortestWaitMs;
    let blockedSinceMs;
    while (written < bytes.length) {
      const count = this.tryWrite(bytes, written);
      written += count;
      if (count > 0) {
        waitMs = shortestWaitMs;
        blockedSinceMs = void 0;
        continue;
      }
      blockedSinceMs ??= monotonicMs();
      if (monotonicMs() - blockedSinceMs > hostGoneAfterMs) exitProcess(1);
      sleepSync(timer, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }
  /** Bytes taken; 0 while the socket's buffer is full. */
  tryWrite(bytes, from) {
    try {
      return writeToDescriptor(this.descriptor, bytes, from);
    } catch (error) {
      if (error.code === "EAGAIN") return 0;
      return exitProcess(0);
    }
  }
};

// worker/host-connection.ts
function connectToHost(socketPath2, onConnected) {
  const socket = (0, import_node_net.connect)(socketPath2);
  const stop = () => {
    exitProcess(0);
  };
  socket.on("error", stop);
  socket.on("end", stop);
  socket.on("close", stop);
  socket.on("connect", () => {
    const onMessage = onConnected(new FrameWriter(descriptorOf(socket)), socket);
    const decoder = new FrameDecoder({ maxJsonBytes: maxHostJsonBytes, maxBodyBytes: maxHostBodyBytes });
    socket.on("data", (chunk) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        onMessage(JSON.parse(frame.json.toString("utf8")), frame.body);
      }
    });
  });
}
function descriptorOf(socket) {
  return socket._handle.fd;
}

// worker/lambda-streaming.ts
var import_node_stream = require("node:stream");
var ResponseBody = class extends import_node_stream.PassThrough {
  hasBegun = false;
  head = {};
  begin;
  constructor(begin) {
    super();
    this.begin = begin;
    this.on("error", () => void 0);
    this.once("readable", () => {
      this.sendHead();
    });
  }
  setContentType(type) {
    this.head = { ...this.head, headers: { ...this.head.headers, "content-type": type } };
  }
  sendHead(head = this.head) {
    this.hasBegun = true;
    const { statusCode = 200, headers = {}, cookies = [] } = head;
    this.begin({ statusCode, headers, cookies, body: this });
  }
};
var awslambda = {
  streamifyResponse(handler) {
    return async (event, context) => {
      const begun = Promise.withResolvers();
      const body = new ResponseBody(begun.resolve);
      const written = write(body, () => handler(event, body, context));
      return Promise.race([begun.promise, written.then(() => begun.promise)]);
    };
  },
  HttpResponseStream: {
    from(stream, head) {
      stream.sendHead(head);
      return stream;
    }
  }
};
async function write(body, handle) {
  try {
    await handle();
  } catch (error) {
    if (!body.hasBegun) throw error;
    body.destroy(error);
    return;
  }
  if (!body.hasBegun) body.end();
  body.sendHead();
}

// worker/print-capture.ts
function capturePrints(writer) {
  capture(writer, process.stdout, "stdout");
  capture(writer, process.stderr, "stderr");
}
function capture(writer, stream, name) {
  stream.write = (chunk, encoding, callback) => {
    const textEncoding = typeof encoding === "string" ? encoding : "utf8";
    writer.log(name, typeof chunk === "string" ? bytesFrom(chunk, textEncoding) : chunk);
    const written = typeof encoding === "function" ? encoding : callback;
    if (written) process.nextTick(written);
    return true;
  };
}

// worker/call-handler.ts
var import_node_events = require("node:events");

// worker/event-loop.ts
function whenEmpty(connection2, onEmpty) {
  const end = () => {
    process.off("beforeExit", onBeforeExit);
    connection2.ref();
  };
  const onBeforeExit = () => {
    end();
    onEmpty();
  };
  process.on("beforeExit", onBeforeExit);
  connection2.unref();
  return end;
}

// worker/bytes.ts
function isBytes(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}
function viewOf(bytes) {
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// worker/pieces.ts
function piecesIn(body) {
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) return void 0;
  return typeof body[Symbol.asyncIterator] === "function" ? body : void 0;
}
function bytesOf(piece) {
  if (typeof piece === "string") return bytesFrom(piece, "utf8");
  if (typeof piece === "object" && piece !== null && isBytes(piece)) return viewOf(piece);
  const given = piece === null ? "null" : `a value of type ${typeof piece}`;
  throw new TypeError(`A streamed body is made of strings and bytes, not ${given}.`);
}
function discard(pieces) {
  const { destroy, cancel } = pieces;
  void Promise.resolve().then(() => {
    if (typeof destroy === "function") return destroy.call(pieces);
    if (typeof cancel === "function") return cancel.call(pieces);
    return pieces[Symbol.asyncIterator]().return?.();
  }).catch(() => void 0);
}

// worker/thenable.ts
function isThenable(value) {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

// worker/third-argument.ts
var position = 3;
function declaresThirdArgument({ length }) {
  return length >= position;
}
function mayReachThirdArgument(written) {
  const source2 = sourceOf(written);
  return source2.endsWith("{ [native code] }") || source2.includes("arguments") || hasOpenParameters(source2);
}
var tokens = /\/\*.*?\*\/|\/\/[^\n]*|(['"`])(?:\\.|(?!\1).)*\1|\.\.\.|=>|[()[\]{}=]/gs;
function hasOpenParameters(source2) {
  let depth = 0;
  for (const [token2] of source2.matchAll(tokens)) {
    if ("([{".includes(token2)) depth += 1;
    else if (")]}".includes(token2)) depth -= 1;
    else if (depth === 1 && (token2 === "..." || token2 === "=")) return true;
    if (depth === 0 && (token2 === ")" || token2 === "=>")) return false;
  }
  return false;
}

// worker/call-handler.ts
function callHandler(handler, event, context, connection2) {
  const { promise, resolve, reject } = Promise.withResolvers();
  try {
    const returned = handler(event, context, (error, result) => {
      if (error === null || error === void 0) resolve(result);
      else reject(error);
    });
    if (isThenable(returned) || !mayCallBack(handler, returned)) {
      resolve(returned);
    } else {
      const stopWaiting = whenEmpty(connection2, () => {
        resolve(returned);
      });
      promise.then(stopWaiting, stopWaiting);
    }
  } catch (error) {
    reject(error);
  }
  return promise;
}
function mayCallBack(handler, returned) {
  return declaresThirdArgument(handler) || isNoAnswer(returned) && mayReachThirdArgument(handler);
}
function isNoAnswer(returned) {
  if (returned === void 0) return true;
  if (typeof returned !== "object" || returned === null || piecesIn(returned) !== void 0) return false;
  return returned instanceof import_node_events.EventEmitter || "hasRef" in returned;
}

// worker/context.ts
var arnPrefix = "arn:aws:lambda:us-east-1:000000000000:function";
function createContext(identity, message2) {
  const { functionName, functionVersion, memoryLimitMiB } = identity;
  const deadlineMs = monotonicMs() + message2.remainingMs;
  return {
    awsRequestId: message2.invocationId,
    functionName,
    functionVersion,
    invokedFunctionArn: `${arnPrefix}:${functionName}`,
    memoryLimitInMB: String(memoryLimitMiB),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${functionVersion}/${message2.invocationId}`,
    traceId: String(message2.headers["traceparent"]).split("-")[1] ?? "",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - monotonicMs()))
  };
}

// worker/event.ts
var import_node_buffer = require("node:buffer");
var months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function createEvent(functionName, message2, body) {
  const { headers, rawPath, rawQueryString } = message2;
  const isText = (0, import_node_buffer.isUtf8)(body);
  const text = body.toString(isText ? "utf8" : "base64");
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    queryStringParameters: parseQuery(rawQueryString),
    headers,
    cookies: cookiesOf(headers),
    requestContext: requestContextOf(functionName, message2),
    body: text,
    isBase64Encoded: !isText,
    json: () => new Promise((resolve) => {
      resolve(isText ? parseBody(text) : notText());
    })
  };
  return Object.defineProperty(event, "json", { enumerable: false });
}
function parseBody(text) {
  if (text === "") throw new SyntaxError("The request has no body, so there is no JSON in it.");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`The request's body is not valid JSON: ${error.message}`);
  }
}
function notText() {
  throw new SyntaxError("The request's body is not valid JSON: it is not UTF-8 text.");
}
function requestContextOf(functionName, message2) {
  const { headers, method, rawPath, protocol, sourceIp, timeEpoch } = message2;
  const domainName = firstOf(headers["host"]);
  return {
    accountId: "anonymous",
    apiId: functionName,
    domainName,
    domainPrefix: functionName,
    http: { method, path: rawPath, protocol, sourceIp, userAgent: firstOf(headers["user-agent"]) },
    requestId: message2.invocationId,
    routeKey: "$default",
    stage: "$default",
    time: commonLogTime(new Date(timeEpoch)),
    timeEpoch
  };
}
function parseQuery(rawQueryString) {
  if (rawQueryString === "") return {};
  const values = /* @__PURE__ */ new Map();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const earlier = values.get(name);
    values.set(name, earlier === void 0 ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(values);
}
function cookiesOf(headers) {
  const cookie = headers["cookie"];
  if (cookie === void 0) return [];
  const text = typeof cookie === "string" ? cookie : cookie.join("; ");
  return text.split("; ").filter((pair) => pair !== "");
}
function firstOf(value) {
  return (typeof value === "string" ? value : value?.[0]) ?? "";
}
function commonLogTime(time) {
  const iso = time.toISOString();
  const month = months[time.getUTCMonth()] ?? "";
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

// worker/invalid-result.ts
var InvalidResult = class extends Error {
};

// worker/response-headers.ts
var cookieName = "set-cookie";
function headersOf(given) {
  const headers = /* @__PURE__ */ new Map();
  if (given === void 0 || given === null) return headers;
  if (typeof given !== "object") throw notHeaders();
  const isList = Symbol.iterator in given;
  for (const [givenName, value] of entriesOf(given)) {
    const name = String(givenName).toLowerCase();
    const lines = (Array.isArray(value) ? value : [value]).filter(isGiven).map(headerLine);
    const [line] = lines;
    if (line === void 0) continue;
    if (headers.has(name) && (isList || name === cookieName)) {
      headers.set(name, [...linesIn(headers, name), ...lines]);
    } else {
      headers.set(name, Array.isArray(value) ? lines : line);
    }
  }
  return headers;
}
function addMultiValueHeaders(headers, given) {
  for (const [name, lines] of headersOf(given)) headers.set(name, lines);
}
function addCookies(headers, cookies) {
  if (cookies === void 0 || cookies === null) return;
  const given = Array.isArray(cookies) ? cookies.filter(isGiven) : void 0;
  if (!given?.every((cookie) => typeof cookie === "string")) {
    throw new InvalidResult("The function's cookies must be an array of strings.");
  }
  if (given.length > 0) headers.set(cookieName, [...linesIn(headers, cookieName), ...given]);
}
function setTypeUnlessGiven(headers, type) {
  if (!headers.has("content-type")) headers.set("content-type", type);
}
function headerValues(headers) {
  return Object.fromEntries(headers);
}
function entriesOf(given) {
  const { raw } = given;
  if (typeof raw === "function") return Object.entries(Reflect.apply(raw, given, []));
  if (!(Symbol.iterator in given)) return Object.entries(given);
  const entries = [...given];
  if (!entries.every(isPair)) throw notHeaders();
  return entries;
}
function isPair(entry) {
  return Array.isArray(entry) && entry.length === 2;
}
function isGiven(value) {
  return value !== void 0 && value !== null;
}
function linesIn(headers, name) {
  const earlier = headers.get(name) ?? [];
  return typeof earlier === "string" ? [earlier] : earlier;
}
function headerLine(value) {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (value instanceof URL) return value.href;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toUTCString();
  throw new InvalidResult(
    "A header of the function must be a string, a number, a boolean, a Date, a URL, or an array of these."
  );
}
function notHeaders() {
  return new InvalidResult("The function's headers must be an object of names and values.");
}

// worker/response-body.ts
var bytesType = "application/octet-stream";
var jsonType = "application/json";
var nothing2 = Buffer.alloc(0);
var notSerialisable = "The function returned something that cannot be sent as JSON: a cycle, a BigInt, a function, a symbol, or a part that throws.";
function renderBody(body, isBase64, headers, format) {
  if (body === void 0) return nothing2;
  if (typeof body === "string") return renderText(body, isBase64, headers, format);
  if (typeof body === "object" && body !== null && isBytes(body)) {
    setTypeUnlessGiven(headers, bytesType);
    return viewOf(body);
  }
  setTypeUnlessGiven(headers, jsonType);
  return toJson(body);
}
function renderText(body, isBase64, headers, format) {
  if (isBase64) {
    setTypeUnlessGiven(headers, format === "lambda" ? jsonType : bytesType);
    return bytesFrom(body, "base64");
  }
  const isSentAsItIs = headers.has("content-type") || format === "lambda" || isJsonText(body);
  setTypeUnlessGiven(headers, jsonType);
  return isSentAsItIs ? bytesFrom(body, "utf8") : toJson(body);
}
function isJsonText(text) {
  const trimmed = text.trim();
  const brackets = `${trimmed.charAt(0)}${trimmed.slice(-1)}`;
  if (brackets !== "{}" && brackets !== "[]") return false;
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
function toJson(value) {
  const json = attemptJson(value);
  if (json === void 0) throw new InvalidResult(notSerialisable);
  return bytesFrom(json, "utf8");
}
function attemptJson(value) {
  try {
    return stringify(value);
  } catch {
    return void 0;
  }
}

// worker/read-at-once.ts
var later = /* @__PURE__ */ Symbol("later");
async function readAtOnce(stream, maxBytes) {
  const reader = stream.getReader();
  const turn = new Promise((resolve) => {
    nextTurn(() => {
      resolve(later);
    });
  });
  const read = [];
  let bytes = 0;
  for (; ; ) {
    const reading = reader.read();
    const outcome = bytes > maxBytes ? later : await Promise.race([reading, turn]);
    if (outcome === later) return piecesFrom(reader, read, reading);
    if (outcome.done) return Buffer.concat(read);
    const piece = bytesOf(outcome.value);
    read.push(piece);
    bytes += piece.length;
  }
}
function piecesFrom(reader, read, reading) {
  reading.catch(() => void 0);
  const cancel = () => reader.cancel();
  return {
    cancel,
    async *[Symbol.asyncIterator]() {
      try {
        yield* read;
        for (let next = await reading; !next.done; next = await reader.read()) yield next.value;
      } finally {
        await cancel();
      }
    }
  };
}

// worker/web-content.ts
function isWebResponse(value) {
  return isObject(value) && tagOf(value) === "[object Response]";
}
function isBlob(value) {
  return isObject(value) && ["[object Blob]", "[object File]"].includes(tagOf(value));
}
var decodedByFetch = ["gzip", "x-gzip", "deflate", "br", "zstd"];
function headersOfWebResponse({ headers, url = "" }) {
  const given = headersOf(headers);
  const codings = String(given.get("content-encoding") ?? "").split(/\s*,\s*/);
  if (url !== "" && codings.every((coding) => decodedByFetch.includes(coding.toLowerCase()))) {
    given.delete("content-encoding");
    given.delete("content-length");
  }
  return given;
}
async function contentOf(body, maxBytes) {
  if (isBlob(body)) {
    const isSmall = body.size <= maxBytes;
    return {
      body: isSmall ? await body.arrayBuffer() : body.stream(),
      type: body.type === "" ? void 0 : body.type
    };
  }
  if (!isWebResponse(body)) return { body };
  const type = headersOf(body.headers).get("content-type");
  return { body: await bodyOf(body, maxBytes), type: Array.isArray(type) ? type[0] : type };
}
function bodyOf({ body, bodyUsed }, maxBytes) {
  if (body === null || body === void 0) return void 0;
  if (bodyUsed === true || isLocked(body)) {
    throw new InvalidResult(
      "The function returned a Response whose body has been read already; return a clone() made before, or a new one."
    );
  }
  if (typeof body === "string") return bytesFrom(body, "utf8");
  return isWebStream(body) ? readAtOnce(body, maxBytes) : body;
}
function isLocked(body) {
  return isObject(body) && "locked" in body && body.locked === true;
}
function isWebStream(body) {
  return isObject(body) && "getReader" in body && typeof body.getReader === "function";
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// worker/response-fields.ts
var responseKeys = /* @__PURE__ */ new Set(["statusCode", "headers", "body", "cookies", "isBase64Encoded"]);
async function responseFieldsOf(returned, format) {
  throwIfError(returned);
  if (isWebResponse(returned)) {
    return { statusCode: returned.status, headers: headersOfWebResponse(returned), body: returned };
  }
  const fields = isResponse(returned, format) ? await settled(returned) : { body: returned };
  throwIfError(fields.body);
  return fields;
}
function isResponse(returned, format) {
  if (typeof returned !== "object" || returned === null) return false;
  if (Array.isArray(returned) || isBytes(returned) || piecesIn(returned) !== void 0) return false;
  const fields = returned;
  if (fields["statusCode"] !== void 0) return true;
  if (format === "lambda") return false;
  const keys = Object.keys(fields);
  return keys.some((key) => responseKeys.has(key)) && keys.every((key) => responseKeys.has(key) || fields[key] === void 0);
}
async function settled(returned) {
  const { statusCode, headers, multiValueHeaders, body, cookies, isBase64Encoded } = returned;
  const parts = [statusCode, headers, multiValueHeaders, body, cookies, isBase64Encoded];
  const values = parts.some(isThenable) ? await Promise.all(parts) : parts;
  return {
    ...{ statusCode: values[0], headers: values[1], multiValueHeaders: values[2] },
    ...{ body: values[3], cookies: values[4], isBase64Encoded: values[5] }
  };
}
function throwIfError(value) {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Error || tagOf(value) === "[object Error]") throw value;
}

// worker/response.ts
async function renderResponse(returned, rules) {
  const fields = await responseFieldsOf(returned, rules.responseFormat);
  try {
    return await render(fields, rules);
  } catch (error) {
    if (error instanceof InvalidResult) return { kind: "invalid-result", reason: error.message };
    throw error;
  }
}
async function render(fields, rules) {
  const { responseFormat, maxResultBytes } = rules;
  const statusCode = statusOf(fields.statusCode);
  const headers = headersOf(fields.headers);
  addMultiValueHeaders(headers, fields.multiValueHeaders);
  addCookies(headers, fields.cookies);
  const content = await contentOf(fields.body, maxResultBytes);
  if (content.type !== void 0) setTypeUnlessGiven(headers, content.type);
  const pieces = piecesIn(content.body);
  if (pieces) {
    setTypeUnlessGiven(headers, bytesType);
    return { kind: "stream", statusCode, headers: headerValues(headers), pieces };
  }
  const body = renderBody(content.body, fields.isBase64Encoded === true, headers, responseFormat);
  if (body.length > maxResultBytes) {
    const reason = `The function's response body may have ${maxResultBytes} bytes at most, not ${body.length}.`;
    return { kind: "result-too-large", reason };
  }
  return { kind: "response", statusCode, headers: headerValues(headers), body };
}
var statusInDigits = /^\d{3}$/;
var maxShownLength = 32;
function statusOf(given) {
  if (given === void 0) return 200;
  const statusCode = typeof given === "string" && statusInDigits.test(given) ? Number(given) : given;
  if (isStatus(statusCode)) return statusCode;
  throw new InvalidResult(`The function's status must be an integer from 200 to 599, not ${shown(given)}.`);
}
function isStatus(value) {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}
function shown(given) {
  if (typeof given === "string") return stringify(given.slice(0, maxShownLength));
  return typeof given === "number" || given === null ? String(given) : `a ${typeof given}`;
}

// worker/rehearsal.ts
var settings = {
  type: "load",
  handler: "index.handler",
  environment: {},
  secrets: {},
  functionName: "rehearsal",
  functionVersion: "1",
  memoryLimitMiB: 128,
  responseFormat: "seed",
  maxResultBytes: 1024
};
var message = {
  type: "invoke",
  invocationId: "rehearsal",
  remainingMs: 1e3,
  method: "POST",
  rawPath: "/",
  rawQueryString: "a=1",
  headers: { host: "localhost", cookie: "a=1", "content-type": "application/json" },
  protocol: "HTTP/1.1",
  sourceIp: "127.0.0.1",
  timeEpoch: 0
};
var connection = { ref: () => void 0, unref: () => void 0 };
var rounds = 8;
async function rehearse() {
  const body = bytesFrom('{"name":"rehearsal"}', "utf8");
  for (let round = 0; round < rounds; round += 1) {
    const received = JSON.parse(bytesFrom(stringify(message), "utf8").toString("utf8"));
    const event = createEvent(settings.functionName, received, body);
    const returned = await callHandler(echo, event, createContext(settings, received), connection);
    const rendered = await renderResponse(returned, settings);
    if (rendered.kind === "response") encodeFrame(stringify(rendered.headers), rendered.body);
  }
}
async function echo(event) {
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: await event.json() };
}

// worker/failure.ts
function describeFailure(thrown) {
  const errorType = attempt(() => typeOf(thrown)) ?? "Error";
  const errorMessage = attempt(() => messageOf(thrown)) ?? "The thrown value cannot be read.";
  const stack = attempt(() => stackOf(thrown)) ?? `${errorType}: ${errorMessage}`;
  return {
    errorType: errorType.slice(0, maxErrorTypeLength),
    errorMessage: errorMessage.slice(0, maxErrorMessageLength),
    stack: stack.slice(0, maxStackLength)
  };
}
function attempt(read) {
  try {
    const text = read();
    return typeof text === "string" ? text : void 0;
  } catch {
    return void 0;
  }
}
function isObject2(thrown) {
  return typeof thrown === "object" && thrown !== null || typeof thrown === "function";
}
function typeOf(thrown) {
  if (!isObject2(thrown)) return thrown === null ? "null" : typeof thrown;
  const name = thrown["name"];
  return typeof name === "string" && name !== "" ? name : thrown.constructor.name;
}
function messageOf(thrown) {
  if (!isObject2(thrown)) return String(thrown);
  const message2 = thrown["message"];
  return typeof message2 === "string" ? message2 : JSON.stringify(thrown);
}
function stackOf(thrown) {
  return isObject2(thrown) ? thrown["stack"] : void 0;
}

// worker/stream-sender.ts
var StreamSender = class {
  credit = streamWindowChunks;
  wake = () => void 0;
  writer;
  constructor(writer) {
    this.writer = writer;
  }
  /** The host has passed so many chunks on. */
  grant(chunks) {
    this.credit += chunks;
    this.wake();
  }
  /** Resolves when all is sent; rejects with whatever the body throws, and closes the body then. */
  async send(pieces) {
    for await (const piece of pieces) {
      const bytes = bytesOf(piece);
      for (let start = 0; start < bytes.length; start += maxChunkBytes) {
        while (this.credit === 0) await this.moreCredit();
        this.credit -= 1;
        this.writer.sendJson(chunkJson, bytes.subarray(start, start + maxChunkBytes));
      }
    }
  }
  moreCredit() {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
};

// worker/call-answer.ts
var statusesWithoutBody = [204, 205, 304];
var CallAnswer = class {
  stream;
  writer;
  invocationId;
  method;
  constructor(writer, invocationId, method) {
    this.writer = writer;
    this.invocationId = invocationId;
    this.method = method;
  }
  /** Resolves when the answer is whole; rejects with what the function's stream throws. */
  async give(rendered) {
    const { invocationId } = this;
    switch (rendered.kind) {
      case "response": {
        const { statusCode, headers, body } = rendered;
        this.sendResult({ type: "result", invocationId, statusCode, headers }, body);
        return;
      }
      case "stream":
        return this.giveInPieces(rendered);
      case "invalid-result":
      case "result-too-large":
        this.refuse(rendered.kind, rendered.reason);
        return;
      default:
        rendered;
    }
  }
  /** The handler, its stream or a line that nobody waits for has thrown. */
  fail(kind, thrown) {
    const failure = describeFailure(thrown);
    logStack(this.writer, failure.stack);
    this.writer.send({ type: "error", invocationId: this.invocationId, kind, ...failure });
  }
  /** The host has passed on so many chunks of the stream. */
  grant(chunks) {
    this.stream?.grant(chunks);
  }
  /** The head goes out at once; an error of the body comes after it, and can only break the answer off. */
  async giveInPieces({ statusCode, headers, pieces }) {
    const streams = this.method !== "HEAD" && !statusesWithoutBody.includes(statusCode);
    const { invocationId } = this;
    const head = { type: "result", invocationId, statusCode, headers };
    const isSent = this.sendResult(streams ? { ...head, streams } : head);
    if (!isSent || !streams) {
      discard(pieces);
      return;
    }
    this.stream = new StreamSender(this.writer);
    await this.stream.send(pieces);
    this.writer.send({ type: "end" });
  }
  /** False when the headers are too large to be sent; the call is refused then. */
  sendResult(result, body) {
    const json = stringify(result);
    if (Buffer.byteLength(json) > maxWorkerJsonBytes) {
      this.refuse("invalid-result", "The function's headers are too large; send less.");
      return false;
    }
    this.writer.sendJson(json, body);
    return true;
  }
  refuse(kind, errorMessage) {
    const { invocationId } = this;
    logStack(this.writer, errorMessage);
    this.writer.send({
      type: "error",
      invocationId,
      kind,
      errorType: "InvalidResult",
      errorMessage,
      stack: ""
    });
  }
};
function logStack(writer, stack) {
  writer.log("stderr", bytesFrom(`${stack}
`, "utf8"));
}

// worker/egress/prepare-egress.ts
var import_node_module = require("node:module");

// worker/egress/refuse-outside.ts
init_destination();
init_egress_error();
init_patch_connect();
init_route_lookups();
function refuseOutside() {
  patchConnect((socket, { host, port }) => {
    process.nextTick(() => socket.destroy(nowhereError({ syscall: "connect", host, port })));
  });
  patchLookup((host, found) => {
    process.nextTick(found, nowhereError({ syscall: "getaddrinfo", host: asciiHost(host) }));
  });
}

// worker/egress/prepare-egress.ts
async function prepareEgress(gatePath) {
  if (gatePath === void 0) refuseOutside();
  else (await Promise.resolve().then(() => (init_open_way_out(), open_way_out_exports))).openWayOut(gatePath);
  (0, import_node_module.syncBuiltinESMExports)();
}

// worker/load-handler.ts
var import_node_fs2 = require("node:fs");
var import_node_module2 = require("node:module");
var import_node_path = require("node:path");
var import_node_url2 = require("node:url");
var extensions = ["js", "mjs", "cjs", "ts"];
async function loadHandler(codeDirectory2, handler) {
  const dot = handler.lastIndexOf(".");
  const stem = handler.slice(0, dot);
  const exportName = handler.slice(dot + 1);
  const file = extensions.map((extension) => `${stem}.${extension}`).find((name) => (0, import_node_fs2.existsSync)((0, import_node_path.join)(codeDirectory2, name)));
  if (file === void 0) throw new MissingHandler(`There is no ${stem}.js at the root of the archive.`);
  const module2 = await importFile((0, import_node_path.join)(codeDirectory2, file));
  const found = memberOf(module2, exportName) ?? memberOf(memberOf(module2, "default"), exportName);
  if (typeof found !== "function")
    throw new MissingHandler(`${file} does not export a function named ${exportName}.`);
  return found;
}
var MissingHandler = class extends Error {
  name = "MissingHandler";
};
async function importFile(path) {
  try {
    return (0, import_node_module2.createRequire)(path)(path);
  } catch (error) {
    if (memberOf(error, "code") !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
    return import((0, import_node_url2.pathToFileURL)(path).href);
  }
}
function memberOf(value, name) {
  const hasMembers = typeof value === "object" && value !== null || typeof value === "function";
  return hasMembers ? value[name] : void 0;
}

// worker/worker.ts
var Worker2 = class {
  state = { phase: "stem" };
  writer;
  connection;
  codeDirectory;
  gatePath;
  /** `gatePath` is where the host listens for a function that may go outside. */
  constructor(writer, connection2, codeDirectory2, gatePath) {
    this.writer = writer;
    this.connection = connection2;
    this.codeDirectory = codeDirectory2;
    this.gatePath = gatePath;
  }
  receive(message2, body) {
    switch (message2.type) {
      case "load":
        void this.load(message2);
        return;
      case "invoke":
        void this.invoke(message2, body);
        return;
      case "credit":
        if (this.state.phase === "busy") this.state.answer.grant(message2.chunks);
        return;
      default:
        message2;
    }
  }
  /** Nothing caught this error: the process is in no known state, so it says what happened and ends. */
  crash(thrown) {
    const { state } = this;
    switch (state.phase) {
      case "loading":
        return this.failLoad(thrown);
      case "busy":
        state.answer.fail("uncaught", thrown);
        break;
      case "idle":
        logStack(this.writer, describeFailure(thrown).stack);
        break;
      case "stem":
        break;
      default:
        state;
    }
    return exitProcess(1);
  }
  async load(settings2) {
    this.state = { phase: "loading" };
    try {
      Object.assign(process.env, settings2.environment, settings2.secrets);
      process.chdir(this.codeDirectory);
      await prepareEgress(settings2.hasEgress === true ? this.gatePath : void 0);
      const handler = await loadHandler(this.codeDirectory, settings2.handler);
      this.state = { phase: "idle", loaded: { settings: settings2, handler } };
      this.writer.sendJson(readyJson);
    } catch (error) {
      this.failLoad(error);
    }
  }
  failLoad(thrown) {
    const failure = describeFailure(thrown);
    logStack(this.writer, failure.stack);
    this.writer.send({ type: "loadError", ...failure });
    return exitProcess(1);
  }
  async invoke(message2, body) {
    if (this.state.phase !== "idle") return exitProcess(1);
    const { loaded } = this.state;
    const answer2 = new CallAnswer(this.writer, message2.invocationId, message2.method);
    this.state = { phase: "busy", loaded, answer: answer2 };
    try {
      const event = createEvent(loaded.settings.functionName, message2, body);
      const context = createContext(loaded.settings, message2);
      const returned = await callHandler(loaded.handler, event, context, this.connection);
      await answer2.give(await renderResponse(returned, loaded.settings));
    } catch (error) {
      answer2.fail("threw", error);
    }
    this.state = { phase: "idle", loaded };
    nextTurn(() => {
      this.writer.sendJson(readyJson);
    });
  }
};

// worker/main.ts
var [, , socketPath = socketPathInContainer, codeDirectory = codePathInContainer] = process.argv;
var token = process.env["GLAMBDAR_TOKEN"] ?? "";
delete process.env["GLAMBDAR_TOKEN"];
Object.assign(globalThis, { awslambda });
Reflect.set(process, "mainModule", void 0);
function serve(writer, connection2) {
  const worker = new Worker2(writer, connection2, codeDirectory, (0, import_node_path2.join)((0, import_node_path2.dirname)(socketPath), egressSocketFile));
  process.on("uncaughtException", (error) => worker.crash(error));
  process.on("unhandledRejection", (reason) => worker.crash(reason));
  capturePrints(writer);
  writer.send({ type: "hello", protocolVersion, token });
  return (message2, body) => {
    worker.receive(message2, body);
  };
}
void rehearse().then(() => {
  connectToHost(socketPath, serve);
});
