/** The log of a build, line by line while it runs. */
import { setTimeout as passed } from 'node:timers/promises';
import type { Server } from '../api/server.js';
import { EventParser } from '../streams/event-parser.js';

export interface BuildLine {
  readonly text: string;
}

const askAgainMs = 250;

/**
 * Resolves when the log ends. The server knows the build when it has read the head of the deployment, which may be a
 * moment later: it is asked again until the deployment is over. That the log cannot be followed is no reason for the
 * deployment to fail.
 */
export async function followBuild(
  server: Server,
  id: string,
  { signal, isOver }: { readonly signal: AbortSignal; readonly isOver: AbortSignal },
  onLine: (line: BuildLine) => void,
): Promise<void> {
  try {
    for (;;) {
      const response = await server.fetch(`/builds/${id}?follow=true`, {
        signal,
        headers: { accept: 'text/event-stream' },
      });
      if (response.ok) {
        await readLines(response, onLine);
        return;
      }
      await response.body?.cancel();
      if (response.status !== 404 || isOver.aborted) return;
      const waiting = AbortSignal.any([signal, isOver]);
      await passed(askAgainMs, undefined, { signal: waiting }).catch(() => undefined);
    }
  } catch {
    // The deployment itself says what is wrong.
  }
}

async function readLines({ body }: Response, onLine: (line: BuildLine) => void): Promise<void> {
  if (body === null) return;
  const parser = new EventParser();
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    for (const { event, data } of parser.push(decoder.decode(chunk as Uint8Array, { stream: true }))) {
      if (event === 'end') return;
      if (event === 'line') onLine(JSON.parse(data) as BuildLine);
    }
  }
}
