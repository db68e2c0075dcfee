import fc from 'fast-check';
import { plain } from './style.js';
import { fields, table, type Column } from './table.js';
import { widthOf } from './text-width.js';

const screen = { style: plain, columns: 40, now: new Date('2026-03-01T12:00:00Z') };
type Row = readonly [string, string | Date | null];
const columns: readonly Column<Row>[] = [
  { head: 'name', value: ([name]) => name },
  { head: 'about', value: ([, about]) => about },
];
const shown = (rows: readonly Row[]) => table(rows, columns, 'None.');

describe('a table', () => {
  it('on a terminal has a head and aligned columns, of which the last is cut to its width', () => {
    const text = 'a text that is too long for what is left of a line';
    expect(
      shown([
        ['a', text],
        ['long name', new Date('2026-02-27T12:00:00Z')],
        ['none', null],
      ]).onTerminal(screen),
    ).toBe(
      `\
NAME       ABOUT
a          a text that is too long for …
long name  2 days ago
none       -
`,
    );
  });

  it('counts the places of wide characters and of none', () => {
    expect(['世界', 'é', 'e\u0301', '🎉'].map(widthOf)).toEqual([4, 1, 1, 2]);
    expect(
      shown([
        ['世界', 'x'],
        ['abcd', 'y'],
      ]).onTerminal(screen),
    ).toBe('NAME  ABOUT\n世界  x\nabcd  y\n');
  });

  it('in a pipe has whole cells between tabs, and nothing for none', () => {
    const rows: Row[] = [
      ['a\tb', 'x'.repeat(100)],
      ['c', new Date('2026-02-27T12:00:00Z')],
      ['d', null],
    ];
    expect(shown(rows).inPipe()).toBe(`a b\t${'x'.repeat(100)}\nc\t2026-02-27T12:00:00.000Z\nd\t\n`);
  });

  it('says on a terminal that there is nothing, and nothing in a pipe', () => {
    expect([shown([]).onTerminal(screen), shown([]).inPipe()]).toEqual(['None.\n', '']);
  });

  it('has one line for one row, whatever is in it', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\u001b[2J', '\r', '\u202e'));
    fc.assert(
      fc.property(cell, cell, (a, b) => {
        for (const text of [
          shown([[a, b]])
            .onTerminal(screen)
            .split('\n')[1] ?? '',
          shown([[a, b]])
            .inPipe()
            .slice(0, -1),
        ])
          expect(text).not.toMatch(/[^\P{Cc}\t]|[\u2028\u2029\u202e]/u);
      }),
    );
  });
});

describe('the fields of one thing', () => {
  it('are a name and a value on each line', () => {
    const view = fields([
      ['name', 'hello', 'bold'],
      ['last call', new Date('2026-03-01T11:00:00Z')],
      ['calls', 0],
      ['why', null],
    ]);
    expect(view.onTerminal(screen)).toBe(
      'name:      hello\nlast call: 1 hour ago\ncalls:     0\nwhy:       -\n',
    );
    expect(view.inPipe()).toBe('name\thello\nlast call\t2026-03-01T11:00:00.000Z\ncalls\t0\nwhy\t\n');
  });
});
