import { archiveDefaults, archiveMaximums, checkArchiveBytes, checkLimits } from './archive-limits.js';

const mebibyte = 1024 * 1024;
const file = (path: string, bytes = 1) => ({ path, bytes });
const many = (count: number) => Array.from({ length: count }, (_, at) => file(`f${at}`));

describe('what a server takes', () => {
  it('is everything that is usual', () => {
    const findings = checkLimits([file('index.js'), file('.well-known/größe.txt'), file('a b/c.d')]);
    expect(findings).toEqual({ refusal: undefined, warnings: [] });
  });

  it.each([
    ['a\u0000b', 'control characters'],
    ['a\\b', 'backslashes'],
    ['a\ufffdb', 'not UTF-8'],
    ['a\u202eb', 'control characters'],
    ['c:x', 'no server takes'],
    ['dir./x', 'ends in a dot or a space'],
    ['dir/x ', 'ends in a dot or a space'],
    ['x'.repeat(256), 'too long'],
    [Array.from({ length: 101 }, () => 'a').join('/'), 'too long'],
    [Array.from({ length: 20 }, () => 'x'.repeat(120)).join('/'), 'too long'],
  ])('does not include the name %j', (path, problem) => {
    expect(checkLimits([file(path)]).refusal).toContain(problem);
  });

  it('is told by default, with the setting that allows more', () => {
    const { refusal, warnings } = checkLimits([file('model.bin', 101 * mebibyte), file('b', 150 * mebibyte)]);
    expect(refusal).toBeUndefined();
    expect(warnings).toEqual([
      'All files together have 251.0 MiB. A server takes 250.0 MiB unless its operator allows more with GLAMBDAR_ARCHIVE_MAX_UNPACKED_MIB.',
      '"b" has 150.0 MiB. A server takes 100.0 MiB unless its operator allows more with GLAMBDAR_ARCHIVE_MAX_FILE_MIB.',
    ]);
    expect(checkLimits(many(archiveDefaults.entries.limit + 1)).warnings).toEqual([
      'The function has 10001 files. A server takes 10000 files unless its operator allows more with GLAMBDAR_ARCHIVE_MAX_ENTRIES.',
    ]);
    expect(checkArchiveBytes(51 * mebibyte).warnings).toEqual([
      'The archive has 51.0 MiB. A server takes 50.0 MiB unless its operator allows more with GLAMBDAR_ARCHIVE_MAX_MIB.',
    ]);
  });

  it('has an end that no operator moves', () => {
    expect(checkLimits([file('model.bin', archiveMaximums.fileBytes + 1)]).refusal).toContain(
      '"model.bin" has 1024.0 MiB, and no server takes more than 1024.0 MiB: name what the function does not need',
    );
    expect(checkArchiveBytes(archiveMaximums.archiveBytes + 1).refusal).toContain(
      'no server takes more than',
    );
    expect(checkArchiveBytes(1)).toEqual({ refusal: undefined, warnings: [] });
  });
});
