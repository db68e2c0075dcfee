import { traceContextOf } from './trace-context.js';

const invocationId = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';
const spanId = '8c7d1f2e3d4c5b6a';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';

const contextOf = (traceparent?: string, tracestate?: string) =>
  traceContextOf({ traceparent, tracestate }, invocationId);

describe("a call's place in a trace", () => {
  it.each([
    ['sampled', `00-${traceId}-${parent}-01`, '01'],
    ['not sampled', `00-${traceId}-${parent}-00`, '00'],
    ['flags that the standard reserves', `00-${traceId}-${parent}-ff`, '01'],
    ['a later version', `cc-${traceId}-${parent}-01`, '01'],
    ['a later version with more in it', `cc-${traceId}-${parent}-01-what-the-future-brings`, '01'],
  ])("goes on with the caller's, under its own span: %s", (_, traceparent, flags) => {
    expect(contextOf(traceparent, 'vendor=1')).toEqual({
      traceId,
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: 'vendor=1',
    });
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['no trace id', `00-${'0'.repeat(32)}-${parent}-01`],
    ['no parent id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-${parent}-01`],
    ['too short', `00-${traceId.slice(1)}-${parent}-01`],
    ['too long for its version', `00-${traceId}-${parent}-01-more`],
    ['the forbidden version', `ff-${traceId}-${parent}-01`],
    ['no flags', `00-${traceId}-${parent}`],
    ['two of them', `00-${traceId}-${parent}-01, 00-${traceId}-${parent}-01`],
    ['something after it', `00-${traceId}-${parent}-01\n`],
  ])('begins with the call, not sampled, where the caller sent %s', (_, traceparent) => {
    const begun = '5bd66ef509544a1c8c7d1f2e3d4c5b6a';
    expect(contextOf(traceparent, 'vendor=1')).toEqual({
      traceId: begun,
      traceparent: `00-${begun}-${spanId}-00`,
      tracestate: undefined,
    });
  });
});
