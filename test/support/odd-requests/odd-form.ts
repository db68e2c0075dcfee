import fc from 'fast-check';
import { handlerZip } from '../served/archives.js';
import { oddText } from './odd-json.js';

const zip = handlerZip('() => 1');

const partName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('file', 'settings') },
  fc.constantFrom(
    '__proto__',
    'file[]',
    'settings[a]',
    'settings[__proto__][x]',
    'a[b][c][d]',
    'a[99999]',
    '',
    '[',
    ']',
  ),
  oddText,
);

const fileName = fc.oneof(
  fc.constantFrom(
    'fresh.zip',
    'known.zip',
    '__proto__.zip',
    '',
    '.zip',
    '..\\a.zip',
    'a\0.zip',
    'a'.repeat(300),
  ),
  oddText,
);

/** A zip with some bytes of it changed, or cut short. */
const oddZip = fc.oneof(
  { weight: 2, arbitrary: fc.constant(zip) },
  fc.tuple(fc.nat(zip.length - 1), fc.nat(255), fc.boolean()).map(([at, byte, cut]) => {
    const changed = Buffer.from(zip);
    changed[at] = byte;
    return cut ? changed.subarray(0, at) : changed;
  }),
);

const disposition = (text: string) => text.replaceAll(/[\r\n"]/g, '_');

function part(content: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const file = fc.tuple(partName, fileName, oddZip).map(([name, file_, bytes]) => {
    const head = `Content-Disposition: form-data; name="${disposition(name)}"; filename="${disposition(file_)}"`;
    return Buffer.concat([Buffer.from(`${head}\r\nContent-Type: application/zip\r\n\r\n`), bytes]);
  });
  const field = fc
    .tuple(partName, content)
    .map(([name, text]) =>
      Buffer.from(`Content-Disposition: form-data; name="${disposition(name)}"\r\n\r\n${text}`),
    );
  const broken = fc.constantFrom(
    '',
    '\r\n',
    'Content-Disposition\r\n\r\n',
    'Content-Disposition: form-data\r\n\r\nx',
  );
  return fc.oneof(
    file,
    field,
    broken.map((text) => Buffer.from(text)),
  );
}

/** A multipart form, or nearly one. */
export function oddForm(content: fc.Arbitrary<string>): fc.Arbitrary<{ type: string; bytes: Buffer }> {
  return fc
    .record({
      parts: fc.array(part(content), { maxLength: 4 }),
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constant('multipart/form-data; boundary=b') },
        fc.constantFrom(
          'multipart/form-data',
          'multipart/form-data; boundary=',
          'multipart/form-data; boundary="',
        ),
      ),
      end: fc.oneof(
        { weight: 9, arbitrary: fc.constant('--b--\r\n') },
        fc.constantFrom('', '--b', '--b\r\n'),
      ),
    })
    .map(({ parts, type, end }) => ({
      type,
      bytes: Buffer.concat([
        ...parts.flatMap((one) => [Buffer.from('--b\r\n'), one, Buffer.from('\r\n')]),
        Buffer.from(end),
      ]),
    }));
}
