import { setTimeout as after } from 'node:timers/promises';
import { stolen } from '../functions/protocol.js';
import { becomes } from '../server/patience.js';
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

const flooding = (flood: string) => `${stolen}
const print = (text) => frame({ type: 'log', stream: 'stdout' }, Buffer.from(text));
const large = print('z'.repeat(60_000));
const tiny = Buffer.concat(Array.from({ length: 500 }, () => print('z')));
const out = (descriptor) => { try { writeSync(descriptor, 'y'.repeat(65_536)); } catch {} };
const flood = async () => { for (;;) { ${flood} await new Promise(setImmediate); } };
exports.handler = ({ body }) => {
  if (body === 'now') return flood();
  setTimeout(flood, 20);
};`;

/** What a container sends costs the server, and what it prints is kept for all in one place. */
export const containerFloods: readonly Attack[] = [
  floodOf('tiny frames during calls', 'say(tiny);', 'now'),
  { ...floodOf('large frames during calls', 'say(large);', 'now'), onlyFull: true },
  { ...floodOf('output during calls', 'out(1);', 'now'), onlyFull: true },
  { ...floodOf('frames after calls', 'say(tiny); say(large);', 'afterwards'), ...ofWarm, onlyFull: true },
  { ...floodOf('output after calls', 'out(2);', 'afterwards'), ...ofWarm },
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

function floodOf(what: string, flood: string, when: 'now' | 'afterwards'): Attack {
  return {
    title: `floods of ${what} from eight containers`,
    isolations: ['warm', 'fresh'],
    bound: twiceQuiet,
    makeReady: (scene) => becomes(async () => (await readyContainers(scene)) >= containers, madeWithinMs),
    async prepare({ admin, hostile }, { name, isolation }) {
      const settings = { isolation, cpuMillis, minContainers: containers, maxContainers: containers };
      await admin.mustDeploy(name, flooding(flood), settings);
      return async (over) => {
        const calls = Array.from({ length: containers }, () => hostile.callUntil(over, name, when));
        await Promise.all([...calls, untilOver(over)]);
      };
    },
  };
}

async function readyContainers({ admin }: Scene): Promise<number> {
  const { text } = await admin.ask('GET', '/metrics');
  return Number(/^glambdar_pool_containers\{state="ready"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
