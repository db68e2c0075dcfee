import fc from 'fast-check';
import type { OutputStream } from '../container-engine.js';
import { FrameDemuxer } from './frame-demuxer.js';

interface Frame {
  readonly stream: OutputStream;
  readonly payload: Buffer;
}

function encode({ stream, payload }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function demultiplexed(chunks: readonly Buffer[]): Record<OutputStream, string> {
  const printed = { stdout: '', stderr: '' };
  const demuxer = new FrameDemuxer((stream, bytes) => (printed[stream] += bytes.toString('latin1')));
  for (const chunk of chunks) {
    demuxer.push(chunk);
    while (demuxer.next());
  }
  return printed;
}

/** The same bytes in chunks of the given sizes. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(offset, offset + size));
    offset += size;
  }
  return [...chunks, bytes.subarray(offset)];
}

describe('FrameDemuxer', () => {
  const frames = fc.array(
    fc.record({
      stream: fc.constantFrom<OutputStream>('stdout', 'stderr'),
      payload: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    }),
    { maxLength: 8 },
  );

  it('gives each stream its bytes in order, however the chunks fall', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (sent, sizes) => {
        const text = (stream: OutputStream) =>
          Buffer.concat(
            sent.filter((frame) => frame.stream === stream).map(({ payload }) => payload),
          ).toString('latin1');
        const printed = demultiplexed(cut(Buffer.concat(sent.map(encode)), sizes));
        expect(printed).toEqual({ stdout: text('stdout'), stderr: text('stderr') });
      }),
    );
  });

  it('passes a part of a payload on before the rest has come', () => {
    const whole = encode({ stream: 'stdout', payload: Buffer.from('half and half') });
    expect(demultiplexed([whole.subarray(0, 12)]).stdout).toBe('half');
  });
});
