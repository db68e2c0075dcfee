import { gzipSync } from 'node:zlib';
import { brokenSettings, compressed, invalid, malformed, strict } from '../../support/input/refusals.js';
import { RefusingServer } from '../../support/input/refusing-server.js';
import { formPaths, formWith } from '../../support/input/upload.js';
import { zipOf } from '../../support/zip.js';

let server: RefusingServer;
beforeAll(async () => {
  server = await RefusingServer.start();
});
afterAll(() => server.close());

describe.each(Object.entries(formPaths))('the form of %s', (route, path) => {
  const send = (...fields: readonly (readonly [string, string])[]) =>
    server.refusalOf(route, path, { body: formWith(...fields) });

  it('may have no unknown field', async () => {
    const detail = 'There is no field "nothing"; use settings or strict.';
    expect(await send(['nothing', '1'])).toEqual(invalid('nothing', detail));
  });

  it.each([
    ['strict', 'yes', strict],
    ['strict', '', strict],
    ['settings', '[]', 'settings must be one JSON object.'],
  ])('is refused where %s is %j', async (field, value, sentence) => {
    expect(await send([field, value])).toEqual(invalid(field, sentence));
  });

  it.each(brokenSettings)(
    'has settings that are held to the rules of PATCH /settings/:name: %s may not be %j',
    async (field, value, sentence) => {
      expect(await send(['settings', JSON.stringify({ [field]: value })])).toEqual(invalid(field, sentence));
    },
  );

  it('may name no field twice', async () => {
    const twice = malformed('settings', 'settings must be given once.');
    expect(await send(['settings', '{}'], ['settings', '{}'])).toEqual(twice);
    expect(await send(['settings', '{"tmpMiB":1,"tmpMiB":2}'])).toEqual(
      malformed('tmpMiB', 'tmpMiB must be given once.'),
    );
  });

  it.each(['', '{', '{}{}', `${'['.repeat(101)}${']'.repeat(101)}`])(
    'has settings in JSON, unlike %j',
    async (settings) => {
      const rule = 'settings must be one JSON value in UTF-8, nested no deeper than 100 levels.';
      expect(await send(['settings', settings])).toEqual(malformed('settings', rule));
    },
  );

  it('has fields in UTF-8', async () => {
    const part = 'Content-Disposition: form-data; name="settings"\r\n\r\n{"description":"\xe9"}';
    const zip = 'Content-Disposition: form-data; name="file"; filename="another.zip"\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(`--b\r\n${part}\r\n--b\r\n${zip}`, 'latin1'),
      zipOf({ 'index.js': '' }),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const refusal = await server.refusalOf(route, path, {
      body: new Uint8Array(body),
      contentType: 'multipart/form-data; boundary=b',
    });
    expect(refusal).toEqual(malformed('settings', 'settings must be text in UTF-8.'));
  });

  it('may have so many bytes in a field and no more', async () => {
    expect(await send(['settings', `{}${' '.repeat(262_144)}`])).toEqual({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      detail: 'settings must have at most 262144 bytes; send less.',
      field: 'settings',
    });
  });

  it('may not be compressed', async () => {
    const sent = {
      body: gzipSync('--b--'),
      contentType: 'multipart/form-data; boundary=b',
      contentEncoding: 'gzip',
    };
    expect(await server.refusalOf(route, path, sent)).toEqual(compressed);
  });

  it.each(['text/plain', 'application/json', 'application/zip'])(
    'may not be of the content type %s',
    async (contentType) => {
      expect(await server.refusalOf(route, path, { body: '{}', contentType })).toEqual({
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: 'Send the content type multipart/form-data, with the zip archive in the form field "file".',
        field: undefined,
      });
    },
  );

  it('leaves nothing behind where it is refused', async () => {
    await send(['strict', 'yes']);
    expect(server.functions()).toMatchObject([{ name: 'hello', revision: 1 }]);
  });
});
