import { exitWords, peakWords } from './end-words.js';

describe('how a process ended, in words', () => {
  it.each([
    [0, 'exit code 0'],
    [3, 'exit code 3'],
    [134, 'exit code 134 (SIGABRT)'],
    [137, 'exit code 137 (SIGKILL)'],
    [255, 'exit code 255'],
    [undefined, 'exit code unknown'],
  ])('%p', (exitCode, words) => {
    expect(exitWords(exitCode)).toBe(words);
  });

  it('names the most memory where it is known', () => {
    expect(peakWords(45 * 1024 * 1024 + 300_000)).toBe(' Peak memory: 45.3 MiB.');
    expect(peakWords(undefined)).toBe('');
  });
});
