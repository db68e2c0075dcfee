import { requireKeptWithin } from './changer.js';

const share = { containers: 8, memoryMiB: 1024 };
const kept = (minContainers: number, memoryMiB: number) => ({ minContainers, memoryMiB });

describe('what a function keeps ready', () => {
  it.each([
    [undefined, kept(0, 4096)],
    [undefined, kept(8, 128)],
    [undefined, kept(1, 1024)],
    [kept(20, 128), kept(20, 128)],
    [kept(20, 128), kept(9, 128)],
    [kept(4, 512), kept(8, 256)],
  ])('may be within its share, or what it was: from %j to %j', (before, after) => {
    expect(() => {
      requireKeptWithin(share, before, after);
    }).not.toThrow();
  });

  it.each([
    [undefined, kept(9, 64), 'minContainers', /minContainers above 8.*admin/],
    [kept(9, 64), kept(10, 64), 'minContainers', /minContainers above 8.*admin/],
    [undefined, kept(8, 129), 'minContainers', /above 1024 MiB.*admin/],
    [kept(8, 128), kept(8, 129), 'memoryMiB', /above 1024 MiB.*admin/],
    [kept(4, 512), kept(8, 512), 'minContainers', /above 1024 MiB.*admin/],
  ])('is not raised beyond its share: from %j to %j', (before, after, field, message) => {
    const raising = () => {
      requireKeptWithin(share, before, after);
    };
    expect(raising).toThrow(message);
    expect(raising).toThrow(
      expect.objectContaining({
        code: 'FORBIDDEN',
        details: { field, reason: expect.any(String) as string },
      }) as Error,
    );
  });
});
