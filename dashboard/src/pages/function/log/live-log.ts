import type { LogLineResponse } from '@glambdar/client';
import { signal } from '@preact/signals';
import { followEvents, type FollowState, pause } from '../../../api/follow-events.js';
import { errorOf } from '../../../api/problem.js';
import { noticeRefusal } from '../../../api/client.js';
import type { ServerEvent } from '../../../api/server-events.js';
import { counted } from '../../../format/units.js';
import { serverPrefix } from '../../../routes.js';
import { emptyLog, type LogBuffer, withGap, withLines } from './log-buffer.js';

/** A server that stops, or that has followed for as long as it may, is asked again; all else is for good. */
const passing = new Set(['shutdown', 'time-limit']);

const sentences: Readonly<Record<string, string>> = {
  deleted: 'The function was deleted.',
  revoked: 'Your key was revoked.',
  expired: 'Your key has expired.',
  forbidden: 'Your key does not include this log any more.',
  'key-needed': 'The server asks for keys now; sign in.',
};

/** How often the page draws what has come meanwhile: a function prints faster than anybody reads. */
const drawEveryMs = 100;

/** A function's log as it is printed. While it is paused, lines are still received: none is missed for reading slowly. */
export class LiveLog {
  readonly shown = signal<LogBuffer>(emptyLog);
  readonly state = signal<FollowState>({ kind: 'connecting' });
  readonly isPaused = signal(false);
  readonly waiting = signal(0);
  private received = emptyLog;
  private undrawn = 0;
  private isDrawing = false;

  constructor(private readonly name: string) {}

  /** Begins; what it returns ends it. */
  start(): () => void {
    const stop = new AbortController();
    void followEvents(
      {
        open: (lastEventId, still) => this.open(lastEventId, still),
        onEvent: (event) => this.hear(event),
        onState: (state) => {
          this.state.value = state;
        },
        pause,
        refusal: async (answer) => {
          const body: unknown = await answer.json().catch(() => undefined);
          noticeRefusal(answer.status, body);
          return errorOf(body, answer.status).message;
        },
      },
      stop.signal,
    );
    return () => {
      stop.abort();
    };
  }

  setPaused(isPaused: boolean): void {
    this.isPaused.value = isPaused;
    if (!isPaused) this.draw();
  }

  /** Forgets what is shown; the server keeps it. */
  clear(): void {
    this.received = { ...emptyLog, lastSequence: this.received.lastSequence };
    this.draw();
  }

  private open(lastEventId: string | undefined, still: AbortSignal): Promise<Response> {
    return fetch(`${serverPrefix}/logs/${encodeURIComponent(this.name)}?follow=true`, {
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      cache: 'no-store',
      signal: still,
    });
  }

  private hear({ name, data }: ServerEvent): boolean {
    const value = JSON.parse(data) as unknown;
    if (name === 'line') {
      this.received = withLines(this.received, [value as LogLineResponse]);
      this.undrawn += 1;
    }
    if (name === 'dropped') {
      const { lines } = value as { lines: number };
      this.received = withGap(
        this.received,
        `${counted(lines, 'line')} came faster than they could be sent.`,
      );
    }
    const reason = name === 'end' ? (value as { reason: string }).reason : undefined;
    const isLast = reason !== undefined && !passing.has(reason);
    if (isLast) this.received = withGap(this.received, sentences[reason] ?? `The log ended: ${reason}.`);
    this.drawSoon();
    return isLast;
  }

  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    setTimeout(() => {
      this.isDrawing = false;
      if (this.isPaused.peek()) this.waiting.value = this.undrawn;
      else this.draw();
    }, drawEveryMs);
  }

  private draw(): void {
    this.undrawn = 0;
    this.waiting.value = 0;
    this.shown.value = this.received;
  }
}
