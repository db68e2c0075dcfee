import { forwardedHeaders } from './request-headers.js';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', traceparent, tracestate: undefined };
const noKey = { hasShownKey: false, trace };

describe('the headers a function sees', () => {
  it('are what the client sent', () => {
    const received = {
      'content-type': 'text/plain',
      authorization: 'Bearer x',
      'set-cookie': ['a=1', 'b=2'],
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({ ...received, traceparent });
  });

  it('leave out what speaks of the connection', () => {
    const received = {
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      upgrade: 'h2c',
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({ traceparent });
  });

  it('leave out claims about where the request came from', () => {
    expect({
      ...forwardedHeaders({ 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' }, noKey),
    }).toEqual({ traceparent });
  });

  it('take no notice of names that objects have by themselves', () => {
    const received = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    const forwarded = forwardedHeaders(received, noKey);
    // Node itself drops a header of the first name: its own object of headers cannot hold it.
    expect(Object.entries(forwarded)).toEqual([
      ['constructor', 'y'],
      ['traceparent', traceparent],
    ]);
    expect(Object.getPrototypeOf(forwarded)).toBe(Object.prototype);
  });

  it('leave out the key that the caller has shown to the server', () => {
    const received = { authorization: 'Bearer glb_x', accept: '*/*' };
    expect({ ...forwardedHeaders(received, { hasShownKey: true, trace }) }).toEqual({
      accept: '*/*',
      traceparent,
    });
  });

  it('hold the Authorization of a call whose key came in X-Glambdar-Key, untouched, and never that key', () => {
    const secret = 'k'.repeat(43);
    const key = { 'x-glambdar-key': `glb_0123456789ab_${secret}` };
    const own = { authorization: 'Bearer token of the function' };
    const context = { hasShownKey: true, trace };
    expect({ ...forwardedHeaders({ ...own, ...key }, context) }).toEqual({ ...own, traceparent });
    expect({ ...forwardedHeaders({ ...own, ...key }, noKey) }).toEqual({ ...own, traceparent });
    expect({ ...forwardedHeaders(key, context) }).toEqual({ traceparent });
    // Some clients send what they have in both.
    const twice = { authorization: `Bearer GLB_0123456789AB_${secret}`, ...key };
    expect({ ...forwardedHeaders(twice, context) }).toEqual({ traceparent });
  });

  it("place the function below the call in the caller's trace", () => {
    const received = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-aaaaaaaaaaaaaaaa-01',
      tracestate: 'a=1',
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({ traceparent });
    const withState = { ...noKey, trace: { ...trace, tracestate: 'a=1' } };
    expect({ ...forwardedHeaders(received, withState) }).toEqual({ traceparent, tracestate: 'a=1' });
  });
});
