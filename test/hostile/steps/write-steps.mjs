/**
 * For `node --import`: every write of the server, to files, directories, sockets' names and databases, and every answer,
 * is a step that a trial can name, count, make fail as on a full disk, or kill the process at. Told by
 * `globalThis.writeSteps` over the inspector, and for the start by the variable WRITE_STEPS_AT_START, the arguments of
 * `arm` as JSON. Threads share the counts.
 */
/** Counts the server's writes over all its threads, and gives one of them a fault. */
/** Names of the server's writes, the same in every run: what is done, and to which of its files, or where in a database. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { basename, relative } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import threads from 'node:worker_threads';

const shared = 'write-steps';
const [SEEN, AT, FAULT, MATCHED] = [0, 1, 2, 3];
const faults = ['none', 'fail', 'kill', 'trace'];
const longestName = 1024;
const {
  counts,
  wanted,
  directory: here,
} = threads.getEnvironmentData(shared) ?? {
  counts: new Int32Array(new SharedArrayBuffer(16)),
  wanted: new Uint16Array(new SharedArrayBuffer(2 * longestName)),
  directory: process.env.GLAMBDAR_DIR,
};
threads.setEnvironmentData(shared, { counts, wanted, directory: here });
/** Of the server: a thread has no variables. */
const directory = here;
const tell = fs.writeSync;

/**
 * From now on the step of that name has the fault when it comes for the nth time; `trace` tells the name of every step.
 * Forgets what was counted.
 */
function arm(fault, nth = 0, name = '') {
  wanted.fill(0).set([...name].map((letter) => letter.charCodeAt(0)));
  Atomics.store(counts, MATCHED, 0);
  Atomics.store(counts, AT, nth);
  Atomics.store(counts, FAULT, faults.indexOf(fault));
  Atomics.store(counts, SEEN, 0);
}

const seen = () => Atomics.load(counts, SEEN);

const isWanted = (name) =>
  wanted[name.length] === 0 && wanted.every((code, place) => code === 0 || code === name.charCodeAt(place));

/** Counts the step, and throws or kills when it is its turn. Only what takes space fails for want of it. */
function step(name, { takesSpace, full }) {
  Atomics.add(counts, SEEN, 1);
  const fault = faults[Atomics.load(counts, FAULT)];
  if (fault === 'none') return;
  if (fault === 'trace') {
    tell(2, `write step: ${takesSpace ? '+' : '-'} ${name}\n`);
    return;
  }
  if (!isWanted(name) || Atomics.add(counts, MATCHED, 1) + 1 !== Atomics.load(counts, AT)) return;
  tell(2, `write step: ${takesSpace ? '+' : '-'} ${name}\n`);
  if (fault === 'kill') kill();
  throw full(name);
}

/** Node runs hooks of its own before it kills itself, of which one waits for the inspector to leave; the shell does not. */
function kill() {
  execFileSync('/bin/sh', ['-c', 'kill -9 $PPID']);
}

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const ofContainer = /(?<=^run\/)[0-9a-f]+/;

/** Descriptors and handles do not tell their paths, nor statements their databases, so who opened them does. */
const owners = new WeakMap();
const pathOfDescriptor = new Map();

function remember(opened, from) {
  if (typeof opened === 'number') pathOfDescriptor.set(opened, from);
  else owners.set(opened, from);
}

const owner = (opened) => owners.get(opened);

/** Such as `rename staging/a functions/b`, with `*` in place of what is new in every run. */
function fileStep(directory, name, target, args) {
  const takesTwo = ['rename', 'link', 'copyFile'].includes(name.replace(/Sync$/, ''));
  const places = owners.has(target) ? [owners.get(target)] : args.slice(0, takesTwo ? 2 : 1);
  return [name, ...places.map((place) => pathOf(directory, place))].join(' ');
}

/** The database and the first words, which name the table. */
function sqlStep(database, sql) {
  const words = sql.trim().split(/\s+/).slice(0, 3).join(' ').toLowerCase();
  return `${basename(database.location(), '.sqlite')}: ${words}`;
}

function pathOf(directory, place) {
  const path = typeof place === 'number' ? pathOfDescriptor.get(place) : place;
  if (typeof path !== 'string') return '?';
  return relative(directory, path).replace(uuid, '*').replace(ofContainer, '*') || '.';
}

globalThis.writeSteps = { arm, seen };

const noSpace = (name) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
    code: 'ENOSPC',
    errno: -28,
    syscall: name,
  });
const databaseFull = () =>
  Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });

function ofFile(name) {
  return function (...args) {
    return fileStep(directory, name, this, args);
  };
}

/** `isStep` is for what only now and then writes. */
function wrap(target, name, { isStep = () => true, takesSpace = () => true, ...how } = {}) {
  const { full = noSpace, fails = raise, named = ofFile(name) } = how;
  const real = target[name];
  target[name] = function (...args) {
    try {
      if (isStep.apply(this, args)) step(named.apply(this, args), { takesSpace: takesSpace(), full });
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
wrap(fs, 'fsyncSync');
wrap(fs, 'fchmodSync', never);

const { open } = fs.promises;
fs.promises.open = async (path, ...options) => {
  const opened = await open(path, ...options);
  remember(opened, path);
  return opened;
};
const { openSync } = fs;
fs.openSync = (path, ...options) => {
  const opened = openSync(path, ...options);
  remember(opened, path);
  return opened;
};
wrap(fs.promises, 'open', { isStep: creates, fails: reject });
wrap(fs, 'openSync', { isStep: creates });

const writing =
  /^\s*(insert|update|delete|begin|commit|create|alter|with|pragma (journal_mode|application_id|user_version) =)/i;
const isWriting = (sql) => writing.test(sql);
wrap(DatabaseSync.prototype, 'exec', {
  isStep: isWriting,
  full: databaseFull,
  named(sql) {
    return sqlStep(this, sql);
  },
});
const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (...args) {
  const statement = prepare.apply(this, args);
  remember(statement, this);
  return statement;
};
const ofStatement = {
  isStep() {
    return isWriting(this.sourceSQL);
  },
  named() {
    return sqlStep(owner(this), this.sourceSQL);
  },
};
for (const name of ['run', 'all', 'get'])
  wrap(StatementSync.prototype, name, { ...ofStatement, full: databaseFull });
wrap(ServerResponse.prototype, 'end', { ...never, named: () => 'answer' });
wrap(net.Server.prototype, 'listen', {
  named: () => 'listen',
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

const atStart = process.env.WRITE_STEPS_AT_START;
if (threads.isMainThread && atStart) arm(...JSON.parse(atStart));
