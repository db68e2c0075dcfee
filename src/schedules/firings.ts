import { Injectable } from '@nestjs/common';

/**
 * `fired`: an event was made. `refused`: none could be made, and it is tried again. `given-up`: none could be made before the
 * schedule was due again. `left-out`: one or more times passed while the server did not run.
 */
export const firingOutcomes = ['fired', 'refused', 'given-up', 'left-out'] as const;
export type FiringOutcome = (typeof firingOutcomes)[number];

/** Gets each outcome, and of a firing how late it was. */
export type FiringListener = (outcome: FiringOutcome, latenessMs: number | undefined) => void;

/** Tells whoever counts how schedules fare. */
@Injectable()
export class Firings {
  private readonly listeners: FiringListener[] = [];

  onOutcome(listener: FiringListener): void {
    this.listeners.push(listener);
  }

  tell(outcome: FiringOutcome, latenessMs?: number): void {
    for (const listener of this.listeners) listener(outcome, latenessMs);
  }
}
