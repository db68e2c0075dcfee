import { invocationRecord } from '../../../test/support/builders/calls.js';
import { InvocationResponse } from './invocation-response.js';

describe('what the API shows of a call', () => {
  it.each([
    { kind: 'http' },
    { kind: 'event', eventId: 'e-1' },
    { kind: 'schedule', eventId: 'e-1', schedule: 'nightly' },
  ] as const)('says what made it: $kind', (trigger) => {
    expect(new InvocationResponse(invocationRecord('i-1', { trigger })).trigger).toEqual(trigger);
  });

  it('does not know what made a call that an earlier server recorded', () => {
    const { trigger, ...earlier } = invocationRecord('i-1');
    expect([trigger?.kind, new InvocationResponse(earlier).trigger]).toEqual(['http', null]);
  });
});
