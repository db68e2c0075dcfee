import { DomainError } from '../common/errors/domain-error.js';
import { InstallationError } from '../common/installation/installation.js';
import { banner, startFailure } from './start-messages.js';

const withCode = (code: string) => Object.assign(new Error(`${code}: failed`), { code });

describe('what a person who has started the server needs next', () => {
  it('is a command line that finds the server at its usual address by itself', () => {
    expect(banner('http://127.0.0.1:8000', '/var/lib/glambdar', true)).toContain(
      '/ui\n\n  npx glambdar deploy examples/hello\n',
    );
  });

  it('is to say where it is, or to sign in where there are keys', () => {
    const elsewhere = 'http://127.0.0.1:9000';
    expect(banner(elsewhere, '/d', true)).toContain(
      `  export GLAMBDAR_URL=${elsewhere}\n  npx glambdar deploy`,
    );
    expect(banner(elsewhere, '/d', false)).toContain(
      `  npx glambdar login ${elsewhere}\n  npx glambdar deploy`,
    );
  });
});

describe('why the server could not start', () => {
  it.each([
    ['of a write', withCode('ENOSPC')],
    ['of a quota', withCode('EDQUOT')],
    ['of a database', Object.assign(new Error('database or disk is full'), { errcode: 13 })],
    ['as a store says it', new DomainError('INSUFFICIENT_STORAGE', 'Delete functions.')],
  ])('is said of a full disk %s', (_, error) => {
    expect(startFailure(error)).toMatch(/disk .* is full.*GLAMBDAR_DIR/);
  });

  it.each([
    ['EADDRINUSE', /GLAMBDAR_PORT/],
    ['EADDRNOTAVAIL', /GLAMBDAR_HOST/],
    ['EACCES', /GLAMBDAR_PORT/],
  ])('is said of %s', (code, sentence) => {
    expect(startFailure(withCode(code))).toMatch(sentence);
  });

  it('names the port that is taken', () => {
    expect(startFailure(Object.assign(withCode('EADDRINUSE'), { port: 8000 }))).toMatch(
      /^Port 8000 is taken/,
    );
  });

  it('is said of a directory that cannot serve, in its words', () => {
    expect(startFailure(new InstallationError('The directory is damaged.'))).toBe(
      'The directory is damaged.',
    );
  });

  it('keeps everything of a defect', () => {
    const defect = new TypeError('a defect');
    expect(startFailure(defect)).toBe(defect);
  });
});
