import { once } from 'node:events';
import { maxBuildLogLength } from '../src/builds/protocol/limits.js';
import type { BuildLogMessage } from '../src/builds/protocol/messages.js';
import { BuildLog, LineCutter } from './build-log.js';

async function logOf(write: (log: BuildLog) => Promise<void>): Promise<BuildLogMessage[]> {
  const sent: BuildLogMessage[] = [];
  const log = new BuildLog((message) => Promise.resolve(void sent.push(message)));
  await write(log);
  await log.end();
  return sent;
}

async function printed(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const sent = await logOf(async (log) => {
    const output = log.output('stderr');
    for (const chunk of chunks) output.write(chunk);
    output.end();
    await once(output, 'finish');
  });
  expect(sent.every(({ stream }) => stream === 'stderr')).toBe(true);
  return sent.map(({ text }) => text);
}

describe('the log of a build', () => {
  it('has whole lines however they come', async () => {
    const euro = Buffer.from('€');
    await expect(printed('a\nb', 'c\r\n', euro.subarray(0, 1), euro.subarray(1))).resolves.toEqual([
      'a',
      'bc',
      '€',
    ]);
  });

  it('keeps every character as it is printed', async () => {
    await expect(printed('\u001b[31mred\u0007\0\n')).resolves.toEqual(['\u001b[31mred\u0007\0']);
  });

  it('sends lines that come together as one text', async () => {
    await expect(printed('a\n\nb\n')).resolves.toEqual(['a\n\nb']);
  });

  it('cuts a line that is too long, also one that never ends', async () => {
    const cutter = new LineCutter();
    const long = 'x'.repeat(maxBuildLogLength);
    expect(cutter.push(Buffer.from(`${long}y`))).toEqual([long]);
    expect(cutter.push(Buffer.from(`${long}z`))).toEqual([`y${long.slice(1)}`]);
    expect(cutter.end()).toEqual(['xz']);
    await expect(printed(`${long}y\n`)).resolves.toEqual([long, 'y']);
  });

  it('is cut in its middle where it is too long: the end says what went wrong', async () => {
    const line = 'x'.repeat(1023);
    const sent = await logOf(async (log) => {
      for (let index = 0; index < 3000; index += 1) await log.lines('stdout', [line]);
      await log.say('the end');
    });
    const texts = sent.map(({ text }) => text);
    expect(texts.at(-1)).toBe('the end');
    expect(texts.find((text) => text.includes('left out'))).toMatch(/^\[\d+ characters/);
    expect(texts.join('').length).toBeLessThan(1_200_000);
  });
});
