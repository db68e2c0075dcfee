/**
 * The conversation between host and worker, compiled into both. docs/ipc-protocol.md is its prose.
 *
 *   worker                     host
 *   hello            ->
 *                    <-        load         (a prewarmed container gets it late)
 *   log*             ->
 *   ready|loadError  ->
 *                    <-        invoke + body
 *   log*             ->
 *   result|value|error ->
 *   chunk*, log*     ->                     (after a result or value that streams)
 *                    <-        credit*
 *   end|error        ->
 *   log*, ready      ->                     (then, when warm, invoke again)
 *
 * The host ends the conversation by closing the socket: the worker ends its process then.
 * The worker shares its process with the function: the host treats every byte it sends as hostile.
 */
export const protocolVersion = 3;

/** Where the host's run directory and the function's code appear inside the container. */
export const socketPathInContainer = '/glambdar/socket';
export const codePathInContainer = '/glambdar/code';

export type HeaderValues = Readonly<Record<string, string | readonly string[]>>;
export type ResponseFormat = 'simple' | 'lambda';

export interface LoadMessage {
  readonly type: 'load';
  /** `file.export`, e.g. `index.handler`; the file's extension is the worker's to find. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryLimitMiB: number;
  readonly responseFormat: ResponseFormat;
  /** Most bytes a result's body may have; the host checks it again. */
  readonly maxResultBytes: number;
  /** Whether the host listens for connections to the outside; ./egress.ts says how. */
  readonly hasEgress?: boolean;
  /** Loopback ports that lead to the server's machine, each with the host that it is asked for by. */
  readonly loopback?: Readonly<Record<string, string>>;
}

/** The payload is the body of an HTTP request, and what the handler returns becomes a response. */
export interface HttpPresentation {
  readonly kind: 'http';
  readonly method: string;
  /** What follows the function's own address; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQueryString: string;
  readonly headers: HeaderValues;
  readonly protocol: string;
  readonly sourceIp: string;
}

/** The payload is JSON and becomes the event as it is; what the handler returns is a value, as JSON. */
export interface PayloadPresentation {
  readonly kind: 'payload';
}

/** What a handler sees a payload as. */
export type Presentation = HttpPresentation | PayloadPresentation;

export interface InvokeMessage {
  readonly type: 'invoke';
  readonly invocationId: string;
  /** Time the host leaves to the call, in milliseconds from receipt. The host alone enforces it. */
  readonly remainingMs: number;
  /** The call's own place in its trace (W3C Trace Context). */
  readonly traceparent: string;
  /** Wall clock at admission, milliseconds since the epoch. */
  readonly timeEpoch: number;
  readonly presentation: Presentation;
  // The frame's body is the payload, byte for byte.
}

/** The host has passed on so many chunks of the streamed body: as many more may come. */
export interface CreditMessage {
  readonly type: 'credit';
  readonly chunks: number;
}

export type HostMessage = LoadMessage | InvokeMessage | CreditMessage;

export interface HelloMessage {
  readonly type: 'hello';
  readonly protocolVersion: number;
  readonly token: string;
}

/** The function is loaded and no call runs: the next `invoke` may come. Sent after loading and after every answer. */
export interface ReadyMessage {
  readonly type: 'ready';
}

/** One of the errors that caused a failure. */
export interface FailureCause {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Such as `ECONNREFUSED`; null where it has none. */
  readonly code: string | null;
}

/** What the function threw, as text; each field is bounded by the sender and again by the host. */
export interface FunctionFailure {
  readonly errorType: string;
  /** Of what was thrown and, where there is one, of its last cause. */
  readonly errorMessage: string;
  /** With those of the causes; paths inside the container only. */
  readonly stack: string;
  /** Each followed by its own; left out where there is none. */
  readonly causes?: readonly FailureCause[];
}

export interface LoadErrorMessage extends FunctionFailure {
  readonly type: 'loadError';
}

/** The answer to a call that was presented as an HTTP request. */
export interface ResultMessage {
  readonly type: 'result';
  readonly invocationId: string;
  readonly statusCode: number;
  /** Lower-case names. Includes `set-cookie` for returned cookies. */
  readonly headers: HeaderValues;
  /** The body follows in `chunk` frames, closed by `end`; this frame has none then. */
  readonly streams?: boolean;
  // The frame's body is the response's body, byte for byte.
}

/** The answer to a call whose payload was presented as it is. */
export interface ValueMessage {
  readonly type: 'value';
  readonly invocationId: string;
  /** As of `ResultMessage`; the bytes are then the function's own, in no format. */
  readonly streams?: boolean;
  // The frame's body is the value as JSON; empty where the handler returned none.
}

/** The next bytes of a streamed body, as many as `maxChunkBytes` at most; there is but one call that they can be of. */
export interface ChunkMessage {
  readonly type: 'chunk';
  // The frame's body is the bytes.
}

/** The streamed body is complete; an `error` in its place says that it never will be. */
export interface EndMessage {
  readonly type: 'end';
}

/**
 * `threw`: the handler's own error. `uncaught`: an error that nothing caught; the worker ends after saying so.
 * `invalid-result` / `result-too-large`: what the handler returned cannot be sent; `errorMessage` says why.
 */
export type FailureKind = 'threw' | 'uncaught' | 'invalid-result' | 'result-too-large';

export interface InvocationErrorMessage extends FunctionFailure {
  readonly type: 'error';
  readonly invocationId: string;
  readonly kind: FailureKind;
}

/** From the least to the most important. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Lines the function printed through JavaScript's streams; what bypasses them arrives through the container's output. */
export interface LogMessage {
  readonly type: 'log';
  readonly stream: 'stdout' | 'stderr';
  /** Where the way they were printed says more than the stream does. */
  readonly level?: LogLevel;
  // The frame's body is the bytes printed.
}

export type WorkerMessage =
  | HelloMessage
  | ReadyMessage
  | LoadErrorMessage
  | ResultMessage
  | ValueMessage
  | ChunkMessage
  | EndMessage
  | InvocationErrorMessage
  | LogMessage;

export type OutputStreamName = LogMessage['stream'];

/** What is printed on a stream has this level, unless it is printed by a method of `console` that has its own. */
export const levelOfStream: Readonly<Record<OutputStreamName, LogLevel>> = {
  stdout: 'info',
  stderr: 'error',
};

/** The JSON of `log` frames, byte for byte: prints are many, so both sides use it as it stands. */
export const logJson: Readonly<Record<OutputStreamName, Readonly<Record<LogLevel, string>>>> = {
  stdout: logJsonOf('stdout'),
  stderr: logJsonOf('stderr'),
};

function logJsonOf(stream: OutputStreamName): Record<LogLevel, string> {
  const json = (level: LogLevel) =>
    level === levelOfStream[stream]
      ? `{"type":"log","stream":"${stream}"}`
      : `{"type":"log","stream":"${stream}","level":"${level}"}`;
  return { debug: json('debug'), info: json('info'), warn: json('warn'), error: json('error') };
}

/** The JSON of `chunk` frames, for the same reason. */
export const chunkJson = '{"type":"chunk"}';

/** The JSON of `ready` frames: one for each call of a warm function. */
export const readyJson = '{"type":"ready"}';
