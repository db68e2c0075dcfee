import { createHash } from 'node:crypto';
import { zipOf } from '../../test/support/zip.js';
import { startFunctionsServer, type FunctionsServer } from '../../test/support/functions-server.js';
import { DomainError } from '../common/errors/domain-error.js';

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

async function publish(content: Buffer): Promise<void> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(content)], 'any.zip'));
  await fetch(`${server.url}/deploy/hello`, { method: 'PUT', body: form });
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

  const hashes = () => server.trail.entries.map(({ outcome, sha256 }) => ({ outcome, sha256 }));
  const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  it('tells which archive was deployed, and which one was gone back to', async () => {
    const [first, second] = [zipOf({ 'index.js': '1' }), zipOf({ 'index.js': '2' })];
    await deploy('hello.zip', first);
    await publish(second);
    await fetch(`${server.url}/rollback/hello`, { method: 'POST' });
    expect(hashes()).toEqual([
      { outcome: 'begun', sha256: null },
      { outcome: 'done', sha256: hashOf(first) },
      { outcome: 'begun', sha256: null },
      { outcome: 'done', sha256: hashOf(second) },
      { outcome: 'begun', sha256: null },
      { outcome: 'done', sha256: hashOf(first) },
    ]);
  });

  it('tells which archive was tried and refused, for its code has run; one that was never unpacked has no hash', async () => {
    const { sandboxes } = server;
    await deploy('hello.zip');
    sandboxes.load = () => Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'No.'));
    const evil = zipOf({ 'index.js': 'evil' });
    await publish(evil);
    await deploy('other.zip', zipOf({ '../x': '' }));
    expect(server.trail.entries.slice(3)).toMatchObject([
      { target: 'hello', outcome: 'CANDIDATE_NOT_LOADABLE', sha256: hashOf(evil) },
      { target: null, outcome: 'begun', sha256: null },
      { target: 'other', outcome: 'INVALID_ARCHIVE', sha256: null },
    ]);
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
