import { findSegment, type Position } from './find-segment.js';

/** A place in a file that the generated code was made from. */
export interface SourcePosition extends Position {
  /** As the map writes it, below its root. */
  readonly source: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A source map, version 3, as far as stacks need it: a tool or anybody may have written it. */
export class SourceMap {
  private constructor(
    private readonly mappings: string,
    private readonly sources: readonly string[],
    private readonly sections: readonly { readonly offset: Position; readonly map: SourceMap }[],
  ) {}

  /** Of JSON that was parsed; the sources' contents, most of a map, are not kept. Undefined where it is no map. */
  static from(json: unknown): SourceMap | undefined {
    if (!isFields(json)) return undefined;
    const { mappings, sources, sourceRoot, sections } = json;
    if (Array.isArray(sections)) return new SourceMap('', [], sections.flatMap(sectionOf));
    if (typeof mappings !== 'string' || !Array.isArray(sources)) return undefined;
    const root =
      typeof sourceRoot === 'string' && sourceRoot !== '' ? `${sourceRoot.replace(/\/$/, '')}/` : '';
    const names = sources.map((source: unknown) => (typeof source === 'string' ? root + source : ''));
    return new SourceMap(mappings, names, []);
  }

  /** Undefined for code that came from nowhere. */
  find(position: Position): SourcePosition | undefined {
    if (this.sections.length > 0) return this.findInSection(position);
    const segment = findSegment(this.mappings, position);
    const source = segment && this.sources[segment.source];
    if (!segment || source === undefined || source === '' || segment.line < 0 || segment.column < 0) {
      return undefined;
    }
    return { source, line: segment.line, column: segment.column };
  }

  /** Bundles of bundles are maps of maps: of each, what begins last before the place. */
  private findInSection({ line, column }: Position): SourcePosition | undefined {
    const section = this.sections.findLast(
      ({ offset }) => offset.line < line || (offset.line === line && offset.column <= column),
    );
    if (!section) return undefined;
    const { offset, map } = section;
    return map.find({
      line: line - offset.line,
      column: line === offset.line ? column - offset.column : column,
    });
  }
}

function sectionOf(section: unknown): { offset: Position; map: SourceMap }[] {
  if (!isFields(section) || !isFields(section['offset']) || !isFields(section['map'])) return [];
  const { line, column } = section['offset'];
  // A section holds no sections: a map nested without end must not be one.
  const map = 'sections' in section['map'] ? undefined : SourceMap.from(section['map']);
  return map && typeof line === 'number' && typeof column === 'number'
    ? [{ offset: { line, column }, map }]
    : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
