/**
 * For `node --import`: every write of the server, to files, directories, sockets' names and databases, and every answer,
 * is a step that a trial can name, count, make fail as on a full disk, or kill the process at. Told by
 * `globalThis.writeSteps` over the inspector, and for the start by the variable WRITE_STEPS_AT_START, the arguments of
 * `arm` as JSON. Threads share the counts.
 */
import fs from 'node:fs';
import { ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import threads from 'node:worker_threads';
import { arm, directory, seen, step } from './step-fault.mjs';
import { fileStep, owner, remember, sqlStep } from './step-names.mjs';

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
