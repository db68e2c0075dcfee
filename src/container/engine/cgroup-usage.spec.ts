import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContainerId } from './container-engine.js';
import { CgroupUsage } from './cgroup-usage.js';

const id = 'f'.repeat(64) as ContainerId;
/** As an engine names the groups of its containers. */
const groups = ['docker/<id>', 'system.slice/docker-<id>.scope'].map((group) => ({
  accounts: group,
  own: group,
}));
const nothing = { memoryPeakBytes: null, cpuTimeMs: null };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gl-cgroup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const cpuStat = 'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n';

describe('the control group of a container', () => {
  it.each(['docker/', 'system.slice/docker-'])('is read in version 1, under %s', (prefix) => {
    const own = `${prefix}${id}${prefix.endsWith('-') ? '.scope' : ''}`;
    write(`memory/${own}/memory.max_usage_in_bytes`, '4096\n');
    write(`cpuacct/${own}/cpuacct.usage`, '2500000\n');
    expect(new CgroupUsage(groups, root).of(id)).toEqual({
      memoryPeakBytes: 4096,
      cpuTimeMs: 2.5,
    });
  });

  it.each(['docker/', 'system.slice/docker-'])('is read in version 2, under %s', (prefix) => {
    const own = `${prefix}${id}${prefix.endsWith('-') ? '.scope' : ''}`;
    write(`${own}/memory.peak`, '8192\n');
    write(`${own}/cpu.stat`, cpuStat);
    expect(new CgroupUsage(groups, root).of(id)).toEqual({
      memoryPeakBytes: 8192,
      cpuTimeMs: 1.5,
    });
  });

  it.each([
    ['1', `cpuacct/docker/${id}/cpuacct.usage`, `pids/docker/${id}/pids.current`],
    ['2', `docker/${id}/cpu.stat`, `docker/${id}/pids.current`],
  ])('counts processes in version %s', (_version, cpuFile, processesFile) => {
    write(cpuFile, '0\n');
    write(processesFile, '12\n');
    expect(new CgroupUsage(groups, root).processesOf(id)).toBe(12);
  });

  it.each([
    ['1', `cpuacct/docker/${id}/cpuacct.usage`, `memory/docker/${id}/memory.oom_control`],
    ['2', `docker/${id}/cpu.stat`, `docker/${id}/memory.events`],
  ])('counts what was killed for memory in version %s', (version, cpuFile, eventsFile) => {
    const beside = version === '1' ? 'oom_kill_disable 0\nunder_oom 0\n' : 'low 0\nmax 7\noom 3\n';
    write(cpuFile, '0\n');
    write(eventsFile, `${beside}oom_kill 2\noom_group_kill 0\n`);
    expect(new CgroupUsage(groups, root).memoryKillsOf(id)).toBe(2);
  });

  it('does not know what was killed for memory where the kernel does not count it', () => {
    write(`cpuacct/docker/${id}/cpuacct.usage`, '0\n');
    write(`memory/docker/${id}/memory.oom_control`, 'oom_kill_disable 0\nunder_oom 0\n');
    expect(new CgroupUsage(groups, root).memoryKillsOf(id)).toBeNull();
    expect(new CgroupUsage(groups, root).memoryKillsOf('0')).toBeNull();
  });

  it('says that what was killed for memory went with the container', () => {
    write(`docker/${id}/cpu.stat`, cpuStat);
    write(`docker/${id}/memory.events`, 'oom_kill 0\n');
    const usage = new CgroupUsage(groups, root);
    expect(usage.memoryKillsOf(id)).toBe(0);
    expect(usage.memoryKillsOf('0')).toBe('gone');
  });

  it('counts none where nothing can be seen', () => {
    expect(new CgroupUsage(groups, root).processesOf(id)).toBeNull();
  });

  it('tells the CPU time also where the kernel keeps no peak of the memory', () => {
    write(`docker/${id}/cpu.stat`, cpuStat);
    expect(new CgroupUsage(groups, root).of(id)).toEqual({
      memoryPeakBytes: null,
      cpuTimeMs: 1.5,
    });
  });

  it('tells nothing where a file says something else than a number', () => {
    write(`docker/${id}/cpu.stat`, 'none\n');
    write(`docker/${id}/memory.peak`, 'max\n');
    expect(new CgroupUsage(groups, root).of(id)).toEqual(nothing);
  });

  it('of one that has ended tells nothing, and goes on with the next', () => {
    const usage = new CgroupUsage(groups, root);
    expect(usage.of(id)).toEqual(nothing);
    write(`docker/${id}/cpu.stat`, cpuStat);
    expect(usage.of(id)).toMatchObject({ cpuTimeMs: 1.5 });
  });
});

describe("a container's own control group within another", () => {
  const nested = [{ accounts: 'glambdar/<id>', own: 'glambdar/<id>/container' }];
  const place = 'i/c';
  const [outer, inner] = ['glambdar/i/c', 'glambdar/i/c/container'];
  const end = (group: string) => {
    rmSync(join(root, group), { recursive: true });
  };

  it('has the limits, in version 2; the outer one has the accounts, of ended containers too', () => {
    write(`${outer}/cpu.stat`, cpuStat);
    write(`${outer}/memory.peak`, '8192\n');
    write(`${outer}/memory.events`, 'low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\noom_group_kill 0\n');
    write(`${inner}/memory.events`, 'oom_kill 0\n');
    write(`${inner}/pids.current`, '11\n');
    const usage = new CgroupUsage(nested, root);
    expect(usage.processesOf(place)).toBe(11);
    expect(usage.memoryKillsOf(place)).toBe(0);
    end(inner);
    expect(usage.of(place)).toEqual({ memoryPeakBytes: 8192, cpuTimeMs: 1.5 });
    expect(usage.memoryKillsOf(place)).toBe('gone');
    expect(usage.keptMemoryKillsOf(place)).toBe(1);
  });

  it('takes the count of kills along, in version 1', () => {
    write(`cpuacct/${outer}/cpuacct.usage`, '2500000\n');
    write(`memory/${outer}/memory.max_usage_in_bytes`, '4096\n');
    write(`memory/${outer}/memory.oom_control`, 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n');
    write(`memory/${inner}/memory.oom_control`, 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n');
    const usage = new CgroupUsage(nested, root);
    expect(usage.memoryKillsOf(place)).toBe(1);
    end(`memory/${inner}`);
    expect(usage.of(place)).toEqual({ memoryPeakBytes: 4096, cpuTimeMs: 2.5 });
    expect(usage.keptMemoryKillsOf(place)).toBeNull();
  });
});
