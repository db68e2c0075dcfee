import { zipOf } from '../../test/support/archives/crafted-zip.js';
import { startFunctionsServer, type FunctionsServer } from '../../test/support/functions/functions-server.js';

let server: FunctionsServer;
beforeEach(async () => {
  server = await startFunctionsServer();
});
afterEach(() => server.application.close());

async function deploy(fileName: string, content: Buffer = zipOf({ 'index.js': '' })): Promise<number> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(content)], fileName));
  return (await fetch(`${server.url}/deploy`, { method: 'POST', body: form })).status;
}

const remove = async (name: string) =>
  (await fetch(`${server.url}/del/${name}`, { method: 'DELETE' })).status;

const recorded = () =>
  server.trail.entries.map(({ action, target, outcome }) => `${action} ${target ?? '?'} ${outcome}`);

describe('the audit trail of functions', () => {
  it('tells of a deployment before it begins and when it is done, by the name it got', async () => {
    await expect(deploy('hello.zip')).resolves.toBe(201);
    expect(recorded()).toEqual(['function.deploy ? begun', 'function.deploy hello done']);
    expect(server.trail.entries[0]).toMatchObject({ actor: 'local', address: '127.0.0.1' });
  });

  it('tells of a deletion', async () => {
    await deploy('hello.zip');
    await remove('hello');
    expect(recorded().slice(2)).toEqual(['function.delete hello begun', 'function.delete hello done']);
  });

  it('tells why an action failed, an upload that was refused among them', async () => {
    await deploy('no name.zip');
    await remove('nobody');
    await fetch(`${server.url}/deploy`, { method: 'POST', body: 'no form' });
    expect(recorded().filter((line) => !line.endsWith('begun'))).toEqual([
      'function.deploy ? INVALID_NAME',
      'function.delete nobody FUNCTION_NOT_FOUND',
      'function.deploy ? UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  it('is a condition: what cannot be recorded does not begin', async () => {
    server.trail.failNext();
    await deploy('hello.zip');
    expect([server.registry.count, server.code.directories.size, recorded()]).toEqual([0, 0, []]);
  });

  it('does not make undone what was done, when only its end cannot be recorded', async () => {
    const record = server.trail.record.bind(server.trail);
    server.trail.record = async (entry) => {
      if (entry.outcome === 'done') server.trail.failNext();
      await record(entry);
    };
    await expect(deploy('hello.zip')).resolves.toBe(201);
    expect(recorded()).toEqual(['function.deploy ? begun']);
    expect(server.log.messagesAt('error')).toEqual(['the outcome of an action could not be recorded']);
  });

  it('leaves reading alone', async () => {
    await fetch(`${server.url}/info`);
    expect(recorded()).toEqual([]);
  });

  it('shortens what is too long for any name', async () => {
    await remove('x'.repeat(5000));
    expect(server.trail.entries[0]?.target).toHaveLength(64);
  });
});
