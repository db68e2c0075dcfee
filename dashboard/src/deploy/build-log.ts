import { signal } from '@preact/signals';
import { follow } from '../api/event-stream.js';

/** A line as the server tells it. */
export interface Told {
  readonly stream: string;
  readonly text: string;
}

export interface BuildLine extends Told {
  readonly number: number;
}

const keptLines = 2000;
const firstPauseMs = 300;
const longestPauseMs = 3000;

/** How long the last lines may take after the deployment itself has been answered. */
const lastLinesMs = 5000;

/** The log of one build, as it grows. */
export class BuildLog {
  readonly lines = signal<readonly BuildLine[]>([]);
  /** How many of the first lines are no longer shown. */
  readonly forgotten = signal(0);
  private count = 0;
  private stopStream: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pauseMs = firstPauseMs;
  private isFollowing = false;
  private isOpen = false;
  private isFinished = false;
  private hasEnded = false;

  constructor(private readonly buildId: string) {}

  /**
   * A build exists on the server from the moment at which the head of the upload has arrived, which nobody tells the
   * page; so it asks again, ever more rarely, until there is one, or until `finish`.
   */
  follow(): void {
    if (this.hasEnded || this.isFollowing) return;
    this.isFollowing = true;
    this.stopStream = follow(`/builds/${this.buildId}?follow=true`, {
      on: {
        line: (line) => {
          this.add(line as Told);
        },
        end: () => {
          this.hasEnded = true;
        },
      },
      isLast: (name) => name === 'end',
      onState: ({ kind }) => {
        this.isOpen = kind === 'open';
        if (kind === 'ended') this.followLater();
      },
    });
  }

  private followLater(): void {
    if (this.hasEnded || this.isFinished || this.count > 0) return;
    this.timer = setTimeout(() => {
      this.isFollowing = false;
      this.follow();
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
  }

  /** The deployment is over: lines that are on their way still come, and nothing else is waited for. */
  finish(): void {
    this.isFinished = true;
    clearTimeout(this.timer);
    if (this.isOpen)
      this.timer = setTimeout(() => {
        this.stop();
      }, lastLinesMs);
    else this.stop();
  }

  private stop(): void {
    this.hasEnded = true;
    this.stopStream?.();
  }

  /** What a failed deployment tells of its log, where nothing could be followed. */
  fill(lines: readonly Told[]): void {
    if (this.count > 0 || this.isOpen) return;
    for (const line of lines) this.add(line);
  }

  private add({ stream, text }: Told): void {
    this.count += 1;
    const lines = [...this.lines.peek(), { number: this.count, stream, text }];
    this.lines.value = lines.slice(-keptLines);
    this.forgotten.value = this.count - this.lines.peek().length;
  }
}
