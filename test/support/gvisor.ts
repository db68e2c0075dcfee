/** What differs where gVisor makes all containers of the tests' servers. docs/security.md says it to users. */
import { ociRuntime } from './engine.js';

export const isOnGvisor = ociRuntime === 'runsc';

/** What gVisor says in `/proc/version`, whatever the machine's kernel is. */
export const versionOfGvisor = /^Linux version 4\.4\.0 /;

/** Of a file on a read-only mount that the user could not write anyway: gVisor looks at the user first. */
export const refusalToWrite = isOnGvisor ? 'EACCES' : 'EROFS';

/** What code reads in `/sys/fs/cgroup`: gVisor shows it no control groups. */
export function readInControlGroups(value: number): number | null {
  return isOnGvisor ? null : value;
}

/** gVisor's `/tmp` has a size, and holds as many empty files as the container's memory does. */
export const limitsNumberOfFiles = !isOnGvisor;

/** Of the calls that have let code out before: gVisor gives code a user namespace, one of its own kernel's. */
export const allowedCalls = isOnGvisor ? ['unshare CLONE_NEWUSER'] : [];

/** A container that is full of processes: the next one that gVisor needs may be its own, without which it cannot go on. */
export const endsWhenFull = isOnGvisor;
