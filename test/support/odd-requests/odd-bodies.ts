import fc from 'fast-check';
import { handlerZip } from '../zip.js';

/** Texts that have broken programs: NUL, half characters, names that every object has, numbers that are none. */
export const oddText = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '\0', 'a\0b', '\ud800', '\udc00x', 'x\udfff', '\u2028', '\ufeff', '\u202e', '💩', '../..'],
    ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'then', 'toJSON', 'length'],
    ...['NaN', 'Infinity', '-0', '1e999', '9007199254740993', '99999999999999999999', 'null', 'true', '[]'],
    ...['1970-01-01', '+275760-09-14', '2026-13-01T00:00:00Z', '${x}', '%s%n', "';--", '*', '🏳️‍🌈'],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 20 }).map((power) => 'x'.repeat(2 ** (power % 14))),
);

const oddNumber = fc.constantFrom(
  ...[
    '0',
    '-0',
    '-1',
    '1',
    '1.5',
    '1e999',
    '-1e999',
    '5e-324',
    '9007199254740993',
    '4294967296',
    '2147483648',
  ],
  ...['1e21', '00', '0x1', '.5', '1e', 'NaN', `1${'0'.repeat(400)}`],
);

const deep = fc
  .tuple(fc.constantFrom(99, 100, 101, 10_000), fc.constantFrom('[', '{"a":', '{"__proto__":'))
  .map(([levels, open]) => open.repeat(levels) + '1' + (open === '[' ? ']' : '}').repeat(levels));

/** JSON as text, also such as no serialiser writes: names twice, numbers that overflow, nests without end. */
export function oddJson(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names, 'a') }, oddText);
  const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      oddText.map((text) => JSON.stringify(text)),
      oddNumber,
      fc.constantFrom('null', 'true', 'false', '', '{', '[', '"', '"\\ud800"', '"\\u0000"', '{}', '[]'),
      deep,
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(name, tie('value')), { maxLength: 3 })
      .map((fields) => `{${fields.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`),
  }));
  const field = fc.tuple(name, value).map(([key, json]) => `{${JSON.stringify(key)}:${json}}`);
  return fc.oneof({ weight: 3, arbitrary: field }, value);
}

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
