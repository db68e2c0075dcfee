import { once } from 'node:events';
import { connect } from 'node:net';
import { zipOf } from '../../../test/support/zip.js';
import {
  keyIdHeader,
  startFunctionsServer,
  type FunctionsServer,
} from '../../../test/support/functions-server.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { parseFunctionName } from '../../functions/function-name.js';

const archive = zipOf({ 'index.js': 'exports.handler = () => 1' });
let server: FunctionsServer;

beforeEach(async () => {
  server = await startFunctionsServer();
});

afterEach(async () => {
  await server.application.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(init: RequestInit): Promise<Answer> {
  const response = await fetch(`${server.url}/deploy`, { method: 'POST', ...init });
  return { status: response.status, body: await response.json() };
}

interface Form {
  readonly fileName?: string;
  readonly content?: Buffer;
  readonly field?: string;
  readonly fields?: readonly (readonly [string, string])[];
  readonly keyId?: string;
}

function deploy({
  fileName = 'hello.zip',
  content = archive,
  field = 'file',
  fields = [],
  keyId,
}: Form = {}) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.append(field, new Blob([new Uint8Array(content)]), fileName);
  return post({ body: form, ...(keyId !== undefined && { headers: { [keyIdHeader]: keyId } }) });
}

/** A form written by hand, for what no honest client sends. */
function raw(body: string | Buffer, contentType = 'multipart/form-data; boundary=b'): Promise<Answer> {
  return post({
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': contentType },
  });
}

const filePart = (disposition = 'form-data; name="file"; filename="hello.zip"') =>
  `--b\r\nContent-Disposition: ${disposition}\r\n\r\nsome bytes\r\n`;

async function expectNothingLeft(): Promise<void> {
  expect(server.code.staged.size).toBe(0);
  expect(server.code.directories.size).toBe(0);
  await expect(server.store.list()).resolves.toEqual([]);
}

async function expectRefused(answer: Promise<Answer>, problem: object): Promise<void> {
  await expect(answer).resolves.toMatchObject({ status: 418, body: problem });
  await expectNothingLeft();
}

describe('POST /deploy', () => {
  it('deploys the archive under the name of its file', async () => {
    const answer = await deploy();
    const [recorded] = await server.store.list();
    expect(answer).toEqual({
      status: 201,
      body: {
        function: 'hello',
        status: 'deployed',
        version: 1,
        sha256: recorded?.version.sha256,
        codeBytes: 25,
        fileCount: 1,
      },
    });
    expect(server.code.staged.size).toBe(0);
  });

  it('answers with warnings where there are any', async () => {
    const { sandboxes } = server;
    sandboxes.load = () => Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'There is no index.js.'));
    await expect(deploy()).resolves.toMatchObject({
      status: 201,
      body: { warnings: ['The code does not load, so calls will fail. There is no index.js.'] },
    });
  });

  it('answers with what it took as the root, which the setting of the handler decides', async () => {
    const folder = zipOf({ 'shop/index.js': 'exports.handler = () => 1', '__MACOSX/shop/._index.js': 'x' });
    await expect(deploy({ content: folder })).resolves.toMatchObject({
      status: 201,
      body: {
        notes: ['The folder "shop" of the archive was taken as its root.'],
        codeBytes: 25,
        fileCount: 1,
      },
    });
    const settings = JSON.stringify({ handler: 'shop/index.handler' });
    const named = await deploy({ fileName: 'named.zip', content: folder, fields: [['settings', settings]] });
    expect(named).toMatchObject({ status: 201, body: { codeBytes: 25, fileCount: 1 } });
    expect(named.body).not.toHaveProperty('notes');
  });

  it.each(['before', 'after'])('takes settings that come %s the file', async (place) => {
    const form = new FormData();
    if (place === 'before') form.append('settings', '{"isolation":"warm"}');
    form.append('file', new Blob([new Uint8Array(archive)]), 'hello.zip');
    if (place === 'after') form.append('settings', '{"isolation":"warm"}');
    await expect(post({ body: form })).resolves.toMatchObject({ status: 201 });
    expect(server.registry.list()[0]?.settings).toMatchObject({ isolation: 'warm', maxContainers: 4 });
  });

  it('refuses a name that is taken and keeps the first', async () => {
    await deploy();
    const before = server.registry.list();
    await expect(deploy()).resolves.toMatchObject({
      status: 418,
      body: { code: 'FUNCTION_EXISTS', field: 'name' },
    });
    expect(server.registry.list()).toEqual(before);
    expect(server.code.staged.size).toBe(0);
  });

  it.each([
    ['null', 'INVALID_SETTINGS', 'settings'],
    ['', 'MALFORMED_REQUEST', 'settings'],
    ['[]', 'INVALID_SETTINGS', 'settings'],
    ['{', 'MALFORMED_REQUEST', 'settings'],
    ['{}{}', 'MALFORMED_REQUEST', 'settings'],
    ['{"isolation":"cold"}', 'INVALID_SETTINGS', 'isolation'],
    ['{"isolation":"warm","isolation":"fresh"}', 'MALFORMED_REQUEST', 'isolation'],
    ['{"speed":1}', 'INVALID_SETTINGS', 'speed'],
  ])('refuses the settings %s with %s, naming the field', async (settings, code, field) => {
    await expectRefused(deploy({ fields: [['settings', settings]] }), { code, field });
  });

  it('refuses settings that are sent twice, or in brackets', async () => {
    const twice = [
      ['settings', '{}'],
      ['settings', '{}'],
    ] as const;
    await expectRefused(deploy({ fields: twice }), {
      code: 'MALFORMED_REQUEST',
      message: 'settings must be given once.',
      field: 'settings',
    });
    await expectRefused(deploy({ fields: [['settings[isolation]', 'warm']] }), {
      code: 'INVALID_SETTINGS',
      field: 'settings',
    });
  });

  describe('takes settings', () => {
    const part = (headers: string, content: string | Buffer) =>
      Buffer.concat([Buffer.from(`--b\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
    const zipPart = part('Content-Disposition: form-data; name="file"; filename="hello.zip"', archive);
    const form = (...parts: Buffer[]) => raw(Buffer.concat([...parts, Buffer.from('--b--\r\n')]));
    const named = 'Content-Disposition: form-data; name="settings"';
    const asFile = `${named}; filename="settings.json"`;
    const json = '{"isolation":"warm"}';

    it.each<[string, string, string | Buffer]>([
      ['of a type', `${named}\r\nContent-Type: application/json`, json],
      ['of a type with a charset', `${named}\r\nContent-Type: application/json; charset=utf-8`, json],
      ['from a file', asFile, json],
      ['from a file of a type', `${asFile}\r\nContent-Type: application/json`, json],
      ['from a file of bytes', `${asFile}\r\nContent-Type: application/octet-stream`, json],
      ['from a blob', `${named}; filename="blob"\r\nContent-Type: application/json`, json],
      ['with white space around', named, ` \r\n\t${json}\r\n`],
      ['after a byte order mark', named, `\ufeff${json}`],
      ['from a file with both', asFile, `\ufeff\n${json}\n`],
    ])('%s, before and after the file', async (_, headers, content) => {
      await expect(form(zipPart, part(headers, content))).resolves.toMatchObject({ status: 201 });
      expect(server.registry.list()[0]?.settings.isolation).toBe('warm');
      await server.deletion.delete(parseFunctionName('hello'));
      await expect(form(part(headers, content), zipPart)).resolves.toMatchObject({ status: 201 });
      expect(server.registry.list()[0]?.settings.isolation).toBe('warm');
    });

    it.each<[string, Buffer[], object]>([
      [
        'twice as files',
        [part(asFile, '{}'), part(asFile, '{}')],
        { code: 'MALFORMED_REQUEST', message: 'settings must be given once.' },
      ],
      [
        'as a file and as text',
        [part(asFile, '{}'), part(named, '{}')],
        { code: 'MALFORMED_REQUEST', message: 'settings must be given once.' },
      ],
      [
        'that are too long',
        [part(asFile, ' '.repeat(270_000))],
        { code: 'PAYLOAD_TOO_LARGE', field: 'settings' },
      ],
      [
        'larger than an archive may be',
        [part(asFile, Buffer.alloc(1024 * 1024 + 1))],
        { code: 'PAYLOAD_TOO_LARGE', field: 'settings' },
      ],
      [
        'in UTF-16',
        [part(asFile, Buffer.from(`\ufeff${json}`, 'utf16le'))],
        { code: 'MALFORMED_REQUEST', message: 'settings must be text in UTF-8.', field: 'settings' },
      ],
      [
        'as text that is not UTF-8',
        [part(named, Buffer.from('{"description":"\xe9"}', 'latin1'))],
        { code: 'MALFORMED_REQUEST', message: 'settings must be text in UTF-8.', field: 'settings' },
      ],
      ['that are no object', [part(asFile, '[]')], { code: 'INVALID_SETTINGS', field: 'settings' }],
      [
        'as bytes without a file name, which would get lost',
        [part(`${named}\r\nContent-Type: application/octet-stream`, json)],
        { code: 'MALFORMED_REQUEST', field: 'settings' },
      ],
      [
        'under another name',
        [part('Content-Disposition: form-data; name="setings"; filename="s"', json)],
        {
          code: 'MISSING_FILE',
          message: expect.stringContaining('"setings"') as string,
        },
      ],
    ])('but refuses them %s', async (_, parts, problem) => {
      await expectRefused(form(...parts, zipPart), problem);
      await expectRefused(form(zipPart, ...parts), problem);
    });

    it('of which null is the default, as in a patch', async () => {
      const patch = '{"isolation":null,"environment":{"A":"1","B":null}}';
      await expect(form(zipPart, part(named, patch))).resolves.toMatchObject({ status: 201 });
      expect(server.registry.list()[0]?.settings.chosen).toEqual({ environment: { A: '1' } });
    });
  });

  describe('with strict', () => {
    beforeEach(() => {
      const { sandboxes } = server;
      sandboxes.load = () =>
        Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'No.', { output: 'printed' }));
    });

    const postTo = async (path: string, field?: string) => {
      const form = new FormData();
      if (field !== undefined) form.set('strict', field);
      form.set('file', new Blob([new Uint8Array(archive)]), 'hello.zip');
      const response = await fetch(server.url + path, { method: 'POST', body: form });
      return { status: response.status, body: await response.json() };
    };

    it.each([
      ['/deploy', 'true'],
      ['/deploy?strict=true', undefined],
    ])('refuses code that does not load: %s, field %s', async (path, field) => {
      await expectRefused(postTo(path, field), { code: 'CANDIDATE_NOT_LOADABLE', output: 'printed' });
    });

    it.each([
      ['/deploy', 'false'],
      ['/deploy?strict=false', undefined],
    ])('deploys it where it is false: %s, field %s', async (path, field) => {
      await expect(postTo(path, field)).resolves.toMatchObject({
        status: 201,
        body: { warnings: ['The code does not load, so calls will fail. No.'] },
      });
    });

    it.each([
      ['/deploy?strict=yes', undefined, 'MALFORMED_REQUEST', 'strict'],
      ['/deploy?strict', undefined, 'MALFORMED_REQUEST', 'strict'],
      ['/deploy?strict=TRUE', undefined, 'MALFORMED_REQUEST', 'strict'],
      ['/deploy?strict=true&strict=true', undefined, 'MALFORMED_REQUEST', 'strict'],
      ['/deploy?strict=true', 'true', 'MALFORMED_REQUEST', 'strict'],
      ['/deploy?stric=true', undefined, 'MALFORMED_REQUEST', 'stric'],
      ['/deploy', 'yes', 'INVALID_SETTINGS', 'strict'],
      ['/deploy', '1', 'INVALID_SETTINGS', 'strict'],
      ['/deploy', '', 'INVALID_SETTINGS', 'strict'],
    ])(
      'refuses what is neither, and what was meant to be it: %s, field %s',
      async (path, field, code, named) => {
        await expectRefused(postTo(path, field), { code, field: named });
      },
    );
  });

  it('refuses a text field that means nothing', async () => {
    await expectRefused(deploy({ fields: [['setings', '{}']] }), {
      code: 'INVALID_SETTINGS',
      field: 'setings',
    });
    await expectRefused(deploy({ fields: [['__proto__', '{}']] }), { code: 'INVALID_SETTINGS' });
  });

  it.each([
    '../hello.zip',
    '/etc/hello.zip',
    'C:\\hello.zip',
    '.zip',
    '..',
    'h\u00e9llo.zip',
    'a\r\nb.zip',
    'a b.zip',
  ])('refuses the file name %j, also as part of a path', async (fileName) => {
    await expectRefused(deploy({ fileName }), { code: 'INVALID_NAME' });
  });

  it('refuses a file name that hides its path in an encoding', async () => {
    const disposition = `form-data; name="file"; filename*=UTF-8''..%2F..%2Fevil.zip`;
    await expectRefused(raw(`${filePart(disposition)}--b--\r\n`), { code: 'INVALID_NAME' });
  });

  it('refuses what is no zip', async () => {
    await expectRefused(deploy({ content: Buffer.from('no zip') }), { code: 'INVALID_ARCHIVE' });
  });

  it('refuses an archive that is too large', async () => {
    const content = Buffer.alloc(1024 * 1024 + 1);
    await expectRefused(deploy({ content }), { code: 'ARCHIVE_TOO_LARGE' });
  });

  it('refuses a form without the file, or with the file in another field', async () => {
    await expectRefused(deploy({ field: 'archive' }), { code: 'MISSING_FILE', field: 'file' });
    await expectRefused(raw('--b--\r\n'), { code: 'MISSING_FILE' });
    await expectRefused(raw(`${filePart('form-data; name="file"')}--b--\r\n`), { code: 'MISSING_FILE' });
    await expectRefused(raw(`${filePart('form-data; name="settings"')}--b--\r\n`), { code: 'MISSING_FILE' });
  });

  it.each([
    ['a boundary', `${filePart()}--b--\r\n`, 'multipart/form-data'],
    ['an end', filePart(), undefined],
    ['an end of its file', filePart().slice(0, -8), undefined],
    ['any parts', 'not a form at all', undefined],
    ['sound headers', `--b\r\nContent-Disposition form-data\r\n\r\nx\r\n--b--\r\n`, undefined],
    ['a name without NUL', `${filePart('form-data; name="file"; filename="a\0.zip"')}--b--\r\n`, undefined],
    ['only one file', `${filePart()}${filePart()}--b--\r\n`, undefined],
    ['few fields', `${filePart('form-data; name="a"').repeat(9)}--b--\r\n`, undefined],
    ['short names', `${filePart(`form-data; name="${'a'.repeat(200)}"`)}--b--\r\n`, undefined],
    ['flat names', `${filePart('form-data; name="a[b][c][d]"')}--b--\r\n`, undefined],
  ])('refuses a form without %s', async (_, body, contentType) => {
    await expectRefused(raw(body, contentType), { code: 'MALFORMED_REQUEST' });
  });

  it('refuses a text field that is too long', async () => {
    const answer = deploy({ fields: [['settings', ' '.repeat(270_000)]] });
    await expectRefused(answer, { code: 'PAYLOAD_TOO_LARGE', field: 'settings' });
  });

  it.each(['application/zip', 'application/json', 'multipart/mixed; boundary=b', 'text/plain'])(
    'refuses a body of the type %s',
    async (contentType) => {
      await expectRefused(raw(archive, contentType), { code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  it('refuses a request without a body', async () => {
    await expectRefused(post({}), { code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it.each([
    ['a name that is none', filePart('form-data; name="file"; filename="a b.zip"'), 'INVALID_NAME'],
    ['a file in another field', filePart('form-data; name="zip"; filename="a.zip"'), 'MISSING_FILE'],
    [
      'a field whose name is too long',
      `--b\r\nContent-Disposition: form-data; name="${'x'.repeat(200)}"\r\n\r\nv\r\n--b\r\n`,
      'MALFORMED_REQUEST',
    ],
  ])('answers a refusal at once, though the rest of the form never comes: %s', async (_, part, code) => {
    const client = connect(server.port, '127.0.0.1');
    const head = 'POST /deploy HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n';
    client.write(`${head}Content-Length: 100000\r\n\r\n${part}`);
    const [answer] = (await once(client, 'data')) as [Buffer];
    client.destroy();
    expect(answer.toString()).toContain(code);
    await expectNothingLeft();
  });

  it('leaves nothing when the client goes away during the upload, and takes the next one', async () => {
    for (let i = 0; i < 5; i += 1) {
      const upload = await uploadHalf();
      upload.destroy();
      await once(upload, 'close');
      await eventually(() => server.code.staged.size === 0);
    }
    await expectNothingLeft();
    await expect(deploy()).resolves.toMatchObject({ status: 201 });
  });

  it('refuses a form whose chunks stay tiny, before its end, and leaves nothing', async () => {
    const chunked = (text: string) => Array.from(text, (byte) => `1\r\n${byte}\r\n`).join('');
    const upload = await uploadHalf(chunked(filePart().slice(0, -4)), 'Transfer-Encoding: chunked');
    upload.write(chunked('x'.repeat(2000)));
    const [answer] = (await once(upload, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/MALFORMED_REQUEST.*64 bytes on average/s);
    upload.destroy();
    await eventually(() => server.code.staged.size === 0);
    await expect(deploy()).resolves.toMatchObject({ status: 201 });
  });

  it('refuses a form that goes on and on beside its file', async () => {
    const before = `${'x'.repeat(1024 * 1024)}\r\n${'x'.repeat(1024 * 1024)}\r\n`;
    await expectRefused(raw(`${before}${filePart()}--b--\r\n`), { code: 'ARCHIVE_TOO_LARGE' });
    await expectRefused(raw(`${filePart()}--b--\r\n${before}`), { code: 'ARCHIVE_TOO_LARGE' });
  });

  it('refuses a boundary that is longer than any may be', async () => {
    const boundary = '-'.repeat(8000);
    const answer = raw(`--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`);
    await expectRefused(answer, { code: 'MALFORMED_REQUEST' });
    const longest = 'b'.repeat(70);
    const form = filePart().replace('--b', `--${longest}`) + `--${longest}--\r\n`;
    const type = `multipart/form-data; charset=utf-8; boundary="${longest}"`;
    await expectRefused(raw(form, type), { code: 'INVALID_ARCHIVE' });
  });

  it.each(['POST', 'PUT'])('lets only an administrator keep more ready than a share: %s', async (method) => {
    const send = async (headers: Record<string, string>) => {
      const form = new FormData();
      form.set('settings', '{"minContainers":9,"maxContainers":9}');
      form.set('file', new Blob([new Uint8Array(archive)]), 'hello.zip');
      const path = method === 'PUT' ? '/deploy/hello' : '/deploy';
      const response = await fetch(server.url + path, { method, headers, body: form });
      return { status: response.status, body: await response.json() };
    };
    await expectRefused(send({ [keyIdHeader]: 'deployer' }), { code: 'FORBIDDEN', field: 'minContainers' });
    await expect(send({})).resolves.toMatchObject({ status: 201 });
  });

  it('keeps the callers with one key to their share of deployments in flight', async () => {
    const as = (keyId: string) => deploy({ keyId });
    const upload = await uploadHalf(undefined, `Content-Length: 90000\r\n${keyIdHeader}: greedy`);
    expect(await as('greedy')).toMatchObject({ body: { code: 'RATE_LIMITED', retryAfterMs: 1000 } });
    await expect(as('other')).resolves.toMatchObject({ status: 201 });
    upload.destroy();
    await eventually(() => server.code.staged.size === 0);
    await server.deletion.delete(parseFunctionName('hello'));
    await expect(as('greedy')).resolves.toMatchObject({ status: 201 });
  });

  it('turns away more deployments at once than it may have in flight, and takes them afterwards', async () => {
    const uploads = [await uploadHalf(), await uploadHalf()];
    const refused = await deploy();
    expect(refused).toMatchObject({ status: 418, body: { code: 'OVERLOADED', retryAfterMs: 1000 } });
    for (const upload of uploads) upload.destroy();
    await eventually(() => server.code.staged.size === 0);
    await expect(deploy()).resolves.toMatchObject({ status: 201 });
  });
});

/** A client that stops in the middle of its file; the server has begun to stage it. */
async function uploadHalf(body = filePart().slice(0, -4), headers = 'Content-Length: 90000') {
  const before = server.code.begun;
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST /deploy HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n${headers}\r\n\r\n${body}`,
  );
  await eventually(() => server.code.begun > before);
  return socket;
}

/** Yields to the event loop until the condition holds; the test's own time limit ends it otherwise. */
async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
