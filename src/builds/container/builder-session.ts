import type { Dialect } from '../../ipc/dialect.js';
import type { PeerChannel } from '../../ipc/peer-channel.js';
import { ProtocolViolation } from '../../ipc/protocol/protocol-violation.js';
import { PeerError } from '../../ipc/session-phase.js';
import { BuildFailure } from '../build-failure.js';
import { parseBuilderMessage } from './builder-message.js';
import { buildWindowChunks, maxBuildChunkBytes, maxBuilderJsonBytes } from '../protocol/limits.js';
import {
  type BuilderMessage,
  type BuildFacts,
  type BuildFailedMessage,
  type BuildHostMessage,
  type BuildMessage,
  buildProtocolVersion,
  type BuilderStep,
} from '../protocol/messages.js';

export interface BuildListener {
  onStep(step: BuilderStep): void;
  onLine(stream: 'stdout' | 'stderr', text: string): void;
  /** Takes the next bytes of the zip; the builder waits until they are written. */
  write(bytes: Buffer): Promise<void>;
}

export interface SessionLimits {
  readonly archiveBytes: number;
  /** Of all lines together, in UTF-16 units. */
  readonly outputLength: number;
}

/** What a line costs besides its text: a flood of empty ones is a flood, too. */
const lineOverhead = 16;

interface RunningBuild {
  readonly listener: BuildListener;
  readonly limits: SessionLimits;
  readonly settled: PromiseWithResolvers<BuildFacts>;
  step: BuilderStep;
  isDone: boolean;
  receivedBytes: number;
  printed: number;
  unwritten: number;
  /** Resolves when all that has come so far is written. */
  written: Promise<void>;
}

/**
 * The host's side of the conversation with one builder: one order, one outcome. It has no deadlines: whoever runs it ends
 * it. Every message was checked for its form; here its time is.
 */
export class BuilderSession {
  private build: RunningBuild | undefined;
  private ended: PeerError | undefined;

  constructor(private readonly channel: PeerChannel<BuilderMessage, BuildHostMessage>) {
    channel.handOver({
      onMessage: (message, body) => {
        this.receive(message, body);
      },
      onEnd: (end) => {
        this.ended = end;
        // What it made may still be on its way to the disk; it ends as soon as it has said that it is done.
        if (this.build && !this.build.isDone) this.build.settled.reject(end);
      },
    });
  }

  /** The step that runs, or ran last. */
  get step(): BuilderStep {
    return this.build?.step ?? 'install';
  }

  /**
   * Resolves when the whole zip is written. Rejects with `BuildFailure`, with `PeerError` when the builder ends or breaks
   * the protocol first, or as `write` does. Once only.
   */
  run(order: BuildMessage, limits: SessionLimits, listener: BuildListener): Promise<BuildFacts> {
    if (this.ended) return Promise.reject(this.ended);
    const settled = Promise.withResolvers<BuildFacts>();
    const step = order.install ? 'install' : 'bundle';
    const counts = { isDone: false, receivedBytes: 0, printed: 0, unwritten: 0 };
    this.build = { listener, limits, settled, step, ...counts, written: Promise.resolve() };
    this.channel.send(order);
    return settled.promise;
  }

  /** Ends the builder. May be called again. */
  close(): void {
    this.channel.end(PeerError.gone('closed'));
  }

  private receive(message: BuilderMessage, body: Buffer): void {
    const { build } = this;
    if (!build || build.isDone) {
      throw new ProtocolViolation(
        'wrong-phase',
        `A '${message.type}' came before an order or after its outcome.`,
      );
    }
    switch (message.type) {
      case 'step':
        build.step = message.step;
        build.listener.onStep(message.step);
        return;
      case 'log':
        this.print(build, message.stream, message.text);
        return;
      case 'chunk':
        this.take(build, body);
        return;
      case 'done':
        this.finish(build, message.facts);
        return;
      case 'failed':
        build.settled.reject(failureOf(message));
        return;
      case 'hello':
        throw new ProtocolViolation('wrong-phase', 'A builder said hello again.');
      default:
        message satisfies never;
    }
  }

  private print(build: RunningBuild, stream: 'stdout' | 'stderr', text: string): void {
    build.printed += text.length + lineOverhead;
    if (build.printed > build.limits.outputLength) {
      build.settled.reject(
        new BuildFailure(build.step, 'It printed more than a build may (GLAMBDAR_BUILD_OUTPUT_MIB).'),
      );
      return;
    }
    build.listener.onLine(stream, text);
  }

  private take(build: RunningBuild, bytes: Buffer): void {
    if (build.unwritten >= buildWindowChunks) {
      throw new ProtocolViolation('without-credit', 'A chunk came without credit.');
    }
    build.receivedBytes += bytes.length;
    if (build.receivedBytes > build.limits.archiveBytes) {
      build.settled.reject(
        new BuildFailure(
          'pack',
          `What it made has more than ${build.limits.archiveBytes} bytes packed, the most that a function may have (GLAMBDAR_ARCHIVE_MAX_MIB): use fewer or smaller packages.`,
          'archive_too_large',
        ),
      );
      return;
    }
    build.unwritten += 1;
    // The chunk may be a view of a buffer that is read into again.
    const kept = Buffer.from(bytes);
    build.written = build.written
      .then(() => build.listener.write(kept))
      .then(() => {
        build.unwritten -= 1;
        this.channel.send({ type: 'credit', chunks: 1 });
      });
    build.written.catch((error: unknown) => {
      build.settled.reject(error);
    });
  }

  private finish(build: RunningBuild, facts: BuildFacts): void {
    if (facts.bytes !== build.receivedBytes) {
      throw new ProtocolViolation('invalid-message', 'A builder counts other bytes than it sent.');
    }
    build.isDone = true;
    build.written.then(
      () => {
        build.settled.resolve(facts);
      },
      () => undefined,
    );
  }
}

function failureOf({ step, message }: BuildFailedMessage): BuildFailure {
  return new BuildFailure(step, message.trim());
}

/** How a builder is talked to. */
export const builderDialect: Dialect<BuilderMessage, BuildHostMessage, BuilderSession> = {
  protocolVersion: buildProtocolVersion,
  maxJsonBytes: maxBuilderJsonBytes,
  maxBodyBytes: maxBuildChunkBytes,
  parse: parseBuilderMessage,
  greetingIn: (message) => (message.type === 'hello' ? message : undefined),
  converse: (channel) => new BuilderSession(channel),
};
