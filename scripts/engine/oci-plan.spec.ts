import { candidatesFor, type FoundRuntime, type OciFacts, planOciRuntime } from './oci-plan.mjs';

const crun: FoundRuntime = { name: 'crun', version: '1.8.1' };
const runc: FoundRuntime = { name: 'runc', version: '1.1.5' };
const none = (name: FoundRuntime['name']): FoundRuntime => ({ name, problem: 'is missing' });
const old = (name: FoundRuntime['name']): FoundRuntime => ({ name, problem: 'is unusable: it is old' });

const ready: OciFacts = {
  chosen: '',
  directory: '/var/lib/glambdar-images',
  platform: 'linux',
  isRoot: true,
  hasApt: true,
  candidates: [crun, runc],
  hasInit: true,
};

const plan = (facts: Partial<OciFacts>) => planOciRuntime({ ...ready, ...facts });

describe('planOciRuntime', () => {
  it('uses what is there', () => {
    expect(plan({})).toEqual({ action: 'use' });
    expect(plan({ chosen: 'runc', candidates: [runc] })).toEqual({ action: 'use' });
  });

  it.each([
    ['there is no crun', none('crun'), 'apt-get install crun'],
    ['crun is too old', old('crun'), 'but crun is unusable: it is old'],
  ])('says that crun is faster where runc is used because %s', (_why, first, part) => {
    expect(plan({ candidates: [first, runc] })).toEqual({
      action: 'use',
      remark: expect.stringContaining(part) as string,
    });
  });

  it.each([
    ['crun where there is none', { candidates: [none('crun'), none('runc')] }, ['crun']],
    ['runc where crun is too old', { candidates: [old('crun'), none('runc')] }, ['runc']],
    ['crun where runc is too old', { candidates: [none('crun'), old('runc')] }, ['crun']],
    ['the chosen runtime by its name', { chosen: 'runsc', candidates: [none('runsc')] }, ['runsc']],
    ['a first process for containers', { hasInit: false }, ['tini']],
    ['both', { candidates: [none('crun'), none('runc')], hasInit: false }, ['crun', 'tini']],
  ] as [string, Partial<OciFacts>, string[]][])('installs %s', (_what, facts, packages) => {
    expect(plan(facts)).toEqual({ action: 'install', packages });
  });

  it.each([
    ['no root', { isRoot: false }, 'advise', 'needs root'],
    ['macOS', { platform: 'darwin' }, 'advise', 'needs Linux'],
    ['neither crun nor apt', { candidates: [none('crun')], hasApt: false }, 'advise', 'install crun'],
    [
      'no runsc and no apt',
      { chosen: 'runsc', candidates: [none('runsc')], hasApt: false },
      'advise',
      'install runsc',
    ],
    [
      'nothing but old ones',
      { candidates: [old('crun'), old('runc')] },
      'advise',
      'crun is unusable: it is old; runc is unusable: it is old. Install a newer one',
    ],
    ['another runtime', { chosen: 'youki' }, 'refuse', 'GLAMBDAR_OCI_RUNTIME'],
    ['a relative path', { directory: 'images' }, 'refuse', 'GLAMBDAR_OCI_IMAGES'],
    ['a path with a comma', { directory: '/a,b' }, 'refuse', 'GLAMBDAR_OCI_IMAGES'],
  ] as [string, Partial<OciFacts>, string, string][])(
    'given %s, it says so in one sentence',
    (_given, facts, action, part) => {
      expect(plan(facts)).toEqual({ action, sentence: expect.stringContaining(part) as string });
    },
  );
});

describe('candidatesFor', () => {
  it('are crun and runc, and gVisor only where it is chosen', () => {
    expect(candidatesFor('')).toEqual(['crun', 'runc']);
    expect(candidatesFor('runsc')).toEqual(['runsc']);
    expect(candidatesFor('youki')).toEqual([]);
  });
});
