import { setTimeout as after } from 'node:timers/promises';
import type { TrialClient, HostileServer } from '../server.js';
import type { Plumage } from './fair-canary.js';

export type Isolation = 'fresh' | 'warm';

/** Who is there. All attackers share one key; the canary and whoever else must be served have another. */
export interface Scene {
  readonly server: HostileServer;
  readonly admin: TrialClient;
  readonly hostile: TrialClient;
  readonly hostileKey: string;
  readonly other: TrialClient;
  /** A port of this machine that functions may connect to, where every connection is accepted. */
  readonly outsidePort: number;
}

/** One of several attackers of the same kind; its functions' names begin with `name`. */
export interface Copy {
  readonly name: string;
  readonly isolation: Isolation;
  /** How long a round lasts. */
  readonly roundMs: number;
}

/** One round of it: attacks until the signal, and rejects when somebody was not served who should be. */
export type Assault = (over: AbortSignal) => Promise<unknown>;

/** What the canary keeps while it is attacked. */
export interface Bound {
  /** Of its calls. */
  readonly share: number;
  /** So many milliseconds at most, */
  readonly mostMs: number;
  /** or so many times what it has while nobody attacks, where that is more. */
  readonly timesQuiet: number;
}

export interface Attack {
  readonly title: string;
  /** Of all functions, the canary included; the quick run tries the first. */
  readonly isolations: readonly [Isolation, ...Isolation[]];
  /** Too dear for the quick run, or too much like another one. */
  readonly onlyFull?: true;
  readonly bound: Bound;
  /** Where the canary has to use what is attacked. */
  readonly plumage?: (scene: Scene, isolation: Isolation) => Plumage;
  prepare(scene: Scene, copy: Copy): Promise<Assault>;
  /** Before each round, its quiet part included. */
  readonly makeReady?: (scene: Scene) => Promise<unknown>;
}

export const withinASecond: Bound = { share: 0.99, mostMs: 1000, timesQuiet: 2 };

/** Resolves when the round is over. */
export function untilOver(over: AbortSignal): Promise<void> {
  if (over.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    over.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** Repeats the work in so many loops at once until the round is over. */
export async function inParallelUntil(
  over: AbortSignal,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  const loop = async (number: number) => {
    while (!over.aborted) await work(number);
  };
  await Promise.all(Array.from({ length: width }, (_, number) => loop(number)));
}

/** Between two tries of a caller that is refused at once: what is measured is not how fast refusals are written. */
const refusedPauseMs = 50;

/** So many callers side by side, each with one call after the other. */
export function callersUntil(
  over: AbortSignal,
  client: TrialClient,
  callers: number,
  nameOf: (caller: number) => string,
): Promise<void> {
  return inParallelUntil(over, callers, async (caller) => {
    const answer = await client.invokeUntil(over, nameOf(caller));
    if (answer?.status !== 200 && !over.aborted) await after(refusedPauseMs);
  });
}
