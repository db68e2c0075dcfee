import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { Relay } from './relay.js';

/** An end that has nothing below it: a test says what comes from it, and when it takes what it is sent. */
class End extends Socket {
  readonly sent: string[] = [];
  private onTaken: () => void = () => undefined;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.sent.push(chunk.toString());
    this.onTaken = done;
  }

  takeLast(): void {
    this.onTaken();
  }
}

const pace = { carried: () => undefined, isSpent: () => false, whenAgain: () => () => undefined };
const limits = { idleMs: 1000, ageMs: 9000, maxBytes: 100, lastCallMs: () => 0, pace };
const listener = { onBytes: () => undefined, onCut: () => undefined, onClosed: () => undefined };

describe('a relay to an end that takes nothing', () => {
  it.each(['out', 'in'] as const)(
    'reads no more before the last piece is on its way: %s',
    async (direction) => {
      const [client, destination] = [new End(), new End()];
      const relay = new Relay(client, destination, new ManualClock(), limits, listener);
      const [from, to] = direction === 'out' ? [client, destination] : [destination, client];
      for (const piece of ['a', 'b', 'c']) {
        from.push(piece);
        await turn();
      }
      expect([to.sent, from.isPaused()]).toEqual([['a'], true]);
      to.takeLast();
      await turn();
      expect(to.sent.join('')).toMatch(/^ab/);
      relay.end();
    },
  );

  it('is over when its idle time is', async () => {
    const clock = new ManualClock();
    const [client, destination] = [new End(), new End()];
    new Relay(client, destination, clock, limits, listener);
    client.push('a');
    await turn();
    destination.destroy();
    await turn();
    clock.advance(1000);
    expect([client.destroyed, clock.pendingTimers]).toEqual([true, 0]);
  });
});
