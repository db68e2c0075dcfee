import { ServerEventParser } from './server-events.js';

const stream =
  ': alive\n\nid: 7\nevent: line\ndata: {"a":1}\n\ndata: two\ndata:lines\n\nevent: end\n\n: alive\n\ndata\n\n';
const events = [
  { name: 'line', data: '{"a":1}', id: '7' },
  { name: 'message', data: 'two\nlines', id: '7' },
  { name: 'message', data: '', id: '7' },
];

describe('a stream of events', () => {
  it.each(['\n', '\r\n', '\r'])('is taken apart at line ends %j, however it arrives', (end) => {
    const text = stream.replaceAll('\n', end);
    for (const size of [1, 2, 3, 7, text.length]) {
      const parser = new ServerEventParser();
      const found = [];
      for (let at = 0; at < text.length; at += size) found.push(...parser.push(text.slice(at, at + size)));
      found.push(...parser.push(end === '\r' ? 'x' : ''));
      expect(found).toEqual(events);
    }
  });

  it('has no event before its end', () => {
    const parser = new ServerEventParser();
    expect(parser.push('data: half')).toEqual([]);
    expect(parser.push('\n\n')).toEqual([{ name: 'message', data: 'half', id: '' }]);
  });

  it('has no event without an end', () => {
    expect(() => new ServerEventParser().push('x'.repeat(2_000_000))).toThrow(RangeError);
    const parser = new ServerEventParser();
    expect(() => {
      for (let n = 0; n < 200; n += 1) parser.push(`data: ${'x'.repeat(10_000)}\n`);
    }).toThrow(RangeError);
  });
});
