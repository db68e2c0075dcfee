import { request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Reading } from './fair-canary.js';

/** What a canary's thread is told at its start. */
export interface VoiceOptions {
  readonly port: number;
  readonly key: string;
  readonly functionName: string;
  /** Callers side by side, each with one call at a time. */
  readonly callers: number;
  readonly pauseMs: number;
}

/** `sing` begins a round; `rest` ends it, and is answered with all that was read of it. */
export type Wish = 'sing' | 'rest';

const answerTimeoutMs = 120_000;

const { port, key, functionName, callers, pauseMs } = workerData as VoiceOptions;
let songs = 0;
let readings: Reading[] = [];
let isSinging = false;
let singing: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (wish: Wish) => {
  isSinging = wish === 'sing';
  if (isSinging) {
    readings = [];
    singing = Promise.all(Array.from({ length: callers }, sing));
  } else void singing.then(() => parentPort?.postMessage(readings));
});

async function sing(): Promise<void> {
  while (isSinging) {
    songs += 1;
    readings.push(await call(`song ${songs}`));
    await after(pauseMs);
  }
}

/** On a connection of its own: whoever comes new must be served as well. */
async function call(song: string): Promise<Reading> {
  const startedMs = performance.now();
  const { status, invocationId, text } = await answerTo(song).catch((error: unknown) => ({
    status: 0,
    invocationId: '',
    text: String(error),
  }));
  const isRight = status === 200 && text === JSON.stringify(song);
  const tookMs = performance.now() - startedMs;
  return { invocationId, song, tookMs, error: isRight ? '' : `${status} ${text.slice(0, 300)}` };
}

function answerTo(song: string): Promise<{ status: number; invocationId: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-length': Buffer.byteLength(song) };
    const options = { port, host: '127.0.0.1', method: 'POST', path: `/invoke/${functionName}`, headers };
    const asked = request({ ...options, agent: false, signal: AbortSignal.timeout(answerTimeoutMs) });
    asked.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject).on('data', (part: string) => (text += part));
      response.on('end', () => {
        const invocationId = String(response.headers['x-glambdar-invocation-id'] ?? '');
        resolve({ status: response.statusCode ?? 0, invocationId, text });
      });
    });
    asked.end(song);
  });
}
