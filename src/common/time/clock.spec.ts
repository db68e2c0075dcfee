import { setTimeout } from 'node:timers/promises';
import { clockContract } from '../../../test/contract/clock.contract.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { SystemClock } from './clock.js';

clockContract('SystemClock', () => ({
  clock: new SystemClock(),
  // The one place that waits for real: nothing else can show that the real clock keeps time.
  elapse: (ms) => setTimeout(ms + 1),
}));

clockContract('ManualClock', () => {
  const clock = new ManualClock();
  return {
    clock,
    elapse: async (ms) => {
      clock.advance(ms);
    },
  };
});
