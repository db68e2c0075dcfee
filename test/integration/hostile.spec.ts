import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { groups } from '../hostile/groups.js';

const loader = fileURLToPath(new URL('../hostile/typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('../hostile/main.ts', import.meta.url));
/** Half a minute each on an idle machine; what hangs does so for ever. */
const groupTimeoutMs = 1_800_000;

/** The quick slice of `node scripts/hostile.mjs`, in a process of its own: it measures what that process holds. */
async function attack(group: string) {
  const child = spawn(process.execPath, ['--import', loader, program, '--group', group], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, printed };
}

describe('nothing gets through, and nothing is lost', () => {
  it.each(groups.map(({ name }) => name))(
    'of the group %s',
    async (group) => {
      const { exitCode, printed } = await attack(group);
      if (exitCode !== 0) throw new Error(printed);
      expect(printed).toMatch(/seed \d+/);
    },
    groupTimeoutMs,
  );
});
