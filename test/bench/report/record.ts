/** Keeps a run: its machine, without which numbers mean nothing, the raw data as JSON, and its tables in `docs/benchmarks.md`. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inProject, projectNode } from '../../../scripts/setup/project.mjs';
import type { Bench } from '../bench.js';
import { compact } from '../figure.js';
import { describeGenerator } from '../load/run-load.js';
import { markdownTables, type Report } from './report.js';

const DOCUMENT = inProject('docs/benchmarks.md');
const BEGIN = '<!-- results: written by `npm run bench` -->';
const END = '<!-- end of results -->';

/** Where the raw data of a full run are kept: one file a day, the last run of it. */
export function rawDataFile({ date }: Report) {
  return inProject(`docs/benchmarks/${date.slice(0, 'yyyy-mm-dd'.length)}.json`);
}

export async function writeRawData(file: string, report: Report) {
  const rows = report.rows.map(({ result, ...row }) =>
    result === undefined ? row : { ...row, result: { ...result, samples: compacted(result.samples) } },
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${pretty({ ...report, rows })}\n`);
}

/** Puts the tables between the document's two marks; what a person wrote around them stays. */
export async function writeTables(report: Report) {
  const text = await readFile(DOCUMENT, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has lost the marks around its results.`);
  const raw = path.relative(path.dirname(DOCUMENT), rawDataFile(report));
  const tables = `\n\n${markdownTables(report)}\n\nRaw data: [${raw}](${raw}).\n\n`;
  await writeFile(DOCUMENT, text.slice(0, begin + BEGIN.length) + tables + text.slice(end));
}

function compacted(samples: Record<string, readonly number[]>) {
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, compact(values)]));
}

/** Lists of numbers and of pairs on one line each: a diff of two runs stays readable. */
function pretty(value: unknown) {
  return JSON.stringify(value, null, 1)
    .replace(/\[\s+(-?[\d.]+(?:,\s+-?[\d.]+)*)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, '')}]`)
    .replace(/\{\s+"value": ([\d.]+),\s+"count": (\d+)\s+\}/g, '{"value":$1,"count":$2}');
}

const run = promisify(execFile);

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** That server, worker and functions-framework run on. */
  readonly node: string;
  readonly engine: string;
  readonly image: string;
  readonly commit: string;
  readonly loadGenerator: string;
}

export async function describeMachine(bench: Bench): Promise<Machine> {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    system: `${os.type()} ${os.release()}`,
    node: await outputOf(projectNode(), ['--version']),
    engine: (await Promise.all(bench.engines.map((engine) => engine.version()))).join(' and '),
    image: bench.image,
    commit: await outputOf('git', ['-C', inProject('.'), 'describe', '--always', '--dirty']),
    loadGenerator: await describeGenerator(),
  };
}

function outputOf(program: string, args: string[]) {
  return run(program, args).then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}
