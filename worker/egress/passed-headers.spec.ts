import { passedHeaders } from './passed-headers.js';

describe('a proxy inside the container', () => {
  it.each([
    'connection',
    'keep-alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
  ])('keeps what is for itself, or for the connection to it: %s', (name) => {
    expect(passedHeaders({ [name]: 'x', accept: '*/*' })).toEqual({ accept: '*/*' });
  });

  it('sends on all others as they are, and how the body comes', () => {
    const headers = {
      host: 'example.com',
      authorization: 'Basic eDp5',
      'content-length': '3',
      'set-cookie': ['a=1', 'b=2'],
      'transfer-encoding': 'chunked',
      expect: '100-continue',
      'x-own': '1',
    };
    expect(passedHeaders(headers)).toEqual(headers);
  });
});
