import type { BuildLine, BuildRecord } from '../../../src/builds/store/build-store.js';

export function buildRecord(id: string, changed: Partial<BuildRecord> = {}): BuildRecord {
  return {
    id,
    functionName: 'hello',
    state: 'succeeded',
    steps: [{ step: 'install', atMs: 1000 }],
    startedAtMs: 1000,
    endedAtMs: 2000,
    cached: false,
    failure: null,
    isTruncated: false,
    ...changed,
  };
}

export function buildLine(number: number, text = `line ${number}`): BuildLine {
  return { number, atMs: 1000 + number, stream: 'stdout', text };
}
