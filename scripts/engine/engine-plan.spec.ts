import { chosenEngine, planEngine } from './engine-plan.mjs';

type EngineFacts = Parameters<typeof planEngine>[0];

/** A bare Debian as root: no engine, nothing that could be one. */
const bareDebian: EngineFacts = {
  engine: 'absent',
  chosen: undefined,
  platform: 'linux',
  isRoot: true,
  hasApt: true,
  hasSystemd: false,
  isInstalled: false,
  isRunning: false,
};

describe('planEngine', () => {
  it('uses an engine that answers', () => {
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
    [
      'a dead socket as DOCKER_HOST',
      { chosen: { variable: 'DOCKER_HOST', value: 'unix:///run/other.sock' } },
      /answers at unix:\/\/\/run\/other.sock.* unset DOCKER_HOST/,
    ],
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

describe('the engine that the user chose', () => {
  it.each([
    [{}, undefined],
    [{ DOCKER_HOST: '', GLAMBDAR_DOCKER_SOCKET: '', DOCKER_CONTEXT: '' }, undefined],
    [{ DOCKER_CONTEXT: 'default' }, undefined],
    [
      { DOCKER_HOST: 'unix:///a', DOCKER_CONTEXT: 'far' },
      { variable: 'DOCKER_HOST', value: 'unix:///a' },
    ],
    [
      { GLAMBDAR_DOCKER_SOCKET: '/a', DOCKER_HOST: 'tcp://b:1' },
      { variable: 'GLAMBDAR_DOCKER_SOCKET', value: '/a' },
    ],
    [{ DOCKER_CONTEXT: 'far' }, { variable: 'DOCKER_CONTEXT', value: 'far' }],
  ])('of %j is %j', (environment, chosen) => {
    expect(chosenEngine(environment)).toEqual(chosen);
  });

  it.each([
    ['DOCKER_HOST', 'tcp://10.0.0.7:2375'],
    ['DOCKER_HOST', 'tcp://127.0.0.1:2376'],
    ['DOCKER_HOST', 'http://127.0.0.1:2375'],
    ['DOCKER_HOST', 'ssh://root@engine'],
    ['DOCKER_HOST', 'npipe:////./pipe/docker_engine'],
    ['DOCKER_HOST', 'fd://'],
    ['DOCKER_HOST', 'unix://docker.sock'],
    ['DOCKER_HOST', 'unix:///'],
    ['DOCKER_HOST', '/var/run/docker.sock'],
    ['DOCKER_CONTEXT', 'far'],
    ['GLAMBDAR_DOCKER_SOCKET', 'docker.sock'],
    ['GLAMBDAR_DOCKER_SOCKET', 'unix:///var/run/docker.sock'],
  ])('as %s=%s is refused, although another engine answers at the usual place', (variable, value) => {
    const plan = planEngine({ ...bareDebian, engine: 'reachable', chosen: { variable, value } });
    expect(plan).toMatchObject({ action: 'refuse' });
    expect(plan).toMatchObject({
      sentence: expect.stringMatching(`${variable}.*docker.sock, then run`) as string,
    });
  });
});
