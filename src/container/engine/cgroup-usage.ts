import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerUsage, MemoryKills } from './container-engine.js';

/** Throws where there is no such file. */
type ReadText = (path: string) => string;

/** Control groups of one container, below each hierarchy; `<id>` stands for the container's. */
export interface ContainerGroups {
  /** Has what was used, perhaps even after the container has ended. */
  readonly accounts: string;
  /** Has the limits and the processes. */
  readonly own: string;
}

/** Where a kernel keeps a container's accounts, and in which words. */
interface Layout {
  readonly memoryFile: string;
  readonly memoryEventsFile: string;
  /** Counts the kills of groups below, too; only version 2 has it. */
  readonly keptMemoryEventsFile: string | undefined;
  readonly cpuFile: string;
  readonly processesFile: string;
  readonly cpuTimeMs: (text: string) => number;
}

const nanosecondsPerMs = 1_000_000;
const microsecondsPerMs = 1000;

/** The unified hierarchy: `memory.peak` is there from Linux 5.19 on. */
const layoutV2 = ({ accounts, own }: ContainerGroups): Layout => ({
  memoryFile: `${accounts}/memory.peak`,
  memoryEventsFile: `${own}/memory.events`,
  keptMemoryEventsFile: `${accounts}/memory.events`,
  cpuFile: `${accounts}/cpu.stat`,
  processesFile: `${own}/pids.current`,
  cpuTimeMs: (text) => Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / microsecondsPerMs,
});

const layoutV1 = ({ accounts, own }: ContainerGroups): Layout => ({
  memoryFile: `memory/${accounts}/memory.max_usage_in_bytes`,
  memoryEventsFile: `memory/${own}/memory.oom_control`,
  keptMemoryEventsFile: undefined,
  cpuFile: `cpuacct/${accounts}/cpuacct.usage`,
  processesFile: `pids/${own}/pids.current`,
  cpuTimeMs: (text) => Number(text) / nanosecondsPerMs,
});

const unknown: ContainerUsage = { memoryPeakBytes: null, cpuTimeMs: null };

/**
 * Reads what containers use from the files of their control groups, version 1 and 2. It looks for them once;
 * where they are out of sight, as on a machine that only borrows the engine, nothing is known of any container.
 *
 * It reads at once: the kernel answers from memory, and one reading took ten ways to another thread and back.
 */
export class CgroupUsage {
  private layout: Layout | undefined;
  /** Containers that were looked for in vain; after some of them the search is over. */
  private searchesLeft = 20;

  constructor(
    private readonly groups: readonly ContainerGroups[],
    private readonly root = '/sys/fs/cgroup',
    private readonly read: ReadText = (path) => readFileSync(path, 'utf8'),
  ) {}

  /** Never throws: a container that has ended has no files any more. */
  of(id: string): ContainerUsage {
    this.layout ??= this.search(id);
    if (!this.layout) return unknown;
    const { memoryFile, cpuFile, cpuTimeMs } = this.layout;
    const [memory, cpu] = [this.textOf(memoryFile, id), this.textOf(cpuFile, id)];
    return {
      memoryPeakBytes: memory === undefined ? null : numberOrNull(Number(memory)),
      cpuTimeMs: cpu === undefined ? null : numberOrNull(cpuTimeMs(cpu)),
    };
  }

  /** Never throws, either; null where nothing is known. */
  processesOf(id: string): number | null {
    this.layout ??= this.search(id);
    const processes = this.layout && this.textOf(this.layout.processesFile, id);
    return processes === undefined ? null : numberOrNull(Number(processes));
  }

  /** Never throws, either; null where nothing is known. Both versions write it as a line of a file that says more. */
  memoryKillsOf(id: string): MemoryKills {
    this.layout ??= this.search(id);
    if (!this.layout) return null;
    const events = this.textOf(this.layout.memoryEventsFile, id);
    return events === undefined ? 'gone' : killsIn(events);
  }

  /** The same of a container that has ended; null where the kernel keeps that no longer than the container. */
  keptMemoryKillsOf(id: string): number | null {
    this.layout ??= this.search(id);
    const file = this.layout?.keptMemoryEventsFile;
    const events = file === undefined ? undefined : this.textOf(file, id);
    return events === undefined ? null : killsIn(events);
  }

  private search(id: string): Layout | undefined {
    if (this.searchesLeft === 0) return undefined;
    for (const layout of [...this.groups.map(layoutV1), ...this.groups.map(layoutV2)]) {
      if (existsSync(this.pathOf(layout.cpuFile, id))) return layout;
    }
    this.searchesLeft -= 1;
    return undefined;
  }

  private textOf(file: string, id: string): string | undefined {
    try {
      return this.read(this.pathOf(file, id));
    } catch {
      return undefined;
    }
  }

  private pathOf(file: string, id: string): string {
    return join(this.root, file.replace('<id>', id));
  }
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function killsIn(events: string): number | null {
  return numberOrNull(Number(/^oom_kill (\d+)$/m.exec(events)?.[1]));
}
