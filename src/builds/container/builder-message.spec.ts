import fc from 'fast-check';
import { ProtocolViolation } from '../../ipc/protocol/protocol-violation.js';
import { parseBuilderMessage } from './builder-message.js';
import { maxBuildChunkBytes, maxBuildLogLength, maxBuildMessageLength } from '../protocol/limits.js';

function parse(message: unknown, body = Buffer.alloc(0)) {
  return parseBuilderMessage({ json: Buffer.from(JSON.stringify(message)), body });
}

describe('a message from the builder', () => {
  it.each([
    { type: 'hello', protocolVersion: 1, token: 'abc' },
    { type: 'step', step: 'install' },
    { type: 'log', stream: 'stderr', text: 'npm warn deprecated' },
    { type: 'done', facts: { packages: 3, files: 40, bytes: 12_000 } },
    { type: 'failed', step: 'install', exitCode: 1, message: 'npm ci failed.' },
    { type: 'failed', step: 'bundle', exitCode: null, message: 'esbuild failed.' },
  ])('is read as it was sent: $type', (message) => {
    expect(parse(message)).toEqual(message);
  });

  it('keeps only the fields it knows', () => {
    expect(parse({ type: 'step', step: 'pack', publish: true })).toEqual({ type: 'step', step: 'pack' });
  });

  it.each([
    ['an unknown step', { type: 'step', step: 'publish' }],
    ['an unknown stream', { type: 'log', stream: 'system', text: '' }],
    ['a text that is none', { type: 'log', stream: 'stdout', text: 7 }],
    ['a text too long', { type: 'log', stream: 'stdout', text: 'x'.repeat(maxBuildLogLength + 1) }],
    ['a message too long', { type: 'failed', step: 'pack', message: 'x'.repeat(maxBuildMessageLength + 1) }],
    ['an exit code that is none', { type: 'failed', step: 'pack', exitCode: 'one', message: '' }],
    ['no facts', { type: 'done' }],
    ['facts that are no counts', { type: 'done', facts: { packages: -1, files: 0, bytes: 0 } }],
    ['an unknown type', { type: 'constructor' }],
  ])('is refused with %s', (_what, message) => {
    expect(() => parse(message)).toThrow(ProtocolViolation);
  });

  it('has a body only as a chunk, and within its limit', () => {
    expect(parse({ type: 'chunk' }, Buffer.alloc(maxBuildChunkBytes))).toEqual({ type: 'chunk' });
    expect(() => parse({ type: 'chunk' }, Buffer.alloc(maxBuildChunkBytes + 1))).toThrow(ProtocolViolation);
    expect(() => parse({ type: 'step', step: 'pack' }, Buffer.alloc(1))).toThrow(ProtocolViolation);
  });

  it('is a message or a violation, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        try {
          expect(parseBuilderMessage({ json: Buffer.from(json), body: Buffer.alloc(0) })).toHaveProperty(
            'type',
          );
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolViolation);
        }
      }),
    );
  });
});
