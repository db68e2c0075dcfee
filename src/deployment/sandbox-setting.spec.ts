import { Readable } from 'node:stream';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import { zipOf } from '../../test/support/zip.js';
import { DomainError } from '../common/errors/domain-error.js';
import { parseFunctionName } from '../functions/function-name.js';

const hello = parseFunctionName('hello');
const gvisor = { sandbox: 'gvisor' };
const refusal = {
  code: 'INVALID_SETTINGS',
  message:
    'sandbox must be container on this server, which has no gVisor; its operator can install runsc, as docs/security.md tells.',
  details: { field: 'sandbox' },
};

let fixture: FunctionsFixture;
beforeEach(() => {
  fixture = functionsFixture();
});

async function publish(settings: object) {
  const content = zipOf({ 'index.js': 'exports.handler = () => 1' });
  const received = await fixture.deploys.receiveFor(hello, Readable.from([content]));
  return fixture.versions.publish(received, { settings, strict: false });
}

async function deploy(settings: object) {
  const content = zipOf({ 'index.js': 'exports.handler = () => 1' });
  const received = await fixture.deploys.receive('hello.zip', Readable.from([content]));
  return fixture.deploys.deploy(received, { settings, strict: false });
}

describe('the setting sandbox where the engine has gVisor', () => {
  it('is in force with the deployment, or with the change', async () => {
    expect((await deploy(gvisor)).deployed.settings.sandbox).toBe('gvisor');
    expect((await fixture.configs.change(hello, { sandbox: null })).settings.sandbox).toBe('container');
    expect((await publish(gvisor)).deployed.settings.sandbox).toBe('gvisor');
  });

  it('is changed only if the code loads with it', async () => {
    await deploy({});
    fixture.sandboxes.load = () => Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'It did not.'));
    const changing = fixture.configs.change(hello, gvisor);
    await expect(changing).rejects.toMatchObject({ code: 'CANDIDATE_NOT_LOADABLE' });
    expect(fixture.registry.get(hello)).toMatchObject({ revision: 1, settings: { sandbox: 'container' } });
  });
});

describe('the setting sandbox where the engine has no gVisor', () => {
  it('is refused with a deployment, which leaves nothing', async () => {
    fixture.sandboxes.hasGvisor = false;
    await expect(deploy(gvisor)).rejects.toMatchObject(refusal);
    await expect(publish(gvisor)).rejects.toMatchObject(refusal);
    expect([fixture.registry.count, fixture.code.staged.size, fixture.code.directories.size]).toEqual([
      0, 0, 0,
    ]);
  });

  it('is refused as a change, which changes nothing', async () => {
    await deploy({});
    fixture.sandboxes.hasGvisor = false;
    await expect(fixture.configs.change(hello, { ...gvisor, memoryMiB: 256 })).rejects.toMatchObject(refusal);
    await expect(publish(gvisor)).rejects.toMatchObject(refusal);
    expect(fixture.registry.get(hello)).toMatchObject({ revision: 1, settings: { memoryMiB: 128 } });
  });

  it('keeps no one from changing other settings of a function that has it already', async () => {
    await deploy(gvisor);
    fixture.sandboxes.hasGvisor = false;
    const { settings } = await fixture.configs.change(hello, { memoryMiB: 256 });
    expect(settings).toMatchObject({ sandbox: 'gvisor', memoryMiB: 256 });
  });
});
