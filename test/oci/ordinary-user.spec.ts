import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverProgram } from '../support/server-process.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** A user id of its own keeps root's files readable, so that the project may be anywhere. */
const asOrdinaryUser = ['--user', '--map-user=1000', '--map-group=1000', '--', process.execPath];

interface Ran {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
});
afterEach(() => rm(directory, { recursive: true }));

function run(program: string): Promise<Ran> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    GLAMBDAR_ENGINE: 'oci',
    GLAMBDAR_DIR: join(directory, 'state'),
  };
  return new Promise((resolve) => {
    const child = execFile(
      'unshare',
      [...asOrdinaryUser, program],
      { cwd: project, env },
      (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode, stdout, stderr });
      },
    );
  });
}

describe('a person who is not root', () => {
  it('is told by npm start what to do, in one sentence', async () => {
    expect(await run('scripts/start.mjs')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        '\nGLAMBDAR_ENGINE=oci needs root: use `sudo`, or unset GLAMBDAR_ENGINE to use a Docker Engine, then run this again.\n',
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it('is told by the server itself, too, which does not start', async () => {
    const { exitCode, stdout, stderr } = await run(serverProgram);
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain('only root may run containers without a Docker Engine');
  });
});
