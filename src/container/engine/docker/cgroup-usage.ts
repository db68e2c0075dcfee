import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerId, ContainerUsage, MemoryKills } from '../container-engine.js';

type ReadText = (path: string) => Promise<string>;

/** Where a kernel keeps a container's accounts, and in which words; `<id>` stands for the container's. */
interface Layout {
  readonly memoryFile: string;
  readonly memoryEventsFile: string;
  readonly cpuFile: string;
  readonly processesFile: string;
  readonly cpuTimeMs: (text: string) => number;
}

/** Control groups of the engine's containers: under cgroupfs, systemd, and systemd without root. */
const groups = ['docker/<id>', 'system.slice/docker-<id>.scope', ...rootlessGroups()];

const nanosecondsPerMs = 1_000_000;
const microsecondsPerMs = 1000;

/** The unified hierarchy: `memory.peak` is there from Linux 5.19 on. */
const layoutsV2: readonly Layout[] = groups.map((group) => ({
  memoryFile: `${group}/memory.peak`,
  memoryEventsFile: `${group}/memory.events`,
  cpuFile: `${group}/cpu.stat`,
  processesFile: `${group}/pids.current`,
  cpuTimeMs: (text) => Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / microsecondsPerMs,
}));

const layoutsV1: readonly Layout[] = groups.map((group) => ({
  memoryFile: `memory/${group}/memory.max_usage_in_bytes`,
  memoryEventsFile: `memory/${group}/memory.oom_control`,
  cpuFile: `cpuacct/${group}/cpuacct.usage`,
  processesFile: `pids/${group}/pids.current`,
  cpuTimeMs: (text) => Number(text) / nanosecondsPerMs,
}));

const unknown: ContainerUsage = { memoryPeakBytes: null, cpuTimeMs: null };

/**
 * Reads what containers use from the files of their control groups, version 1 and 2. It looks for them once;
 * where they are out of sight, as on a machine that only borrows the engine, nothing is known of any container.
 */
export class CgroupUsage {
  private layout: Layout | undefined;
  /** Containers that were looked for in vain; after some of them the search is over. */
  private searchesLeft = 20;

  constructor(
    private readonly root = '/sys/fs/cgroup',
    private readonly read: ReadText = (path) => readFile(path, 'utf8'),
  ) {}

  /** Never rejects: a container that has ended has no files any more. */
  async of(id: ContainerId): Promise<ContainerUsage> {
    this.layout ??= await this.search(id);
    if (!this.layout) return unknown;
    const { memoryFile, cpuFile, cpuTimeMs } = this.layout;
    const [memory, cpu] = await Promise.all([this.textOf(memoryFile, id), this.textOf(cpuFile, id)]);
    return {
      memoryPeakBytes: memory === undefined ? null : numberOrNull(Number(memory)),
      cpuTimeMs: cpu === undefined ? null : numberOrNull(cpuTimeMs(cpu)),
    };
  }

  /** Never rejects, either; null where nothing is known. */
  async processesOf(id: ContainerId): Promise<number | null> {
    this.layout ??= await this.search(id);
    const processes = this.layout && (await this.textOf(this.layout.processesFile, id));
    return processes === undefined ? null : numberOrNull(Number(processes));
  }

  /** Never rejects, either; null where nothing is known. Both versions write it as a line of a file that says more. */
  async memoryKillsOf(id: ContainerId): Promise<MemoryKills> {
    this.layout ??= await this.search(id);
    if (!this.layout) return null;
    const events = await this.textOf(this.layout.memoryEventsFile, id);
    return events === undefined ? 'gone' : numberOrNull(Number(/^oom_kill (\d+)$/m.exec(events)?.[1]));
  }

  private async search(id: ContainerId): Promise<Layout | undefined> {
    if (this.searchesLeft === 0) return undefined;
    for (const layout of [...layoutsV1, ...layoutsV2]) {
      if (await exists(this.pathOf(layout.cpuFile, id))) return layout;
    }
    this.searchesLeft -= 1;
    return undefined;
  }

  private textOf(file: string, id: ContainerId): Promise<string | undefined> {
    return this.read(this.pathOf(file, id)).catch(() => undefined);
  }

  private pathOf(file: string, id: ContainerId): string {
    return join(this.root, file.replace('<id>', id));
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function rootlessGroups(): string[] {
  const uid = process.getuid?.() ?? 0;
  return [`user.slice/user-${uid}.slice/user@${uid}.service/user.slice/docker-<id>.scope`];
}
