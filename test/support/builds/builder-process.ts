import AdmZip from 'adm-zip';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { maxBuildChunkBytes, maxBuilderJsonBytes } from '../../../src/builds/protocol/limits.js';
import type {
  BuildDoneMessage,
  BuilderMessage,
  BuildFailedMessage,
  BuildMessage,
} from '../../../src/builds/protocol/messages.js';
import { encodeEgressAnswer, parseEgressRequest } from '../../../src/ipc/protocol/egress.js';
import { encodeFrame, FrameDecoder } from '../../../src/ipc/protocol/frame.js';
import { bundleBuilder } from '../../../scripts/worker-image/bundle.mjs';

const project = join(import.meta.dirname, '../../..');

let image = '';

beforeAll(async () => {
  image = mkdtempSync(join(tmpdir(), 'glambdar-builder-'));
  await bundleBuilder(image, project);
  // Beside the program, as in its image.
  symlinkSync(join(project, 'node_modules'), join(image, 'node_modules'));
});

afterAll(() => {
  rmSync(image, { recursive: true });
});

export type Files = Readonly<Record<string, string>>;

/** What a build said and made. */
export interface Built {
  readonly end: BuildDoneMessage | BuildFailedMessage | undefined;
  readonly log: string;
  readonly steps: readonly string[];
  /** Of the zip, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly modes: ReadonlyMap<string, number>;
  readonly zip: Buffer;
}

export interface BuildOptions extends Partial<Omit<BuildMessage, 'type'>> {
  /** Hosts with their port that connections may go to; others are refused. */
  readonly reachable?: readonly string[];
  /** Sees each message as it comes. */
  readonly onMessage?: (message: BuilderMessage, world: BuilderProcess) => void;
}

const limits = { archiveBytes: 64 * 1024 * 1024, remainingMs: 120_000, fetchTimeoutMs: 20_000 };

/** The builder as it runs in its container, but as a process of this machine: the test is its host. */
export class BuilderProcess {
  readonly asked: string[] = [];
  private readonly directory = mkdtempSync(join(tmpdir(), 'glambdar-build-'));
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private child: ChildProcess | undefined;

  /** Builds an upload of these files, and removes everything. */
  static async build(files: Files, options: BuildOptions): Promise<Built> {
    const builder = new BuilderProcess();
    try {
      return await builder.run(files, options);
    } finally {
      builder.remove();
    }
  }

  /** Ends it as its container's end would. */
  disconnect(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private async run(files: Files, options: BuildOptions): Promise<Built> {
    const source = join(this.directory, 'source');
    mkdirSync(source);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
    }
    await this.listen('egress', (socket) => {
      this.relay(socket, options.reachable ?? []);
    });
    const spoken = Promise.withResolvers<Conversation>();
    await this.listen('socket', (socket) => {
      const conversation = new Conversation(socket, options, (message) => options.onMessage?.(message, this));
      conversation.ended.then(() => {
        spoken.resolve(conversation);
      }, spoken.reject);
    });
    this.child = this.start(source);
    const exited = once(this.child, 'close');
    const { end, messages, chunks } = await spoken.promise;
    await exited;
    const zip = Buffer.concat(chunks);
    const entries = zip.length === 0 ? [] : new AdmZip(zip).getEntries();
    return {
      end,
      log: messages.flatMap((message) => (message.type === 'log' ? [message.text] : [])).join('\n'),
      steps: messages.flatMap((message) => (message.type === 'step' ? [message.step] : [])),
      files: new Map(entries.map((entry) => [entry.entryName, entry.getData().toString('utf8')])),
      modes: new Map(entries.map((entry) => [entry.entryName, (entry.attr >>> 16) & 0o7777])),
      zip,
    };
  }

  private start(source: string): ChildProcess {
    const args = [join(image, 'builder/main.js'), join(this.directory, 'socket'), source, this.directory];
    const child = spawn(process.execPath, args, {
      env: { GLAMBDAR_TOKEN: 'token', PATH: process.env['PATH'] },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return child;
  }

  private async listen(name: string, onSocket: (socket: Socket) => void): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket.on('error', () => undefined));
      onSocket(socket);
    });
    this.servers.push(server.listen(join(this.directory, name)));
    await once(server, 'listening');
  }

  /** The host's egress proxy, as far as `connect` goes. */
  private relay(socket: Socket, reachable: readonly string[]): void {
    socket.once('data', (bytes: Buffer) => {
      const request = parseEgressRequest(bytes.toString('latin1').trimEnd());
      if (request?.kind !== 'connect') return socket.destroy();
      const destination = `${request.host}:${request.port}`;
      this.asked.push(destination);
      if (!reachable.includes(destination)) {
        const sentence = `The build may not connect to ${destination}.`;
        return socket.end(encodeEgressAnswer({ kind: 'no', code: 'EGRESS_REFUSED', sentence }));
      }
      const target = connect(request.port, request.host);
      this.sockets.add(target.on('error', () => socket.destroy()));
      socket.write(encodeEgressAnswer({ kind: 'ok', addresses: [request.host] }));
      socket.pipe(target).pipe(socket);
      return undefined;
    });
  }

  private remove(): void {
    this.child?.kill('SIGKILL');
    this.disconnect();
    for (const server of this.servers) server.close();
    rmSync(this.directory, { recursive: true });
  }
}

/** The host's end: it orders one build and takes what comes. */
class Conversation {
  readonly messages: BuilderMessage[] = [];
  readonly chunks: Buffer[] = [];
  readonly ended: Promise<unknown>;

  constructor(
    private readonly socket: Socket,
    private readonly options: BuildOptions,
    onMessage: (message: BuilderMessage) => void,
  ) {
    const decoder = new FrameDecoder({ maxJsonBytes: maxBuilderJsonBytes, maxBodyBytes: maxBuildChunkBytes });
    socket.on('data', (bytes: Buffer) => {
      decoder.push(bytes);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        const message = JSON.parse(frame.json.toString('utf8')) as BuilderMessage;
        this.receive(message, Buffer.from(frame.body));
        onMessage(message);
      }
    });
    this.ended = new Promise((resolve) => socket.once('close', resolve));
  }

  get end(): BuildDoneMessage | BuildFailedMessage | undefined {
    const last = this.messages.at(-1);
    return last?.type === 'done' || last?.type === 'failed' ? last : undefined;
  }

  private receive(message: BuilderMessage, body: Buffer): void {
    this.messages.push(message);
    if (message.type === 'hello') {
      const { install = null, bundle = null } = this.options;
      this.send({ type: 'build', install, bundle, limits: this.options.limits ?? limits });
    }
    if (message.type === 'chunk') {
      this.chunks.push(body);
      this.send({ type: 'credit', chunks: 1 });
    }
  }

  private send(message: object): void {
    for (const part of encodeFrame(JSON.stringify(message))) this.socket.write(part);
  }
}
