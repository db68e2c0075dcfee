import { PassingBytes } from './passing-bytes.js';

const bytesPerMiB = 1024 * 1024;

describe('bytes that pass through', () => {
  it('have the young generation collected once for each MiB', () => {
    let collections = 0;
    const passing = new PassingBytes(() => {
      collections += 1;
    });
    for (let block = 0; block < 100; block++) passing.add(bytesPerMiB / 2);
    expect(collections).toBe(50);
  });

  it('are only counted where Node.js does not offer a collection', () => {
    const passing = new PassingBytes(undefined);
    expect(() => {
      passing.add(100 * bytesPerMiB);
    }).not.toThrow();
  });
});
