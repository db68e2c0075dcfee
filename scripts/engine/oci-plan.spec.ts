import { planOciRuntime, type OciFacts } from './oci-plan.mjs';

const ready: OciFacts = {
  chosen: '',
  directory: '/var/lib/glambdar-images',
  platform: 'linux',
  isRoot: true,
  hasApt: true,
  installed: ['crun', 'runc'],
  hasInit: true,
};

const plan = (facts: Partial<OciFacts>) => planOciRuntime({ ...ready, ...facts });

describe('planOciRuntime', () => {
  it('uses what is there', () => {
    expect(plan({})).toEqual({ action: 'use' });
    expect(plan({ chosen: 'runc' })).toEqual({ action: 'use' });
  });

  it('says that crun is faster where runc alone is there', () => {
    expect(plan({ installed: ['runc'] })).toEqual({
      action: 'use',
      remark: expect.stringContaining('apt-get install crun') as string,
    });
  });

  it.each([
    ['crun where there is none', { installed: [] }, ['crun']],
    ['crun where gVisor alone is there, which nobody chose', { installed: ['runsc'] }, ['crun']],
    ['the chosen runtime by its name', { chosen: 'runsc' }, ['runsc']],
    ['runc, chosen', { chosen: 'runc', installed: ['crun'] }, ['runc']],
    ['a first process for containers', { hasInit: false }, ['tini']],
    ['both', { installed: [], hasInit: false }, ['crun', 'tini']],
  ] as [string, Partial<OciFacts>, string[]][])('installs %s', (_what, facts, packages) => {
    expect(plan(facts)).toEqual({ action: 'install', packages });
  });

  it.each([
    ['no root', { isRoot: false }, 'advise', 'needs root'],
    ['macOS', { platform: 'darwin' }, 'advise', 'needs Linux'],
    ['neither crun nor apt', { installed: [], hasApt: false }, 'advise', 'install crun'],
    ['no runsc and no apt', { chosen: 'runsc', hasApt: false }, 'advise', 'install runsc'],
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
