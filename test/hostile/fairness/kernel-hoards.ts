import type { Answer } from '../../support/client.js';
import { untilOver, withinASecond, type Assault, type Attack, type Isolation, type Scene } from './attack.js';
import type { Plumage } from './fair-canary.js';

const memoryMiB = 128;
const hoardingProcesses = 12;
/** The limit of each process; whether there is memory for all of them is the machine's. */
const mostOpenFiles = hoardingProcesses * 1024;
const egressContainers = 4;

/** Fills the buffers of connections to itself, which nobody reads, and tells how much of it the kernel took. */
const hoardsBuffers = `
const { createServer, connect } = require('node:net');
exports.handler = async () => {
  const server = createServer((socket) => socket.on('error', () => 1).pause());
  await new Promise((resolve) => server.listen(0, resolve));
  const sockets = Array.from({ length: 300 }, () => connect(server.address().port).on('error', () => 1));
  const block = Buffer.alloc(65536, 1);
  const sent = () => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0);
  for (let before = -1, still = 0; still < 5;) {
    for (const socket of sockets) if (socket.writableLength === 0) socket.write(block);
    await new Promise((resolve) => setTimeout(resolve, 20));
    still = sent() > before ? 0 : still + 1;
    before = Math.max(before, sent());
  }
  return { heldMiB: sent() / 1024 ** 2 };
};`;

const hoardsFiles = `
const { openSync } = require('node:fs');
const { spawn } = require('node:child_process');
const code = "let open = 0; try { for (;;) { require('node:fs').openSync('/dev/null'); open += 1; } } catch {} console.log(open); setInterval(() => 1, 1e6)";
exports.handler = async () => {
  let open = 0;
  const children = Array.from({ length: ${hoardingProcesses} }, () => spawn(process.execPath, ['--max-old-space-size=8', '--v8-pool-size=0', '-e', code]));
  await Promise.all(children.map((child) => new Promise((resolve) => {
    child.on('error', resolve).on('exit', resolve);
    child.stdout?.on('data', (text) => { open += Number(text); resolve(); });
  })));
  for (const child of children) child.kill('SIGKILL');
  return { open };
};`;

const hoardsEgress = (port: number) => `
const { connect } = require('node:net');
exports.handler = async () => {
  const sockets = Array.from({ length: 64 }, (_, number) => {
    const socket = connect('/glambdar/egress').on('error', () => 1);
    if (number % 2 === 0) socket.write('connect 127.0.0.1 ${port}\\n');
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 25_000));
};`;

const goesOut = (port: number) => `
const { connect } = require('node:net');
exports.handler = ({ body }) => new Promise((resolve, reject) => {
  console.log(body);
  const socket = connect(${port}, '127.0.0.1');
  socket.on('error', reject).on('data', () => { socket.destroy(); resolve(body); });
});`;

/** What the kernel or the server holds on behalf of a container. */
export const hoards: readonly Attack[] = [
  {
    title: 'buffers of connections to itself',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      await scene.admin.deploy(name, hoardsBuffers, { isolation, memoryMiB });
      return calledOnce(scene, name, ({ heldMiB }) => Number(heldMiB) < memoryMiB);
    },
  },
  {
    title: 'open files of many processes',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      await scene.admin.deploy(name, hoardsFiles, { isolation, memoryMiB: 512 });
      return calledOnce(scene, name, ({ open }) => Number(open) < mostOpenFiles);
    },
  },
  {
    title: 'connections to the outside that say nothing',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    plumage: ({ outsidePort }, isolation) => plumageThatGoesOut(outsidePort, isolation),
    async prepare({ admin, hostile, outsidePort }, { name, isolation }) {
      const settings = { isolation, maxContainers: egressContainers, egress: [`127.0.0.1:${outsidePort}`] };
      await admin.deploy(name, hoardsEgress(outsidePort), settings);
      return (over) =>
        Promise.all(Array.from({ length: egressContainers }, () => hostile.invokeUntil(over, name)));
    },
  },
];

/** It is ended for what it takes, or it was given less than the limit. */
function calledOnce(
  { hostile }: Scene,
  name: string,
  isBounded: (found: Record<string, unknown>) => boolean,
): Assault {
  return async (over) => {
    const answer = await hostile.invokeUntil(over, name);
    if (answer && !isEnded(answer) && !isBounded(JSON.parse(answer.text) as Record<string, unknown>))
      throw new Error(`It held more than it may: ${answer.text}`);
    await untilOver(over);
  };
}

function isEnded({ code }: Answer): boolean {
  return ['FUNCTION_OUT_OF_MEMORY', 'FUNCTION_EXITED', 'FUNCTION_ERROR'].includes(code);
}

function plumageThatGoesOut(outsidePort: number, isolation: Isolation): Plumage {
  return {
    name: `canary-out-${isolation}`,
    code: goesOut(outsidePort),
    settings: { isolation, maxContainers: 2, egress: [`127.0.0.1:${outsidePort}`] },
    callers: 1,
    pauseMs: isolation === 'warm' ? 50 : 250,
  };
}
