/** A report as text for a terminal, and as the tables of a Markdown document. */
import type { EngineId } from '../engines/measured-engine.js';
import { isReached, type RowResult, targetText, valueText } from '../figure.js';
import type { Machine } from './record.js';

/** What a run has found of a row on one engine: its figures, or the reason why it has none. */
export interface MeasuredRow {
  readonly id: string;
  readonly title: string;
  /** Undefined where no server of ours is measured. */
  readonly engine?: EngineId;
  readonly seconds: number;
  readonly result?: RowResult;
  readonly failure?: string;
}
export interface Report {
  /** ISO 8601. */
  readonly date: string;
  readonly isQuick: boolean;
  readonly machine: Machine;
  readonly seconds: number;
  readonly rows: MeasuredRow[];
}
interface Line {
  engine: string;
  name: string;
  value: string;
  target: string;
  mark: string;
}

export function linesOf({ result, failure, engine: measuredOn }: MeasuredRow): Line[] {
  const engine = measuredOn ?? '';
  if (result === undefined)
    return [{ engine, name: `not measured: ${failure}`, value: '', target: '', mark: 'ERROR' }];
  return result.figures.map((figure) => ({
    engine,
    name: figure.name,
    value: valueText(figure),
    target: targetText(figure),
    mark: markOf(isReached(figure)),
  }));
}

export function summaryOf({ rows }: Report) {
  const reached = rows.flatMap(({ result }) => result?.figures ?? []).map(isReached);
  const count = (outcome: boolean) => reached.filter((is) => is === outcome).length;
  const failed = rows.filter(({ result }) => result === undefined).length;
  return `${count(true)} targets reached, ${count(false)} missed; ${failed} rows could not be measured`;
}

export function machineLines({ machine, date, seconds, isQuick }: Report) {
  return [
    `${date}, ${Math.round(seconds)} s${isQuick ? ', quick: too few samples to judge by' : ''}`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `Node.js ${machine.node}, ${machine.engine}, image ${machine.image}, commit ${machine.commit}`,
    `Load generator: ${machine.loadGenerator}`,
  ];
}

function markOf(isReached: boolean | undefined) {
  if (isReached === undefined) return '';
  return isReached ? 'reached' : 'MISSED';
}

/** One for each row of the benchmark, with the lines of all engines that it was measured on. */
function blocksOf({ rows }: Report) {
  const blocks = new Map<string, { id: string; title: string; lines: Line[] }>();
  for (const row of rows) {
    const { id, title } = row;
    const block = blocks.get(id) ?? { id, title, lines: [] };
    block.lines.push(...linesOf(row));
    blocks.set(id, block);
  }
  return [...blocks.values()];
}

export function terminalTable(report: Report) {
  const rows = blocksOf(report);
  const all = rows.flatMap(({ lines }) => lines.filter(({ mark }) => mark !== 'ERROR'));
  const width = (column: 'engine' | 'name' | 'value' | 'target') =>
    Math.max(0, ...all.map((line) => line[column].length));
  const blocks = rows.map(({ id, title, lines }) => [
    `${title}  [${id}]`,
    ...lines.map(({ engine, name, value, target, mark }) =>
      [
        `  ${engine.padEnd(width('engine'))}`,
        name.padEnd(width('name')),
        value.padStart(width('value')),
        target.padEnd(width('target')),
        mark,
      ]
        .join('  ')
        .trimEnd(),
    ),
    '',
  ]);
  return ['', ...machineLines(report), '', ...blocks.flat(), summaryOf(report)].join('\n');
}

export function markdownTables(report: Report) {
  const blocks = blocksOf(report).map(({ title, lines }) => [
    `### ${title}`,
    '',
    '| engine | figure | measured | to reach | |',
    '|---|---|---:|---|---|',
    ...lines.map(
      ({ engine, name, value, target, mark }) => `| ${engine} | ${name} | ${value} | ${target} | ${mark} |`,
    ),
    '',
  ]);
  const machine = machineLines(report).map((line) => `- ${line}`);
  return [...machine, `- ${summaryOf(report)}`, '', ...blocks.flat()].join('\n').trimEnd();
}
