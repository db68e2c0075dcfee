import { planEngine } from './engine-plan.mjs';

type EngineFacts = Parameters<typeof planEngine>[0];

/** A bare Debian as root: no engine, nothing that could be one. */
const bareDebian: EngineFacts = {
  engine: 'absent',
  dockerHost: undefined,
  platform: 'linux',
  isRoot: true,
  hasApt: true,
  hasSystemd: false,
  isInstalled: false,
  isRunning: false,
};

describe('planEngine', () => {
  it('uses an engine that answers, whatever else is true', () => {
    expect(planEngine({ ...bareDebian, engine: 'reachable', isRoot: false })).toEqual({ action: 'use' });
  });

  it('installs one as root on Debian or Ubuntu', () => {
    expect(planEngine(bareDebian)).toEqual({ action: 'install' });
  });

  it('starts one that is installed but does not run', () => {
    expect(planEngine({ ...bareDebian, isInstalled: true })).toEqual({ action: 'start' });
  });

  it('leaves starting to systemd where systemd runs the machine', () => {
    expect(planEngine({ ...bareDebian, isInstalled: true, hasSystemd: true })).toEqual({
      action: 'start-service',
    });
  });

  it('waits for one that runs but does not answer yet, and starts no second one', () => {
    expect(planEngine({ ...bareDebian, isInstalled: true, isRunning: true })).toEqual({ action: 'wait' });
  });

  it.each([
    [
      'a socket this user may not use',
      { engine: 'permission-denied', isRoot: false },
      /sudo usermod -aG docker/,
    ],
    ['another machine as DOCKER_HOST', { dockerHost: 'tcp://10.0.0.7:2375' }, /has to be on this machine/],
    ['a dead socket as DOCKER_HOST', { dockerHost: 'unix:///run/other.sock' }, /DOCKER_HOST/],
    ['macOS', { platform: 'darwin', isRoot: false, hasApt: false }, /start Docker Desktop/],
    ['Windows', { platform: 'win32', isRoot: false, hasApt: false }, /WSL 2/],
    ['a user who is not root', { isRoot: false }, /sudo apt-get install docker\.io/],
    [
      'a user who is not root, with Docker installed',
      { isRoot: false, isInstalled: true },
      /systemctl start docker/,
    ],
    ['a Linux without apt', { hasApt: false }, /install and start Docker/],
  ] satisfies [string, Partial<EngineFacts>, RegExp][])(
    'says what to do in one sentence on %s',
    (_, facts, words) => {
      const plan = planEngine({ ...bareDebian, ...facts });
      const sentence = plan.action === 'advise' ? plan.sentence : '';
      expect(sentence).toMatch(words);
      expect(sentence).toMatch(/then run this again\.$/);
    },
  );
});
