import type { CgroupUsage } from '../cgroup-usage.js';
import type { ContainerExit } from '../container-engine.js';

/** What a process killed by SIGKILL ends with. */
export const killedExitCode = 137;

/** A kill for memory comes when not even one more page is free; the accounts are kept in batches of pages. */
const almostBytes = 1024 * 1024;

interface Ended {
  readonly exitCode: number;
  readonly memoryBytes: number;
}

/**
 * Whether a container that nobody killed ended for want of memory. Version 1 of control groups keeps no count of the kills
 * of a group that is gone; but what was killed while its memory was used up was killed for that.
 */
export function exitOf(
  cgroups: Pick<CgroupUsage, 'of' | 'keptMemoryKillsOf'>,
  id: string,
  { exitCode, memoryBytes }: Ended,
): ContainerExit {
  const kills = cgroups.keptMemoryKillsOf(id);
  if (kills !== null) return { exitCode, outOfMemory: kills > 0 };
  if (exitCode !== killedExitCode) return { exitCode, outOfMemory: false };
  const { memoryPeakBytes } = cgroups.of(id);
  return { exitCode, outOfMemory: (memoryPeakBytes ?? 0) >= memoryBytes - almostBytes };
}
