import { counted, duration } from '../../../format/units.js';
import { Message } from '../../../parts/message.js';
import type { LiveLog } from './live-log.js';

/** Whether new lines come, announced when that changes; the lines themselves are too many to be read aloud. */
export function LogStatus({ log }: { readonly log: LiveLog }) {
  const state = log.state.value;
  const isEnded = state.kind === 'ended';
  return (
    <>
      <p class="log-status" role="status">
        <span class={`dot dot-${log.isPaused.value ? 'paused' : state.kind}`} aria-hidden="true" />
        {log.isPaused.value ? 'Paused' : words(state)}
        {log.waiting.value > 0 && <span aria-hidden="true">: {counted(log.waiting.value, 'new line')}</span>}
      </p>
      {isEnded && typeof state.reason === 'string' && (
        <Message tone="bad" title="The log cannot be followed.">
          {state.reason}
        </Message>
      )}
    </>
  );
}

function words(state: LiveLog['state']['value']): string {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting';
    case 'open':
      return 'Following';
    case 'waiting':
      return `Connection lost; trying again in ${duration(state.ms)}`;
    case 'ended':
      return 'Ended';
  }
}
