import { Writable } from 'node:stream';
import { during } from './progress.js';

/** A stream that keeps what is written to it, and may be a terminal's. */
function kept(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const still = () => true;
  Object.assign(stream, { isTTY, columns: 80, cursorTo: still, clearLine: still, moveCursor: still });
  return { stream, text: () => text };
}

const work = (stderr: Writable, environment = {}) =>
  during({ stderr, environment }, 'Waiting…', async (progress) => {
    progress.line('a line \u001b[2J');
    progress.update('Still waiting…');
    return 'done';
  });

describe('progress', () => {
  it('is shown on a terminal, with lines that stay above it', async () => {
    const { stream, text } = kept(true);
    expect(await work(stream)).toBe('done');
    expect(text()).toContain('Waiting…');
    expect(text()).toContain('a line \\u001b[2J\n');
  });

  it('has no colour with NO_COLOR', async () => {
    const { stream, text } = kept(true);
    await work(stream, { NO_COLOR: '1' });
    expect(text()).not.toContain('\u001b[36m');
  });

  it.each([
    ['elsewhere', false, {}],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('is only the lines that stay %s', async (_where, isTTY, environment) => {
    const { stream, text } = kept(isTTY);
    await work(stream, environment);
    expect(text()).toBe('a line \\u001b[2J\n');
  });

  it('ends with the work, also where that fails', async () => {
    const { stream } = kept(true);
    const failed = during({ stderr: stream, environment: {} }, 'Waiting…', () =>
      Promise.reject(new Error('no')),
    );
    await expect(failed).rejects.toThrow('no');
  });
});
