import { settingFieldsOf } from './setting-fields.js';
import { environmentPatch, linesOf, patchOf, shownText, textOf, variableErrors } from './settings-patch.js';

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
    expect(textOf({})).toBe('');
    expect(linesOf('a\n b \n')).toEqual(['a', 'b']);
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
