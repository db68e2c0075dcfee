import { setTimeout as after } from 'node:timers/promises';
import { stolen } from '../functions/protocol.js';
import { becomes } from '../../support/eventually.js';
import { inLanesUntil, untilOver, withinASecond, type Attack, type Bound, type Scene } from './attack.js';

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
      await admin.mustDeploy(name, code, { isolation });
      return (over) =>
        inLanesUntil(over, 1, () =>
          Promise.all([hostile.callUntil(over, name), after(1000 / callsPerSecond)]),
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
      await admin.mustDeploy(name, flooding(kinds, outsidePort), settings);
      return async (over) => {
        const calls = Array.from({ length: containers }, (_, number) =>
          hostile.callUntil(over, name, `${when} ${number}`),
        );
        await Promise.all([...calls, untilOver(over)]);
      };
    },
  };
}

async function readyContainers({ admin }: Scene): Promise<number> {
  const { text } = await admin.ask('GET', '/metrics');
  return Number(/^glambdar_pool_containers\{state="ready"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
