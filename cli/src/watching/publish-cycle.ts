/** When to publish what is being changed: pure. Never twice at once, and never without the last change. */

export type CycleState =
  | { readonly phase: 'idle' }
  /** A change came; the others of the same save are on their way. */
  | { readonly phase: 'settling' }
  | { readonly phase: 'publishing'; readonly isOutdated: boolean };

export type CycleEvent = 'changed' | 'settled' | 'published';

export type CycleAction = 'settle' | 'publish' | undefined;

export const idle: CycleState = { phase: 'idle' };

const settling = { state: { phase: 'settling' }, action: 'settle' } as const;

/** `published` says that a publication is over, whatever came of it. */
export function nextInCycle(
  state: CycleState,
  event: CycleEvent,
): { readonly state: CycleState; readonly action: CycleAction } {
  if (state.phase === 'idle' && event === 'changed') return settling;
  if (state.phase === 'settling' && event === 'settled')
    return { state: { phase: 'publishing', isOutdated: false }, action: 'publish' };
  if (state.phase === 'publishing' && event === 'changed')
    return { state: { phase: 'publishing', isOutdated: true }, action: undefined };
  if (state.phase === 'publishing' && event === 'published')
    return state.isOutdated ? settling : { state: idle, action: undefined };
  return { state, action: undefined };
}
