/** Keeps a run: the raw data as JSON, and its tables in `docs/benchmarks.md`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../scripts/setup/project.mjs';
import { compact } from '../statistics.mjs';
import { markdownTables } from './table.mjs';

/** @typedef {import('./report.mjs').Report} Report */

const DOCUMENT = inProject('docs/benchmarks.md');
const BEGIN = '<!-- results: written by `npm run bench` -->';
const END = '<!-- end of results -->';

/** Where the raw data of a full run lie: one file a day, the last run of it. @param {Report} report */
export function rawDataFile({ date }) {
  return inProject(`docs/benchmarks/${date.slice(0, 'yyyy-mm-dd'.length)}.json`);
}

/**
 * @param {string} file
 * @param {Report} report
 */
export async function writeRawData(file, report) {
  const rows = report.rows.map(({ result, ...row }) =>
    result === undefined ? row : { ...row, result: { ...result, samples: compacted(result.samples) } },
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${pretty({ ...report, rows })}\n`);
}

/**
 * Puts the tables between the document's two marks; what a person wrote around them stays.
 * @param {Report} report
 */
export async function writeTables(report) {
  const text = await readFile(DOCUMENT, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has lost the marks around its results.`);
  const raw = path.relative(path.dirname(DOCUMENT), rawDataFile(report));
  const tables = `\n\n${markdownTables(report)}\n\nRaw data: [${raw}](${raw}).\n\n`;
  await writeFile(DOCUMENT, text.slice(0, begin + BEGIN.length) + tables + text.slice(end));
}

/** @param {Record<string, readonly number[]>} samples */
function compacted(samples) {
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, compact(values)]));
}

/** Lists of numbers and of pairs on one line each: a diff of two runs stays readable. @param {unknown} value */
function pretty(value) {
  return JSON.stringify(value, null, 1)
    .replace(/\[\s+(-?[\d.]+(?:,\s+-?[\d.]+)*)\s+\]/g, (_, list) => `[${list.replace(/\s+/g, '')}]`)
    .replace(/\{\s+"value": ([\d.]+),\s+"count": (\d+)\s+\}/g, '{"value":$1,"count":$2}');
}
