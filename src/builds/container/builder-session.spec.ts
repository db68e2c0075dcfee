import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { TemporaryIpc } from '../../../test/support/temporary-ipc.js';
import { until } from '../../../test/support/eventually.js';
import type { PeerEndpoint } from '../../ipc/peer-endpoint.js';
import { encodeFrame, FrameDecoder } from '../../ipc/protocol/frame.js';
import { PeerError } from '../../ipc/session-phase.js';
import { BuildFailure } from '../build-failure.js';
import { buildWindowChunks } from '../protocol/limits.js';
import type { BuilderMessage, BuildHostMessage, BuildMessage } from '../protocol/messages.js';
import { builderDialect, BuilderSession } from './builder-session.js';

const order: BuildMessage = {
  type: 'build',
  install: { command: 'ci', scripts: false, registry: 'https://registry.test/' },
  bundle: null,
  limits: { archiveBytes: 1000, remainingMs: 1000, fetchTimeoutMs: 100 },
};
const limits = { archiveBytes: 1000, outputLength: 200 };
const facts = { packages: 1, files: 2, bytes: 3 };

/** Says what a test tells it to, as any process in a build's container could. */
class Peer {
  readonly heard: BuildHostMessage[] = [];

  private constructor(readonly socket: Socket) {
    const decoder = new FrameDecoder({ maxJsonBytes: 1e6, maxBodyBytes: 1e6 });
    socket
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        decoder.push(bytes);
        for (let frame = decoder.next(); frame; frame = decoder.next())
          this.heard.push(JSON.parse(frame.json.toString()) as BuildHostMessage);
      });
  }

  static async connectedTo(directory: string): Promise<Peer> {
    const socket = connect(join(directory, 'socket'));
    await once(socket, 'connect');
    return new Peer(socket);
  }

  say(message: object, body?: Buffer): void {
    for (const part of encodeFrame(JSON.stringify(message), body)) this.socket.write(part);
  }
}

describe('the conversation with a builder', () => {
  let ipc: TemporaryIpc;
  let endpoint: PeerEndpoint<BuilderMessage, BuildHostMessage, BuilderSession>;
  let peer: Peer;
  let session: BuilderSession;
  let told: string[];
  let written: Buffer;
  let disk: (bytes: Buffer) => Promise<void>;

  beforeEach(async () => {
    ipc = new TemporaryIpc();
    endpoint = await ipc.service.openFor(builderDialect);
    peer = await Peer.connectedTo(endpoint.directory);
    peer.say({ type: 'hello', protocolVersion: 1, token: endpoint.token });
    session = await endpoint.session;
    told = [];
    written = Buffer.alloc(0);
    disk = async (bytes) => {
      written = Buffer.concat([written, bytes]);
    };
  });

  afterEach(async () => {
    await endpoint.close();
    ipc.remove();
  });

  const run = (changed: object = {}) =>
    session.run(
      order,
      { ...limits, ...changed },
      {
        onStep: (step) => told.push(step),
        onLine: (stream, text) => told.push(`${stream}: ${text}`),
        write: (bytes) => disk(bytes),
      },
    );

  it('is an order, steps, lines, bytes and an outcome', async () => {
    const outcome = run();
    peer.say({ type: 'step', step: 'install' });
    peer.say({ type: 'log', stream: 'stdout', text: 'added 1 package' });
    peer.say({ type: 'chunk' }, Buffer.from('zip'));
    peer.say({ type: 'done', facts });
    peer.socket.end();
    await expect(outcome).resolves.toEqual(facts);
    expect(told).toEqual(['install', 'stdout: added 1 package']);
    expect(written.toString()).toBe('zip');
    await until(() => peer.heard.length > 0);
    expect(peer.heard[0]).toEqual(order);
  });

  it('ends when the last byte is on the disk, whatever the builder does meanwhile', async () => {
    const slow = Promise.withResolvers<undefined>();
    disk = () => slow.promise;
    const outcome = run();
    peer.say({ type: 'chunk' }, Buffer.from('zip'));
    peer.say({ type: 'done', facts });
    peer.socket.destroy();
    slow.resolve(undefined);
    await expect(outcome).resolves.toEqual(facts);
  });

  it('fails as the builder says, step and sentence', async () => {
    const outcome = run();
    peer.say({ type: 'failed', step: 'install', exitCode: 1, message: 'npm ci failed.' });
    await expect(outcome).rejects.toEqual(new BuildFailure('install', 'npm ci failed.'));
  });

  it('fails as the disk does', async () => {
    disk = () => Promise.reject(new Error('full'));
    const outcome = run();
    peer.say({ type: 'chunk' }, Buffer.from('zip'));
    await expect(outcome).rejects.toThrow('full');
  });

  it('gives credit for each chunk that is on the disk', async () => {
    const outcome = run();
    for (let chunk = 0; chunk < 3; chunk += 1) peer.say({ type: 'chunk' }, Buffer.from('x'));
    peer.say({ type: 'done', facts });
    await outcome;
    const credits = () => peer.heard.filter(({ type }) => type === 'credit');
    await until(() => credits().length === 3);
  });

  it.each<[string, (peer: Peer) => void]>([
    [
      'says what is none of its messages',
      (one) => {
        one.say({ type: 'publish' });
      },
    ],
    [
      'says hello again',
      (one) => {
        one.say({ type: 'hello', protocolVersion: 1, token: '' });
      },
    ],
    [
      'counts other bytes than it sent',
      (one) => {
        one.say({ type: 'done', facts: { ...facts, bytes: 4 } });
      },
    ],
    [
      'leaves',
      (one) => {
        one.socket.end();
      },
    ],
  ])('is broken off when the builder %s', async (_what, misbehave) => {
    const outcome = run();
    misbehave(peer);
    await expect(outcome).rejects.toBeInstanceOf(PeerError);
  });

  it('is broken off when chunks come without credit', async () => {
    disk = () => new Promise(() => undefined);
    const outcome = run();
    for (let chunk = 0; chunk <= buildWindowChunks; chunk += 1) peer.say({ type: 'chunk' }, Buffer.from('x'));
    await expect(outcome).rejects.toMatchObject({ kind: 'violation' });
  });

  it('takes no more bytes than an archive may have', async () => {
    const outcome = run();
    for (let chunk = 0; chunk < 3; chunk += 1) peer.say({ type: 'chunk' }, Buffer.alloc(400));
    await expect(outcome).rejects.toMatchObject({ reason: 'archive_too_large' });
  });

  it('takes no more lines than a build may print, empty ones included', async () => {
    const outcome = run();
    for (let line = 0; line < 20; line += 1) peer.say({ type: 'log', stream: 'stdout', text: '' });
    await expect(outcome).rejects.toThrow('GLAMBDAR_BUILD_OUTPUT_MIB');
    expect(told.length).toBeLessThan(20);
  });
});
