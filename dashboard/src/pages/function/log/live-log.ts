import type { LogLineResponse } from '@glambdar/client';
import { signal } from '@preact/signals';
import { follow } from '../../../api/event-stream.js';
import type { FollowState } from '../../../api/follow-events.js';
import { counted } from '../../../format/units.js';
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
  /** Lines that have come while it was paused. */
  readonly waiting = signal(0);
  private received = emptyLog;
  private undrawn = 0;
  private isDrawing = false;

  constructor(private readonly name: string) {}

  /** Begins; what it returns ends it. */
  start(): () => void {
    return follow(`/logs/${encodeURIComponent(this.name)}?follow=true`, {
      on: {
        line: (line) => {
          this.received = withLines(this.received, [line as LogLineResponse]);
          this.undrawn += 1;
          this.drawSoon();
        },
        dropped: (dropped) => {
          const { lines } = dropped as { readonly lines: number };
          this.say(`${counted(lines, 'line')} came faster than they could be sent.`);
        },
        end: (end) => {
          const reason = reasonOf(end);
          if (!passing.has(reason)) this.say(sentences[reason] ?? `The log ended: ${reason}.`);
        },
      },
      isLast: (name, data) => name === 'end' && !passing.has(reasonOf(data)),
      onState: (state) => {
        this.state.value = state;
      },
    });
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

  private say(text: string): void {
    this.received = withGap(this.received, text);
    this.drawSoon();
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

function reasonOf(end: unknown): string {
  return (end as { readonly reason: string }).reason;
}
