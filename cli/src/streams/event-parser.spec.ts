import fc from 'fast-check';
import { EventParser } from './event-parser.js';

const stream =
  ': heartbeat\n\nid: 7\nevent: line\ndata: {"a":1}\n\nid: 8\nevent: line\ndata: one\ndata: two\n\ndata:bare\n\n';
const events = [
  { event: 'line', data: '{"a":1}', id: '7' },
  { event: 'line', data: 'one\ntwo', id: '8' },
  { event: 'message', data: 'bare', id: '8' },
];

describe('server-sent events', () => {
  it('are the same in whatever pieces they arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
        const parser = new EventParser();
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const found = at.slice(1).flatMap((end, piece) => parser.push(stream.slice(at[piece], end)));
        expect(found).toEqual(events);
      }),
    );
  });

  it('may end their lines as HTTP does', () => {
    expect(new EventParser().push(stream.replaceAll('\n', '\r\n'))).toEqual(events);
  });

  it('are none as long as they are not complete', () => {
    expect(new EventParser().push('event: line\ndata: {"a"')).toEqual([]);
  });
});
