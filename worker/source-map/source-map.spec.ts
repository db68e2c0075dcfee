import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { SourceMap as NodesSourceMap } from 'node:module';
import { SourceMap } from './source-map.js';

const source = Array.from(
  { length: 40 },
  (_, n) =>
    `export function f${n}(value: number): number {\n  if (value > ${n}) throw new Error('ü${n}');\n  return value;\n}\n`,
).join('\n');

function transformed(minify: boolean) {
  const { code, map } = transformSync(source, {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: 'src/app.ts',
    minify,
  });
  return { lines: code.split('\n'), json: JSON.parse(map) as Record<string, unknown> };
}

describe('a source map', () => {
  it.each([
    ['of lines', false],
    ['of one long line', true],
  ])('tells of every place what Node tells: one %s', (_, minify) => {
    const { lines, json } = transformed(minify);
    const ours = SourceMap.from(json);
    const nodes = new NodesSourceMap(json as never);
    for (const [line, text] of lines.entries()) {
      for (let column = 0; column < text.length; column += 1) {
        const entry = nodes.findEntry(line, column) as { originalLine: number; originalColumn: number };
        expect(ours?.find({ line, column })).toEqual({
          source: 'src/app.ts',
          line: entry.originalLine,
          column: entry.originalColumn,
        });
      }
    }
  });

  it('may consist of sections, each the map of a part of the code', () => {
    const { json } = transformed(false);
    const part = (line: number, root: string) => ({
      offset: { line, column: 0 },
      map: { ...json, sourceRoot: root },
    });
    const map = SourceMap.from({ sections: [part(10, 'one'), part(1000, 'two/')] });
    expect(map?.find({ line: 1000, column: 0 })).toMatchObject({ source: 'two/src/app.ts', line: 0 });
    expect(map?.find({ line: 10, column: 0 })).toMatchObject({ source: 'one/src/app.ts', line: 0 });
    expect(map?.find({ line: 9, column: 0 })).toBeUndefined();
  });

  it('says nothing of code that came from nowhere, or that it does not reach', () => {
    const map = SourceMap.from({ sources: ['a', null], mappings: 'AAAA,C;ACAA' });
    expect(map?.find({ line: 0, column: 0 })).toMatchObject({ source: 'a' });
    for (const position of [
      { line: 0, column: 1 },
      { line: 1, column: 0 },
      { line: 9, column: 0 },
    ]) {
      expect(map?.find(position)).toBeUndefined();
    }
  });

  it.each([
    ['nothing', null],
    ['text', 'AAAA'],
    ['a list', []],
    ['no mappings', { sources: [] }],
    ['no sources', { mappings: 'AAAA' }],
  ])('is none: %s', (_, json) => {
    expect(SourceMap.from(json)).toBeUndefined();
  });

  it('may be anything at all and only ever tells a place', () => {
    const mappings = fc.stringMatching(/^[A-Za-z0-9+/,;]*$/);
    fc.assert(
      fc.property(fc.oneof(mappings, fc.string()), fc.nat(3), fc.nat(20), (text, line, column) => {
        const found = SourceMap.from({ sources: ['a', 'b'], mappings: text })?.find({ line, column });
        if (!found) return;
        expect(['a', 'b']).toContain(found.source);
        expect(found.line).toBeGreaterThanOrEqual(0);
        expect(found.column).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
