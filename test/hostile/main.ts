/** Runs the groups one after the other and prints their table; ends with code 1 when anything failed or was lost. */
import { cpus, release, type } from 'node:os';
import { groups } from './groups.js';
import { readOptions } from './options.mjs';
import { stopServers } from './server/hostile-server.js';
import { tableOf, type GroupReport } from './table.js';
import { Trial, type Group } from './trial.js';

const interrupted = 130;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void stopServers().finally(() => process.exit(interrupted)));

const { isFull, seed, cases, chosen } = readOptions(process.argv.slice(2));
const reports: GroupReport[] = [];
for (const group of groups.filter(({ name }) => chosen.length === 0 || chosen.includes(name)))
  reports.push(await runGroup(group));

for (const { name, trial } of reports) {
  for (const note of trial.notes) console.log(`${name}: ${note}`);
  for (const failure of trial.failures) console.log(`FAILED ${name}: ${failure}`);
  for (const loss of trial.losses) console.log(`LOST ${name}: ${loss}`);
}
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${type()} ${release()}`;
console.log(`\n${tableOf(reports)}\n`);
console.log(
  `${isFull ? 'Full' : 'Quick'} run, seed ${seed}, ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}`,
);
// A trial that failed may have left something open.
process.exit(reports.every(({ trial }) => trial.isPassed) ? 0 : 1);

async function runGroup(group: Group): Promise<GroupReport> {
  const startedAtMs = performance.now();
  const tell = (text: string) => process.stderr.write(`${group.name}: ${text}\n`);
  const trial = new Trial(group, { seed, isFull, cases, tell });
  tell('begins');
  // A group that breaks is one failed case; the others still run.
  try {
    await group.run(trial);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await trial.case('the group itself', () => Promise.reject(new Error(reason)));
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  tell(`${trial.passed} of ${trial.tried} passed in ${seconds.toFixed(1)} s`);
  return { name: group.name, seconds, trial };
}
