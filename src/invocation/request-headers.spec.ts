import { forwardedHeaders } from './request-headers.js';

const noKey = { hasShownKey: false };

describe('the headers a function sees', () => {
  it('are what the client sent', () => {
    const received = {
      'content-type': 'text/plain',
      authorization: 'Bearer x',
      'set-cookie': ['a=1', 'b=2'],
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual(received);
  });

  it('leave out what speaks of the connection', () => {
    const received = {
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      upgrade: 'h2c',
    };
    expect({ ...forwardedHeaders(received, noKey) }).toEqual({});
  });

  it('leave out claims about where the request came from', () => {
    expect({
      ...forwardedHeaders({ 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' }, noKey),
    }).toEqual({});
  });

  it('take no notice of names that objects have by themselves', () => {
    const received = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    expect(Object.entries(forwardedHeaders(received, noKey))).toEqual(Object.entries(received));
  });

  it('leave out the key that the caller has shown to the server', () => {
    const received = { authorization: 'Bearer glb_x', accept: '*/*' };
    expect({ ...forwardedHeaders(received, { hasShownKey: true }) }).toEqual({ accept: '*/*' });
  });
});
