import { zipOf } from '../../support/zip.js';
import { callersUntil, withinASecond, type Attack } from './attack.js';

const functionsOfOneKey = 5;
const callersOfEach = 4;
const burstCallers = 150;
/** Each of them, more than half of the memory of all calls. */
const largeMiB = 1280;

const takesAWhile = `exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 100)); };`;
const takesLong = `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 50_000));`;

/** More calls than there is room for, of one function or with one key. */
export const callFloods: readonly Attack[] = [
  {
    title: 'a burst of one function far above its share',
    isolations: ['fresh', 'warm'],
    bound: withinASecond,
    async prepare({ admin, hostile }, { name, isolation }) {
      await admin.mustDeploy(name, takesAWhile, { isolation, maxContainers: 32, maxConcurrency: 64 });
      return (over) => callersUntil(over, hostile, burstCallers, () => name);
    },
  },
  {
    title: 'one key whose calls of many functions take all the memory they may',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare({ admin, hostile }, { name, isolation }) {
      const settings = { isolation, memoryMiB: 512, timeoutSeconds: 60 };
      const names = Array.from({ length: functionsOfOneKey }, (_, number) => `${name}-${number}`);
      for (const each of names) await admin.mustDeploy(each, takesLong, settings);
      const callers = names.length * callersOfEach;
      return (over) => callersUntil(over, hostile, callers, (number) => `${name}-${number % names.length}`);
    },
  },
  {
    title: 'two functions that want nearly all memory, of which one waits for the other',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare({ admin, hostile }, { name, isolation }) {
      const settings = { isolation, memoryMiB: largeMiB, maxContainers: 1, timeoutSeconds: 60 };
      for (const number of [0, 1]) await admin.mustDeploy(`${name}-${number}`, takesLong, settings);
      return (over) => callersUntil(over, hostile, 2, (number) => `${name}-${number}`);
    },
  },
  {
    title: 'twelve callers of code that takes as long to load as it is called',
    isolations: ['fresh', 'warm'],
    bound: { share: 0.9, mostMs: 1000, timesQuiet: 2 },
    async prepare({ admin, hostile }, { name, isolation, roundMs }) {
      const code = `await new Promise((resolve) => setTimeout(resolve, ${roundMs})); export const handler = () => 1;`;
      await admin.mustDeploy(name, zipOf({ 'index.mjs': code }), { isolation, maxContainers: 12 });
      return (over) => callersUntil(over, hostile, 12, () => name);
    },
  },
];
