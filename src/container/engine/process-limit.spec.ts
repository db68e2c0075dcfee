import { processLimit } from './process-limit.js';

describe('the limit of a container’s processes', () => {
  it.each([undefined, 'crun', 'runc'])('is what its code may have, with %s', (ociRuntime) => {
    expect(processLimit(ociRuntime, 64)).toBe(64);
  });

  it('leaves room for gVisor, and for what it makes of each', () => {
    expect(processLimit('runsc', 64)).toBe(256);
  });
});
