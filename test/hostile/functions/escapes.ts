import { allowedCalls } from '../../support/gvisor.js';
import { readProbe, systemCallProbe, type SystemCall } from '../../support/static-program.js';
import { answers, either, fails, handler, type HostileFunction } from './hostile-function.js';

/** System calls that have let code out of containers before, by number on x86-64. */
const dangerousCalls: readonly SystemCall[] = [
  { name: 'ptrace', number: 101, args: [16, 1, 0] },
  { name: 'process_vm_readv', number: 310, args: [1, 0, 0] },
  { name: 'io_uring_setup', number: 425, args: [8, 0, 0] },
  { name: 'socket AF_VSOCK', number: 41, args: [40, 1, 0] },
  { name: 'socket AF_ALG', number: 41, args: [38, 5, 0] },
  { name: 'socket AF_PACKET', number: 41, args: [17, 3, 0] },
  { name: 'bpf', number: 321, args: [0, 0, 0] },
  { name: 'perf_event_open', number: 298, args: [0, 0, 0] },
  { name: 'userfaultfd', number: 323, args: [0, 0, 0] },
  { name: 'keyctl', number: 250, args: [0, 0, 0] },
  { name: 'mount', number: 165, args: [0, 0, 0] },
  { name: 'unshare CLONE_NEWUSER', number: 272, args: [0x10000000, 0, 0] },
  { name: 'setns', number: 308, args: [3, 0, 0] },
  { name: 'init_module', number: 175, args: [0, 0, 0] },
  { name: 'reboot', number: 169, args: [0, 0, 0] },
];
const isX64 = process.arch === 'x64';

const names = (list: readonly string[]) => JSON.stringify(list);
const tryEach = (list: readonly string[], attempt: string) => `
  const outcomes = {};
  for (const target of ${names(list)}) {
    try { ${attempt}; outcomes[target] = 'done'; } catch ({ code }) { outcomes[target] = code; }
  }
  return { body: outcomes };`;
const none = (allowed: readonly string[]) =>
  answers((outcomes: Record<string, string>) =>
    Object.values(outcomes).every((code) => allowed.includes(code)),
  );

/** Looks for a way out of its container, or into another one. */
export const escapingFunctions: readonly HostileFunction[] = [
  {
    title: 'reading the environment of the first process',
    code: handler(`return { body: require('node:fs').readFileSync('/proc/1/environ', 'latin1').split('\\0')
      .filter(Boolean).map((variable) => variable.split('=')[0]) };`),
    expected: answers((variables: string[]) =>
      variables.every((name) =>
        ['GLAMBDAR_TOKEN', 'GLAMBDAR_CALL_WAITS', 'HOME', 'NODE_ENV', 'PATH', 'HOSTNAME'].includes(name),
      ),
    ),
  },
  {
    title: 'reading other processes',
    code: handler(
      `return { body: require('node:fs').readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)) };`,
    ),
    // The first, which reaps, and the worker.
    expected: answers((processes: string[]) => processes.length === 2 && processes[0] === '1'),
  },
  {
    title: 'reading of other functions in the mounts',
    code: handler(`return { body: require('node:fs').readFileSync('/proc/self/mountinfo', 'latin1') };`),
    expected: answers((mounts: string) => !mounts.includes('canary') && !mounts.includes('docker.sock')),
  },
  {
    title: 'looking for the engine’s socket and the host’s files',
    code: handler(
      tryEach(
        [
          '/var/run/docker.sock',
          '/run/docker.sock',
          '/run/containerd',
          '/proc/1/root/var/lib',
          '/dev/kmsg',
          '/dev/mem',
          '/dev/sda',
          '/dev/vda',
          '/proc/kcore',
          '/proc/sysrq-trigger',
          '/root',
          '/home',
          '/var/lib/docker',
          '/run/glambdar-oci',
          '/var/lib/glambdar-images',
          '/var/lib/glambdar',
        ],
        `require('node:fs').openSync(target, 'r')`,
      ),
    ),
    expected: none(['ENOENT', 'EACCES', 'EPERM', 'ENXIO']),
  },
  {
    title: 'writing to every place that is not its own',
    code: handler(
      tryEach(
        [
          '/x',
          '/glambdar/x',
          '/glambdar/code/x',
          '/runtime/x',
          '/etc/hosts',
          '/etc/passwd',
          '/usr/local/bin/node',
          '/proc/sys/kernel/core_pattern',
          '/proc/1/oom_score_adj/x',
          '/proc/sysrq-trigger',
          '/sys/fs/cgroup/x',
          '/sys/kernel/x',
          '/dev/x',
          '/dev/shm/x',
        ],
        `require('node:fs').writeFileSync(target, 'x')`,
      ),
    ),
    expected: none(['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR']),
  },
  {
    title: 'putting a link in place of the socket',
    code: handler(
      tryEach(
        ['/glambdar/socket', '/glambdar/other', '/glambdar/code/link'],
        `require('node:fs').symlinkSync('/etc/shadow', target)`,
      ),
    ),
    expected: none(['EROFS', 'EACCES']),
  },
  {
    title: 'changing its own code for later calls',
    code: {
      'index.js': handler(`
        const fs = require('node:fs');
        const tried = [() => fs.writeFileSync(__filename, 'x'), () => fs.appendFileSync(__filename, 'x'),
          () => fs.chmodSync(__filename, 0o777), () => fs.unlinkSync(__filename), () => fs.utimesSync(__filename, 1, 1),
          () => fs.renameSync(__filename, '/glambdar/code/y.js'), () => fs.truncateSync(__filename, 0)];
        const codes = tried.map((attempt) => { try { attempt(); return 'done'; } catch ({ code }) { return code; } });
        return { body: { codes, bytes: fs.statSync(__filename).size, other: require('./other.js') } };`),
      'other.js': 'module.exports = "unchanged";',
    },
    calls: 2,
    expected: answers(
      ({ codes, other }: { codes: string[]; other: string }) =>
        codes.every((code) => ['EROFS', 'EACCES', 'EPERM'].includes(code)) && other === 'unchanged',
    ),
  },
  {
    title: 'leaving something for the next call',
    code: handler(`
      const fs = require('node:fs');
      const found = [globalThis.mark, process.env.MARK, fs.existsSync('/tmp/mark'), Object.prototype.mark];
      globalThis.mark = Object.prototype.mark = 'x'; process.env.MARK = 'x'; fs.writeFileSync('/tmp/mark', 'x');
      return { statusCode: 200, headers: {}, body: found };`),
    calls: 3,
    expected: answers((found: unknown[]) => found.every((value) => value === null || value === false)),
  },
  {
    title: 'becoming another user',
    code: handler(`
      const tried = [() => process.setuid(0), () => process.setgid(0), () => process.setgroups([0]), () => process.seteuid(1000)];
      return { body: tried.map((attempt) => { try { attempt(); return 'done'; } catch ({ code }) { return code; } }) };`),
    expected: answers((codes: string[]) => codes.every((code) => code === 'EPERM')),
  },
  {
    title: 'reaching the network',
    code: handler(`
      const { connect } = require('node:net');
      const targets = [[80, '169.254.169.254'], [80, '172.17.0.1'], [53, '8.8.8.8'], [443, 'fd00:ec2::254'], [2375, '172.17.0.1'], [8000, '127.0.0.1']];
      const codes = await Promise.all(targets.map(([port, host]) => new Promise((resolve) => {
        connect({ port, host }).on('connect', () => resolve('connected')).on('error', ({ code }) => resolve(code));
      })));
      const name = await require('node:dns').promises.lookup('example.com').then(() => 'resolved', ({ code }) => code);
      const cards = require('node:fs').readFileSync('/proc/net/dev', 'utf8').trim().split('\\n').slice(2).map((line) => line.split(':')[0].trim());
      return { body: { codes, name, cards } };`),
    expected: answers(
      ({ codes, name, cards }: { codes: string[]; name: string; cards: string[] }) =>
        !codes.includes('connected') && name !== 'resolved' && cards.every((card) => card === 'lo'),
    ),
  },
  {
    title: 'polluting the worker’s prototypes',
    code: handler(`
      Object.prototype.toJSON = () => 'polluted'; Object.prototype.statusCode = 999;
      Array.prototype.push = Map.prototype.get = Buffer.from = JSON.stringify = () => { throw new Error('polluted'); };
      Promise.prototype.then = null;
      return { statusCode: 200, headers: {}, body: 'mine' };`),
    expected: either(
      answers(() => true),
      fails('FUNCTION_ERROR', 'FUNCTION_INVALID_RESPONSE', 'FUNCTION_EXITED', 'FUNCTION_TIMEOUT'),
    ),
  },
  {
    title: 'replacing the worker’s modules',
    code: `
      const Module = require('node:module');
      Module._load = () => { throw new Error('mine now'); };
      process.exit = process.on = process.emit = () => undefined;
      ${handler(`return { body: 'mine' };`)}`,
    expected: either(
      answers((said: string) => said === 'mine'),
      fails('FUNCTION_ERROR', 'FUNCTION_EXITED', 'FUNCTION_TIMEOUT', 'FUNCTION_LOAD_ERROR'),
    ),
  },
  {
    title: 'inspector, threads, children and internals inside its own container',
    code: handler(`
      const inspector = require('node:inspector');
      try { inspector.open(9229, '127.0.0.1'); } catch {}
      const { Worker } = require('node:worker_threads');
      await new Promise((resolve) => new Worker('1', { eval: true }).on('exit', resolve));
      const { spawnSync } = require('node:child_process');
      return { body: String(spawnSync(process.execPath, ['-p', '6 * 7']).stdout).trim() };`),
    expected: answers((said: string) => said === '42'),
  },
  {
    title: 'forging lines of the server’s log',
    code: handler(`
      console.log('\\u001b[2J\\u001b[31mred\\n{"level":60,"msg":"the server is hacked"}\\r\\nLOG');
      console.error(Buffer.from([0, 255, 10, 27, 7]).toString('latin1'));
      require('node:fs').writeSync(2, '{"level":60}\\n\\u0000\\n');
      throw new Error('\\u001b[2J\\n{"level":60,"msg":"forged"}');`),
    expected: (answer) =>
      fails('FUNCTION_ERROR')(answer) ??
      (/[\u0000-\u001f]/.test(answer.text) ? 'control characters came through' : undefined),
  },
  ...(isX64
    ? [
        {
          title: 'system calls that have let code out before',
          code: {
            probe: systemCallProbe(dangerousCalls),
            'index.js': handler(`
              const { spawnSync } = require('node:child_process');
              const { readFileSync, writeFileSync } = require('node:fs');
              writeFileSync('/tmp/probe', readFileSync('/glambdar/code/probe'), { mode: 0o755 });
              const fromTmp = spawnSync('/tmp/probe').error?.code;
              const { stdout, error } = spawnSync('/glambdar/code/probe');
              return { body: { fromTmp, error: error?.code, written: stdout?.toString('base64') } };`),
          },
          expected: answers(
            ({ fromTmp, error, written }: { fromTmp: string; error?: string; written?: string }) => {
              if (fromTmp !== 'EACCES') return false;
              if (error !== undefined) return error === 'EACCES';
              const outcomes = readProbe(dangerousCalls, Buffer.from(written ?? '', 'base64'));
              const allowed = Object.keys(outcomes).filter((name) => outcomes[name] === 'allowed');
              return allowed.join() === allowedCalls.join();
            },
          ),
        },
      ]
    : []),
];
