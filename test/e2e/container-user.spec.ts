import { jest } from '@jest/globals';
import { refusalToWrite } from '../support/gvisor.js';
import { handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

const whoAmI = `({ user: os.userInfo(), home: os.homedir(), ids: [process.getuid(), process.getgid()] })`;

async function told(name: string, expression: string, settings = {}): Promise<unknown> {
  const before = `
    const os = require('node:os');
    const { execFileSync } = require('node:child_process');
    const { Worker } = require('node:worker_threads');`;
  await served.deploy(name, handlerZip(expression, before), settings);
  const answer = await served.invoke(name);
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return answer.json;
}

/** One user of a container's own, who is at home in the only place where it may write. */
function expectToKnowItself(said: unknown): void {
  const { user, home, ids } = said as { user: { uid: number }; home: string; ids: number[] };
  const { uid } = user;
  expect(uid).toBeGreaterThanOrEqual(200_000);
  expect({ user, home, ids }).toEqual({
    user: { uid, gid: uid, username: 'function', homedir: '/tmp', shell: '/nonexistent' },
    home: '/tmp',
    ids: [uid, uid],
  });
}

describe('a function knows who it is', () => {
  it('in its handler', async () => {
    expectToKnowItself(await told('handler', `() => ${whoAmI}`));
  });

  it('in a container with resources of its own', async () => {
    expectToKnowItself(await told('larger', `() => ${whoAmI}`, { memoryMiB: 160 }));
  });

  it('in a thread', async () => {
    const code = `require('node:worker_threads').parentPort.postMessage(((os) => ${whoAmI})(require('node:os')))`;
    const inThread = `() => new Promise((resolve, reject) =>
      new Worker(${JSON.stringify(code)}, { eval: true }).on('message', resolve).on('error', reject))`;
    expectToKnowItself(await told('thread', inThread));
  });

  it('in a child process, and where that has no environment', async () => {
    const code = `console.log(JSON.stringify(((os) => ${whoAmI})(require('node:os'))))`;
    const inChild = `() => JSON.parse(execFileSync(process.execPath, ['-e', ${JSON.stringify(code)}], { env: {} }))`;
    expectToKnowItself(await told('child', inChild));
  });

  it('and finds no other user than those of its image', async () => {
    const lines = `() => ['passwd', 'group'].map((file) =>
      require('node:fs').readFileSync('/etc/' + file, 'utf8').trim().split('\\n').map((line) => line.split(':')[0]))`;
    expect(await told('others', lines)).toEqual([
      ['root', 'function', 'nobody'],
      ['root', 'function', 'nogroup'],
    ]);
  });

  it('and cannot become another by writing it down', async () => {
    const write = `() => ['/etc/passwd', '/etc/group', '/glambdar/passwd'].map((file) => {
      try { require('node:fs').writeFileSync(file, 'x'); return 'written'; } catch ({ code }) { return code; }
    })`;
    expect(await told('writer', write)).toEqual([refusalToWrite, refusalToWrite, refusalToWrite]);
  });
});
