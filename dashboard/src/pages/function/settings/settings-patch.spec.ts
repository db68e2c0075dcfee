import { settingFieldsOf } from './setting-fields.js';
import {
  environmentPatch,
  linesOf,
  patchedSettings,
  patchOf,
  shownText,
  textOf,
  variableErrors,
} from './settings-patch.js';

const fields = settingFieldsOf({
  description: { type: 'string', default: '' },
  memoryMiB: { type: 'integer' },
  maxContainers: { type: 'integer', default: 4 },
  isolation: { type: 'string', enum: ['fresh', 'warm'], default: 'fresh' },
  installScripts: { type: 'boolean', default: false },
  egress: { type: 'array', default: [] },
});
const values = {
  description: 'Greets',
  memoryMiB: 128,
  maxContainers: 8,
  isolation: 'warm',
  installScripts: false,
  egress: ['a.example', 'public'],
};
const value = (text: string) => ({ kind: 'value', text }) as const;
const patch = (edits: Parameters<typeof patchOf>[2]) => patchOf(fields, values, edits);

describe('the patch of a form', () => {
  it('names what differs, as the type that it has', () => {
    const edits = {
      description: value('Greets'),
      memoryMiB: value('256'),
      isolation: value('fresh'),
      installScripts: value('true'),
      egress: value(' a.example \n\nb.example\n'),
    };
    expect(patch(edits)).toEqual({
      memoryMiB: 256,
      isolation: 'fresh',
      installScripts: true,
      egress: ['a.example', 'b.example'],
    });
    expect(patch({})).toEqual({});
  });

  it('restores a default with null, and empties what is to be empty', () => {
    expect(patch({ memoryMiB: { kind: 'default' }, egress: value(''), description: value('') })).toEqual({
      memoryMiB: null,
      egress: [],
      description: '',
    });
  });

  it.each(['', 'many', '1e999'])('leaves it to the server to refuse the number %j', (text) => {
    expect(patch({ memoryMiB: value(text) })).toEqual({ memoryMiB: text });
  });

  it('shows what is, what was written, or the default that is wanted', () => {
    const [, , maxContainers] = fields;
    expect(shownText(maxContainers!, values, undefined)).toBe('8');
    expect(shownText(maxContainers!, values, value('9'))).toBe('9');
    expect(shownText(maxContainers!, values, { kind: 'default' })).toBe('4');
    expect([textOf({}), textOf(null)]).toEqual(['true', '']);
    expect(linesOf('a\n b \n')).toEqual(['a', 'b']);
  });
});

describe('the patch of an object', () => {
  const objects = settingFieldsOf({
    retry: {
      type: ['object', 'null'],
      default: { maxAttempts: 3, maxAgeSeconds: 60 },
      properties: {
        maxAttempts: { type: 'integer', default: 3 },
        maxAgeSeconds: { type: 'integer', default: 60 },
      },
    },
    cors: {
      type: ['object', 'null'],
      default: null,
      properties: {
        origins: { type: 'array', default: [] },
        credentials: { type: 'boolean', default: false },
      },
    },
    onFailure: { type: ['string', 'null'], default: null },
  });
  const plain = { retry: { maxAttempts: 5, maxAgeSeconds: 60 }, cors: null, onFailure: null };
  const withCors = { ...plain, cors: { origins: ['*'], credentials: false }, onFailure: 'alert' };
  const off = value('false');

  it('names the members that differ, and restores the default of one with null', () => {
    const edits = { 'retry.maxAttempts': { kind: 'default' }, 'retry.maxAgeSeconds': value('90') } as const;
    const changed = patchOf(objects, plain, edits);
    expect(changed).toEqual({ retry: { maxAttempts: null, maxAgeSeconds: 90 } });
    expect(patchedSettings(objects, plain, changed)).toEqual({
      ...plain,
      retry: { maxAttempts: 3, maxAgeSeconds: 90 },
    });
    expect(patchOf(objects, plain, { 'retry.maxAttempts': value('5') })).toEqual({});
  });

  it('makes one that is missing when it is switched on, with what was written or the defaults', () => {
    const edits = { cors: value('true'), 'cors.origins': value('https://a.example') };
    const changed = patchOf(objects, plain, edits);
    expect(changed).toEqual({ cors: { origins: ['https://a.example'] } });
    expect(patchedSettings(objects, plain, changed)['cors']).toEqual({
      origins: ['https://a.example'],
      credentials: false,
    });
    expect(patchOf(objects, plain, { cors: value('true') })).toEqual({ cors: {} });
    expect(patchOf(objects, plain, { 'cors.credentials': value('true') })).toEqual({});
  });

  it('takes one away with null when it is switched off, whatever was written', () => {
    expect(patchOf(objects, withCors, { cors: off, 'cors.origins': value('x') })).toEqual({ cors: null });
    expect(patchOf(objects, plain, { cors: off })).toEqual({});
    expect(patchOf(objects, withCors, { cors: value('true') })).toEqual({});
    expect(patchedSettings(objects, withCors, { cors: null })['cors']).toBeNull();
  });

  it('takes a name away that may be missing where it is emptied', () => {
    expect(patchOf(objects, withCors, { onFailure: value(' ') })).toEqual({ onFailure: null });
    expect(patchOf(objects, plain, { onFailure: value('') })).toEqual({});
    expect(patchOf(objects, plain, { onFailure: value('alert') })).toEqual({ onFailure: 'alert' });
  });
});

describe('the patch of the environment', () => {
  it('names what was added, changed and removed', () => {
    const rows = [
      { name: ' KEPT ', value: '1' },
      { name: 'CHANGED', value: '3' },
      { name: 'NEW', value: ' spaces stay ' },
      { name: '', value: '' },
    ];
    expect(environmentPatch({ KEPT: '1', CHANGED: '2', GONE: 'x' }, rows)).toEqual({
      CHANGED: '3',
      NEW: ' spaces stay ',
      GONE: null,
    });
  });

  it('has variables of any name as its own', () => {
    expect(environmentPatch({}, [{ name: 'constructor', value: 'a' }])).toEqual({ constructor: 'a' });
    const patched = environmentPatch({}, [{ name: '__proto__', value: 'a' }]);
    expect(JSON.stringify(patched)).toBe('{"__proto__":"a"}');
  });

  it('needs a name for each value, and one value for each name', () => {
    const rows = ['A', '', 'B', ' A', ''].map((name, index) => ({ name, value: index === 4 ? '' : 'x' }));
    expect([...variableErrors(rows).keys()]).toEqual([1, 3]);
  });
});
