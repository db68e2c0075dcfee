import { invocationRecord } from '../../../test/support/builders/calls.js';
import { InvocationResponse } from './invocation-response.js';

describe('what the API shows of a call', () => {
  it.each([
    { kind: 'event', eventId: 'e-1' },
    { kind: 'schedule', eventId: 'e-1', schedule: 'nightly' },
  ] as const)('says what made it: $kind', (trigger) => {
    expect(new InvocationResponse(invocationRecord('i-1', { trigger })).trigger).toEqual(trigger);
  });

  it('says of every other call that a request made it', () => {
    expect(new InvocationResponse(invocationRecord('i-1')).trigger).toEqual({ kind: 'http' });
  });
});
