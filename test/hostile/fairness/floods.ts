import { setTimeout as after } from 'node:timers/promises';
import { becomes } from '../../support/eventually.js';
import { zipOf } from '../../support/zip.js';
import { stolen } from '../functions/protocol.js';
import {
  type Attack,
  type Bound,
  callersUntil,
  inParallelUntil,
  type Scene,
  untilOver,
  withinASecond,
} from './attack.js';

const containers = 8;
/** All of them together use less than a core: what is measured is what the server spends on them. */
const cpuMillis = 100;
/** A fresh container ends with its call. */
const ofWarm = { isolations: ['warm'] } as const;
const madeWithinMs = 30_000;
const tinyLines = 65_536;
const callsPerSecond = 14;

/** By the middle of the calls: the slowest ones tell more of what else a machine does. Below so many milliseconds it is idle. */
const twiceQuiet: Bound = { share: 0.5, mostMs: 25, timesQuiet: 2 };

/** What a flood does again and again. */
const floods = {
  tinyFrames: 'say(tiny);',
  largeFrames: 'say(large);',
  output: 'out(1);',
  errors: 'out(2);',
  lines: 'console.log("");',
  piecesOutside: 'goOut();',
  /** A container that is only busy, which the kernel shares out, and not the server. */
  silence: '',
};

const flooding = (kinds: readonly string[], outsidePort: number) => `${stolen}
const print = (text) => frame({ type: 'log', stream: 'stdout' }, Buffer.from(text));
const large = print('z'.repeat(60_000));
const tiny = Buffer.concat(Array.from({ length: 500 }, () => print('z')));
const out = (descriptor) => { try { writeSync(descriptor, 'y'.repeat(65_536)); } catch {} };
let outside;
const goOut = () => {
  outside ??= require('node:net').connect(${outsidePort}, '127.0.0.1').on('error', () => 1).setNoDelay();
  if (outside.writableLength < 1024) outside.write('z');
};
const kinds = [${kinds.map((kind) => `() => { ${kind} }`).join(', ')}];
const flood = async (kind) => { for (;;) { kind(); await new Promise(setImmediate); } };
exports.handler = ({ body }) => {
  const [when, number] = body.split(' ');
  const kind = kinds[number % kinds.length];
  if (when === 'now') return flood(kind);
  setTimeout(() => flood(kind), 20);
};`;

/** What a container sends costs the server, and what it prints is kept for all in one place. */
export const containerFloods: readonly Attack[] = [
  floodOf('every kind during calls', Object.values(floods), 'now'),
  { ...floodOf('nothing during calls', [floods.silence], 'now'), onlyFull: true },
  { ...floodOf('tiny frames during calls', [floods.tinyFrames], 'now'), onlyFull: true },
  { ...floodOf('large frames during calls', [floods.largeFrames], 'now'), onlyFull: true },
  { ...floodOf('output during calls', [floods.output], 'now'), onlyFull: true },
  { ...floodOf('pieces sent outside during calls', [floods.piecesOutside], 'now'), onlyFull: true },
  {
    ...floodOf('frames after calls', [floods.tinyFrames + floods.largeFrames], 'afterwards'),
    ...ofWarm,
    onlyFull: true,
  },
  { ...floodOf('output after calls', [floods.errors], 'afterwards'), ...ofWarm },
  {
    title: 'sixty-five thousand empty lines of each call',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare({ admin, hostile }, { name, isolation }) {
      const code = `exports.handler = () => { process.stdout.write('\\n'.repeat(${tinyLines})); };`;
      await admin.deploy(name, code, { isolation });
      return (over) =>
        inParallelUntil(over, 1, () =>
          Promise.all([hostile.invokeUntil(over, name), after(1000 / callsPerSecond)]),
        );
    },
  },
];

/** The containers take the kinds by turns. */
function floodOf(what: string, kinds: readonly string[], when: 'now' | 'afterwards'): Attack {
  return {
    title: `floods of ${what} from eight containers`,
    isolations: ['warm', 'fresh'],
    bound: twiceQuiet,
    makeReady: (scene) => becomes(async () => (await readyContainers(scene)) >= containers, madeWithinMs),
    async prepare({ admin, hostile, outsidePort }, { name, isolation }) {
      const counts = { minContainers: containers, maxContainers: containers };
      const settings = { isolation, cpuMillis, ...counts, egress: [`127.0.0.1:${outsidePort}`] };
      await admin.deploy(name, flooding(kinds, outsidePort), settings);
      return async (over) => {
        const calls = Array.from({ length: containers }, (_, number) =>
          hostile.invokeUntil(over, name, `${when} ${number}`),
        );
        await Promise.all([...calls, untilOver(over)]);
      };
    },
  };
}

async function readyContainers({ admin }: Scene): Promise<number> {
  const { text } = await admin.get('/metrics');
  return Number(/^glambdar_pool_containers\{state="ready"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

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
      await admin.deploy(name, takesAWhile, { isolation, maxContainers: 32, maxConcurrency: 64 });
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
      for (const each of names) await admin.deploy(each, takesLong, settings);
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
      for (const number of [0, 1]) await admin.deploy(`${name}-${number}`, takesLong, settings);
      return (over) => callersUntil(over, hostile, 2, (number) => `${name}-${number}`);
    },
  },
  {
    title: 'twelve callers of code that takes as long to load as it is called',
    isolations: ['fresh', 'warm'],
    bound: { share: 0.9, mostMs: 1000, timesQuiet: 2 },
    async prepare({ admin, hostile }, { name, isolation, roundMs }) {
      const code = `await new Promise((resolve) => setTimeout(resolve, ${roundMs})); export const handler = () => 1;`;
      await admin.deploy(name, zipOf({ 'index.mjs': code }), { isolation, maxContainers: 12 });
      return (over) => callersUntil(over, hostile, 12, () => name);
    },
  },
];
