import { npmFailure } from './npm-failure.js';

const order = { command: 'install', registry: 'https://registry.example/' } as const;
const exit = { code: 1, signal: null };

describe('what npm says of its failure', () => {
  it('is its first paragraph and what to do', () => {
    const printed =
      'npm warn old\nnpm error code ETARGET\nnpm error notarget No matching version found for a@7.\nnpm error\nnpm error more\n';
    expect(npmFailure(order, printed, exit)).toBe(
      'npm install failed with exit code 1. No matching version found for a@7. Check the version in package.json.',
    );
  });

  it('leaves out what npm repeats before each line', () => {
    const printed =
      'npm error code E404\nnpm error 404 Not Found - GET https://registry.example/a - Not found\nnpm error 404\n' +
      "npm error 404  The requested resource 'a@*' could not be found\n";
    expect(npmFailure(order, printed, exit)).toBe(
      'npm install failed with exit code 1. Not Found - GET https://registry.example/a - Not found. ' +
        'Check the name and the version in package.json.',
    );
  });

  it('is nothing where it said nothing', () => {
    expect(npmFailure({ ...order, command: 'ci' }, '', exit)).toBe('npm ci failed with exit code 1.');
  });

  it('is shortened', () => {
    const message = npmFailure({ ...order, command: 'ci' }, `npm error ${'x'.repeat(10_000)}`, exit);
    expect(message.length).toBeLessThan(500);
    expect(message).toMatch(/x…$/);
  });

  it.each([
    [
      'npm error code ENOENT\nnpm error syscall spawn git\nnpm error enoent An unknown git error occurred',
      /comes from Git/,
    ],
    ['npm error code ENOSPC\nnpm error nospc no space left on device', /GLAMBDAR_BUILD_DISK_MIB/],
    ['npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree', /legacy-peer-deps/],
  ])('says what to do: %s', (printed, remedy) => {
    expect(npmFailure(order, printed, exit)).toMatch(remedy);
  });

  it.each(['E502', 'EIDLETIMEOUT', 'ECONNRESET'])('names the registry where npm does not: %s', (code) => {
    const printed = `npm error code ${code}\nnpm error it broke`;
    expect(npmFailure(order, printed, exit)).toMatch(
      /it broke\. npm asks https:\/\/registry\.example\/\. The registry .* node_modules/,
    );
  });

  it('names memory where the kernel ended it', () => {
    expect(npmFailure({ ...order, command: 'ci' }, '', { code: null, signal: 'SIGKILL' })).toMatch(
      /GLAMBDAR_BUILD_MEMORY_MIB/,
    );
  });
});
