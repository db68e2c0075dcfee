import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../test/support/fake-host.js';

let workingDirectory: string;
beforeEach(async () => {
  workingDirectory = await mkdtemp(join(tmpdir(), 'gl-init-'));
});
afterEach(() => rm(workingDirectory, { recursive: true }));

describe('what glambdar init says comes next', () => {
  it.each([
    ['run by npx', { npm_command: 'exec' }, 'cd shop && npx glambdar deploy, then npx glambdar invoke'],
    ['installed', {}, 'cd shop && glambdar deploy, then glambdar invoke'],
  ])('can be pasted where it is %s', async (_, environment, next) => {
    const { stderr } = await runCommand(['init', 'shop'], { workingDirectory, environment });
    expect(stderr).toContain(`Next: ${next}`);
  });
});
