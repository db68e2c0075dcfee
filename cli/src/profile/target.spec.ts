import { chooseTarget } from './target.js';

const work = { url: 'https://work.example.com', key: 'glb_work' };
const other = 'http://other.example.com';

describe('the server that is meant', () => {
  it.each([
    ['this machine without anything', undefined, {}, undefined, 'http://127.0.0.1:8000', undefined],
    ['the profile', undefined, {}, work, work.url, 'glb_work'],
    ['that of GLAMBDAR_URL', undefined, { GLAMBDAR_URL: other }, undefined, other, undefined],
    [
      'one by GLAMBDAR_URL, which never gets the key of another',
      undefined,
      { GLAMBDAR_URL: other },
      work,
      other,
      undefined,
    ],
    [
      'the profile, with its key, where GLAMBDAR_URL is the same',
      undefined,
      { GLAMBDAR_URL: `${work.url}/` },
      work,
      work.url,
      'glb_work',
    ],
    [
      'the profile with the key of GLAMBDAR_KEY',
      undefined,
      { GLAMBDAR_KEY: ' glb_mine\n' },
      work,
      work.url,
      'glb_mine',
    ],
    [
      'the profile of --profile, whatever the variables say',
      'work',
      { GLAMBDAR_URL: other, GLAMBDAR_KEY: 'glb_mine' },
      work,
      work.url,
      'glb_work',
    ],
    [
      'this machine where variables are empty',
      undefined,
      { GLAMBDAR_URL: '', GLAMBDAR_KEY: '' },
      undefined,
      'http://127.0.0.1:8000',
      undefined,
    ],
  ] as const)('is %s', (_case, flag, environment, profile, url, key) => {
    expect(chooseTarget(flag, environment, profile)).toMatchObject({ url, key });
  });

  it.each([
    ['--profile', 'nix', {}],
    ['GLAMBDAR_PROFILE', undefined, { GLAMBDAR_PROFILE: 'nix' }],
  ] as const)('is an error where %s names a profile that is not there', (_how, flag, environment) => {
    expect(() => chooseTarget(flag, environment, undefined)).toThrow('There is no profile "nix".');
  });

  it('is an error where a name cannot be that of a file, and a key cannot be sent', () => {
    expect(() => chooseTarget('../../etc/passwd', {}, undefined)).toThrow('is not a name for a profile');
    expect(() => chooseTarget(undefined, { GLAMBDAR_KEY: 'a\nb' }, undefined)).toThrow(
      'GLAMBDAR_KEY is not a key',
    );
  });
});
