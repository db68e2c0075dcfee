import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ociFacts } from './oci-facts.js';

let cgroups: string;
beforeEach(async () => {
  cgroups = await mkdtemp(path.join(tmpdir(), 'gl-cgroups-'));
});
afterEach(() => rm(cgroups, { recursive: true }));

describe('what control groups limit', () => {
  it.each([
    ['cpuset cpu io memory hugetlb pids rdma misc\n', true, true],
    ['cpuset cpu io pids\n', false, true],
    ['\n', false, false],
  ])('is in the list of version 2: %j', async (listed, limitsMemory, limitsProcesses) => {
    await writeFile(path.join(cgroups, 'cgroup.controllers'), listed);
    await expect(ociFacts({}, cgroups)).resolves.toMatchObject({ limitsMemory, limitsProcesses });
  });

  it.each([
    [['cpu', 'memory', 'pids', 'unified'], true, true],
    [['cpu', 'pids'], false, true],
    [[], false, false],
  ])('has directories in version 1: %j', async (directories, limitsMemory, limitsProcesses) => {
    for (const name of directories) await mkdir(path.join(cgroups, name));
    await expect(ociFacts({}, cgroups)).resolves.toMatchObject({ limitsMemory, limitsProcesses });
  });

  it('is nothing where there are none', async () => {
    const nowhere = path.join(cgroups, 'nowhere');
    await expect(ociFacts({}, nowhere)).resolves.toMatchObject({ limitsMemory: false });
  });
});
