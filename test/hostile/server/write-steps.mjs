/**
 * For `node --import`: every write of the server, to files, directories, sockets' names and databases, is a step that a
 * trial can count, make fail as on a full disk, or kill the process at. Told by `globalThis.writeSteps` over the
 * inspector, and for the start by the variable WRITE_STEPS_AT_START, `fail:3` or `kill:3`. Threads share the count.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import threads from 'node:worker_threads';

const shared = 'write-steps';
const [SEEN, AT, FAULT] = [0, 1, 2];
const faults = ['none', 'fail', 'kill'];
const state = threads.getEnvironmentData(shared) ?? new Int32Array(new SharedArrayBuffer(12));
threads.setEnvironmentData(shared, state);
const tell = fs.writeSync;

globalThis.writeSteps = {
  /** From now on, step `at` has the fault; 0 is none. Forgets what was counted. */
  arm(at, fault) {
    Atomics.store(state, FAULT, faults.indexOf(fault));
    Atomics.store(state, SEEN, 0);
    Atomics.store(state, AT, at);
  },
  seen: () => Atomics.load(state, SEEN),
};

/** Counts the step, and throws or kills when it is its turn. Only what takes space fails for want of it. */
function step(name, { takesSpace, full }) {
  const fault = faults[Atomics.load(state, FAULT)];
  if (fault === 'fail' && !takesSpace) return;
  if (Atomics.add(state, SEEN, 1) + 1 !== Atomics.load(state, AT)) return;
  if (fault === 'none') return;
  tell(2, `write step: ${name}\n`);
  if (fault === 'kill') process.kill(process.pid, 'SIGKILL');
  throw full(name);
}

const noSpace = (name) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
    code: 'ENOSPC',
    errno: -28,
    syscall: name,
  });
const databaseFull = () =>
  Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });

function wrap(owner, name, { takesSpace = () => true, full = noSpace, fails = raise } = {}) {
  const real = owner[name];
  owner[name] = function (...args) {
    try {
      step(name, { takesSpace: takesSpace.call(this, ...args), full });
    } catch (error) {
      return fails.call(this, error);
    }
    return real.apply(this, args);
  };
}

function raise(error) {
  throw error;
}
const reject = (error) => Promise.reject(error);

const growing = ['mkdir', 'rename', 'link', 'symlink', 'writeFile', 'appendFile', 'copyFile'];
const shrinking = ['chmod', 'rm', 'rmdir', 'unlink'];
const never = { takesSpace: () => false };
const creates = (_path, flags = 'r') =>
  typeof flags === 'string' ? flags !== 'r' : (flags & fs.constants.O_CREAT) !== 0;

for (const name of growing) {
  wrap(fs.promises, name, { fails: reject });
  wrap(fs, `${name}Sync`);
}
for (const name of shrinking) {
  wrap(fs.promises, name, { ...never, fails: reject });
  wrap(fs, `${name}Sync`, never);
}
const handle = await fs.promises.open('/dev/null');
const ofHandles = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['write', 'writeFile', 'sync', 'datasync']) wrap(ofHandles, name, { fails: reject });
wrap(fs.promises, 'open', { takesSpace: creates, fails: reject });
wrap(fs, 'openSync', { takesSpace: creates });
for (const name of ['fsyncSync', 'fchmodSync']) wrap(fs, name, name === 'fsyncSync' ? {} : never);

const writes = (sql) => /^\s*(insert|update|delete|begin|commit|create|alter|with)\b/i.test(sql);
wrap(DatabaseSync.prototype, 'exec', { takesSpace: writes, full: databaseFull });
for (const name of ['run', 'all', 'get']) {
  const takesSpace = function () {
    return writes(this.sourceSQL);
  };
  wrap(StatementSync.prototype, name, { takesSpace, full: databaseFull });
}
wrap(net.Server.prototype, 'listen', {
  fails(error) {
    process.nextTick(() => this.emit('error', error));
    return this;
  },
});

const RealWorker = threads.Worker;
threads.Worker = class extends RealWorker {
  constructor(module, options) {
    super(module, { ...options, execArgv: ['--import', import.meta.url] });
  }
};
syncBuiltinESMExports();

const [fault, at] = (process.env.WRITE_STEPS_AT_START ?? '').split(':');
if (threads.isMainThread && at !== undefined) globalThis.writeSteps.arm(Number(at), fault);
