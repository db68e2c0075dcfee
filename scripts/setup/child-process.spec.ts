import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from './project.mjs';

describe('withTemporary', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'glambdar-temporary-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const runWith = (work: string) => {
    const module = JSON.stringify(inProject('scripts/setup/child-process.mjs'));
    const code = `const { withTemporary } = await import(${module});
      await withTemporary(${JSON.stringify(directory)}, ${work});`;
    return spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };

  it('leaves nothing when a signal ends the script in the middle of its work', async () => {
    const script = runWith(
      `() => { console.log('works'); return new Promise(() => setInterval(() => {}, 1000)); }`,
    );
    await once(script.stdout, 'data');
    script.kill('SIGTERM');
    const [exitCode] = (await once(script, 'close')) as [number];
    expect([exitCode, existsSync(directory)]).toEqual([143, false]);
  });

  it('leaves nothing when the work is done', async () => {
    const script = runWith(`async () => console.log('done')`);
    const [exitCode] = (await once(script, 'close')) as [number];
    expect([exitCode, existsSync(directory)]).toEqual([0, false]);
  });
});
