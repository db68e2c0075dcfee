import fc from 'fast-check';
import { encodeFrame, FrameDecoder, type FrameLimits } from './frame.js';
import { ProtocolViolation } from './protocol-violation.js';

const limits: FrameLimits = { maxJsonBytes: 1000, maxBodyBytes: 40_000 };

interface Decoded {
  readonly json: string;
  readonly body: string;
}

function decodeAll(decoder: FrameDecoder, chunks: readonly Buffer[]): Decoded[] {
  const decoded: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      decoded.push({ json: frame.json.toString(), body: frame.body.toString('hex') });
    }
  }
  return decoded;
}

/** The stream cut at these places; a place may come twice, so chunks may be empty. */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return sorted.map((end, index) => stream.subarray(sorted[index - 1] ?? 0, end));
}

const anyFrame = fc.record({
  json: fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }),
  body: fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constant(new Uint8Array(20_000).fill(7))),
});

describe('a stream of frames', () => {
  it('gives the same frames however it was cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (frames, places) => {
          const stream = Buffer.concat(frames.flatMap(({ json, body }) => encodeFrame(json, body)));
          const decoder = new FrameDecoder(limits);
          expect(decodeAll(decoder, cut(stream, places))).toEqual(
            frames.map(({ json, body }) => ({ json, body: Buffer.from(body).toString('hex') })),
          );
          expect(decoder.isInsideFrame).toBe(false);
        },
      ),
    );
  });

  it('is either frames within the limits or a violation, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (bytes, places) => {
          try {
            for (const { json } of decodeAll(new FrameDecoder(limits), cut(Buffer.from(bytes), places))) {
              expect(json.length).toBeGreaterThan(0);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolViolation);
          }
        },
      ),
    );
  });

  it('survives one byte at a time', () => {
    const stream = Buffer.concat(encodeFrame('{}', Buffer.alloc(30_000, 1)));
    const chunks = Array.from(stream, (_, index) => stream.subarray(index, index + 1));
    expect(decodeAll(new FrameDecoder(limits), chunks)).toEqual([{ json: '{}', body: '01'.repeat(30_000) }]);
  });

  it.each([
    ['JSON one byte too long', [1001, 0], 'json-too-long'],
    ['a body one byte too long', [2, 40_001], 'body-too-long'],
    ['the largest lengths there are', [0xffff_ffff, 0xffff_ffff], 'json-too-long'],
    ['no JSON', [0, 10], 'invalid-json'],
  ])('is refused by its header alone: %s', (_, [jsonBytes, bodyBytes], reason) => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(jsonBytes!, 0);
    header.writeUInt32BE(bodyBytes!, 4);
    const decoder = new FrameDecoder(limits);
    decoder.push(header);
    expect(() => decoder.next()).toThrow(expect.objectContaining({ reason }) as Error);
  });

  it('may use its limits fully', () => {
    const frame = Buffer.concat(encodeFrame('x'.repeat(1000), Buffer.alloc(40_000)));
    expect(decodeAll(new FrameDecoder(limits), [frame])).toHaveLength(1);
  });

  it('is inside a frame from its first byte to its last', () => {
    const frame = Buffer.concat(encodeFrame('{}'));
    const decoder = new FrameDecoder(limits);
    expect(decoder.isInsideFrame).toBe(false);
    decodeAll(decoder, [frame.subarray(0, 1)]);
    expect(decoder.isInsideFrame).toBe(true);
    decodeAll(decoder, [frame.subarray(1, 9)]);
    expect(decoder.isInsideFrame).toBe(true);
    decodeAll(decoder, [frame.subarray(9)]);
    expect(decoder.isInsideFrame).toBe(false);
  });
});
