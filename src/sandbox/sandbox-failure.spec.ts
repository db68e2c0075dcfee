import { runtimeOf } from '../runtimes/catalogue.js';
import { defaultRuntime } from '../runtimes/runtime.js';
import { endedBeforeAnswer, type Ending, exitWords, peakWords } from './sandbox-failure.js';

const runtime = runtimeOf(defaultRuntime);
const ending: Ending = {
  exitCode: 1,
  outOfMemory: false,
  lastOutput: '',
  memoryPeakBytes: 4096,
  withEngine: false,
};
const v8 = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';

describe('a container that ended before it answered', () => {
  it.each<[string, Partial<Ending>]>([
    ['the kernel killed it', { exitCode: 137, outOfMemory: true }],
    ['the kernel killed a child, and it left', { exitCode: 0, outOfMemory: true }],
    [
      'the kernel killed it, and the engine cannot say how it ended',
      { exitCode: undefined, outOfMemory: true },
    ],
    ['V8 trapped on a full heap', { exitCode: 133, lastOutput: v8 }],
    ['V8 aborted on a full heap', { exitCode: 134, lastOutput: v8 }],
    ['V8 crashed on a full heap', { exitCode: 139, lastOutput: v8 }],
  ])('was out of memory: %s', (_, known) => {
    expect(endedBeforeAnswer({ ...ending, ...known }, runtime)).toMatchObject({
      code: 'FUNCTION_OUT_OF_MEMORY',
    });
  });

  it.each<[string, Partial<Ending>]>([
    ['a kill of another reason', { exitCode: 137 }],
    ['an abort of its own', { exitCode: 134, lastOutput: 'bye' }],
    ['an ordinary end that speaks of the heap', { exitCode: 1, lastOutput: v8 }],
    ['nobody knows how', { exitCode: undefined, lastOutput: v8 }],
  ])('ended by itself: %s', (_, known) => {
    expect(endedBeforeAnswer({ ...ending, ...known }, runtime)).toMatchObject({ code: 'FUNCTION_EXITED' });
  });

  it('is no fault of the function where the engine ended, too, whatever else is known', () => {
    const lost = { ...ending, exitCode: 137, outOfMemory: true, withEngine: true };
    expect(endedBeforeAnswer(lost, runtime)).toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      details: { retryAfterMs: 1000 },
    });
  });

  it('has said its last words', () => {
    expect(endedBeforeAnswer({ ...ending, lastOutput: 'bye' }, runtime).details).toEqual({ output: 'bye' });
    expect(endedBeforeAnswer(ending, runtime).details).toEqual({});
  });

  it('is logged with what is known of its end', () => {
    expect(endedBeforeAnswer(ending, runtime).cause).toEqual({ exitCode: 1, memoryPeakBytes: 4096 });
  });
});

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
