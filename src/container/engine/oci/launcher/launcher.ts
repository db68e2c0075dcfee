import { mkdirSync } from 'node:fs';
import { cgroupHierarchies } from './cgroup-directories.js';
import { makePipes, mountRoots, unmountRoots } from './batches.js';
import { Containers } from './containers.js';
import { LauncherPlace, type LauncherMessage, type Question } from './messages.js';

/**
 * A small process that runs the OCI runtime for the server: a fork of the server itself, with all its memory, would stop
 * every call for milliseconds. Uses Node alone.
 */
const place = new LauncherPlace(process.argv[2] ?? '');

for (const directory of [place.runtimeState, place.pids, place.empty, place.roots, place.pipes]) {
  mkdirSync(directory, { recursive: true });
}

function tell(message: LauncherMessage): void {
  // The server may have gone; this process ends with it.
  process.send?.(message, undefined, undefined, () => undefined);
}

const containers = new Containers(place, cgroupHierarchies(), (container, exitCode) => {
  tell({ kind: 'ended', container, exitCode });
});

async function work(question: Question): Promise<string> {
  switch (question.kind) {
    case 'ping':
      return '';
    case 'mount':
      return mountRoots(place, question.image, question.roots);
    case 'unmount':
      return unmountRoots(place, question.roots);
    case 'pipes':
      return makePipes(place, question.names);
    case 'run':
      return containers.run(question);
    case 'inspect':
      return containers.inspect(question);
    case 'remove':
      return containers.remove(question);
    default:
      return question satisfies never;
  }
}

process.on('message', (question: Question) => {
  const { number } = question;
  work(question).then(
    (text) => {
      tell({ kind: 'answer', number, text });
    },
    (error: unknown) => {
      tell({ kind: 'failure', number, reason: error instanceof Error ? error.message : 'unknown failure' });
    },
  );
});

// The kernel ends everything in this namespace of processes together with its first process, which waits for this one.
process.on('disconnect', () => process.exit());
// The server may have been killed before this program could hear of it.
if (!process.connected) process.exit();

tell({ kind: 'ready' });
