import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingSandboxEvents } from '../../../test/fakes/recording-sandbox-events.js';
import type { OutputLineLimits } from './output-lines.js';
import { OutputBudget, OutputRecorder, type RecordedOutput } from './output-recorder.js';

const hello = { id: 'f-1', name: 'hello', version: 3, revision: 4 };

function recorder(changed: Partial<OutputLineLimits> = {}) {
  const limits = { outputBytes: 1000, outputLines: 100, lineBytes: 100, ...changed };
  const events = new RecordingSandboxEvents();
  const recorded: RecordedOutput[] = [];
  const onRecorded = (output: RecordedOutput) => recorded.push(output);
  const output = new OutputRecorder({ limits, clock: new ManualClock(), events, onRecorded });
  output.belongsTo(hello);
  const print = (text: string, stream: 'stdout' | 'stderr' = 'stdout') => {
    output.append(stream, Buffer.from(text));
  };
  const texts = () => events.lines.map(({ text }) => text);
  return { output, events, recorded, print, texts };
}

describe('OutputRecorder', () => {
  it('gives each line to the call during which it was printed, as soon as it is whole', () => {
    const { output, events, print } = recorder();
    print('loading\n');
    output.startCall('call-1');
    print('handling\nhalf');
    expect(events.lines).toMatchObject([
      { function: hello, invocationId: null, phase: 'load', text: 'loading', level: 'info' },
      { function: hello, invocationId: 'call-1', phase: 'call', text: 'handling', stream: 'stdout' },
    ]);
  });

  it('gives the rest of a line to the call that began it', () => {
    const { output, events, print } = recorder();
    output.startCall('call-1');
    print('half');
    output.becomeIdle();
    print('between\n');
    expect(events.lines).toMatchObject([
      { invocationId: 'call-1', phase: 'call', text: 'half' },
      { invocationId: null, phase: 'idle', text: 'between' },
    ]);
  });

  it('takes what was printed as an error for one, and keeps the two streams apart', () => {
    const { output, events, print } = recorder();
    output.startCall('call-1');
    print('a');
    print('b\n', 'stderr');
    print('c\n');
    expect(events.lines).toMatchObject([
      { text: 'b', stream: 'stderr', level: 'error' },
      { text: 'ac', stream: 'stdout', level: 'info' },
    ]);
  });

  it('has what the server says after what was printed before, on a stream that no container has', () => {
    const { output, events, print } = recorder({ outputBytes: 8 });
    output.startCall('call-1');
    print('half');
    print('ly');
    output.endLines();
    output.say('error', 'The call was ended.');
    print('late\n');
    output.finish();
    expect(events.lines).toMatchObject([
      { stream: 'stdout', text: 'halfly', invocationId: 'call-1' },
      { stream: 'runtime', level: 'error', text: 'The call was ended.', invocationId: 'call-1' },
      { stream: 'stdout', text: 'late', invocationId: 'call-1' },
    ]);
  });

  it('takes the level that the worker reports, for what it reports it of', () => {
    const { output, events } = recorder();
    output.append('stderr', Buffer.from('careful\n'), 'warn');
    output.append('stderr', Buffer.from('broken\n'));
    expect(events.lines.map(({ level }) => level)).toEqual(['warn', 'error']);
  });

  it('keeps the first half and the end of what is too much, and says how much is missing', () => {
    const { output, events, print, texts } = recorder({ outputBytes: 40 });
    output.startCall('call-1');
    for (let line = 10; line < 30; line += 1) print(`line ${line}\n`);
    output.finish();
    expect(texts()).toEqual(['line 10', 'line 11', 'line', '8', 'line 29']);
    expect(events.lines.map(({ droppedBytes }) => droppedBytes)).toEqual([0, 0, 0, 20 * 8 - 30, 0]);
  });

  it('keeps the first half and the end of what is too many lines, and says once how many are missing', () => {
    const { output, events, print, texts } = recorder({ outputLines: 8 });
    output.startCall('call-1');
    for (let line = 10; line < 30; line += 1) print(`${line}\n`);
    for (let line = 30; line < 40; line += 1) print(`${line}\n`, 'stderr');
    output.finish();
    const missing = '22 lines were not kept: more than 8 were printed (GLAMBDAR_OUTPUT_LINES).';
    expect(texts()).toEqual(['10', '11', '12', '13', missing, '28', '29', '38', '39']);
    expect(events.lines[4]).toMatchObject({ stream: 'runtime', level: 'warn', invocationId: 'call-1' });
    expect(events.lines.map(({ droppedBytes }) => droppedBytes)).toEqual([
      0,
      0,
      0,
      0,
      0,
      14 * 3,
      0,
      8 * 3,
      0,
    ]);
  });

  it.each(['load', 'call', 'idle'] as const)(
    'makes few lines of very many line feeds (phase %s)',
    (phase) => {
      const { output, events, print } = recorder({ outputBytes: 65_536, outputLines: 1000 });
      if (phase !== 'load') output.startCall('call-1');
      if (phase === 'idle') {
        print('.');
        output.becomeIdle();
      }
      for (let byte = 0; byte < 10_000; byte += 1) print('\n');
      print('\n'.repeat(90_000));
      output.finish();
      const ofPhase = events.lines.filter((line) => line.phase === phase);
      const remarks = ofPhase.filter(({ stream }) => stream === 'runtime').map(({ text }) => text);
      expect(ofPhase).toHaveLength(500 + 1 + 250);
      expect(remarks).toEqual([expect.stringMatching(/^99250 lines were not kept/)]);
    },
  );

  it('does not speak of lines where only bytes were too many', () => {
    const { output, events, print } = recorder({ outputBytes: 40, outputLines: 8 });
    for (let line = 10; line < 14; line += 1) print(`line ${line} is long\n`);
    output.finish();
    expect(events.lines.filter(({ stream }) => stream === 'runtime')).toEqual([]);
  });

  it('gives what was put off in one piece with what was not, where nothing is missing', () => {
    const { output, print, texts } = recorder({ outputBytes: 40 });
    output.startCall('call-1');
    print('0123456789012345678901234\nend\n');
    output.finish();
    expect(texts()).toEqual(['0123456789012345678901234', 'end']);
  });

  it('gives the whole output of a call once, for the log of the server', () => {
    const { output, recorded, print } = recorder();
    output.startCall('call-1');
    print('one\n');
    output.finish();
    output.finish();
    expect(recorded).toEqual([{ invocationId: 'call-1', text: 'one\n', droppedBytes: 0 }]);
  });
});

let clock: ManualClock;
let budget: OutputBudget;
beforeEach(() => {
  clock = new ManualClock();
  budget = new OutputBudget(clock);
});

/** How many prints of this size pass no limit. */
function printsUntilPassed(bytes: number): number {
  for (let count = 0; ; count += 1) if (budget.exceededBy(bytes) !== undefined) return count;
}

describe('what a container may print', () => {
  it('is plenty in a call, in prints and in bytes', () => {
    budget.startCall();
    expect(printsUntilPassed(1)).toBe(1_000_000);
    budget.startCall();
    expect(printsUntilPassed(65_536)).toBe(4096);
  });

  it('is little while no call runs', () => {
    budget.becomeIdle();
    expect(printsUntilPassed(1)).toBe(1000);
    budget.becomeIdle();
    expect(printsUntilPassed(65_536)).toBe(4);
  });

  it('comes back with time while no call runs, up to where it began', () => {
    budget.becomeIdle();
    printsUntilPassed(1);
    clock.advance(1000);
    // The print that passed the limit counts as well.
    expect(printsUntilPassed(1)).toBe(49);
    clock.advance(3_600_000);
    expect(printsUntilPassed(1)).toBe(1000);
  });

  it('begins anew with each call', () => {
    budget.becomeIdle();
    printsUntilPassed(1);
    budget.startCall();
    expect(budget.exceededBy(1)).toBeUndefined();
  });

  it('names the limit that was passed, and when', () => {
    budget.becomeIdle();
    for (let count = 0; count < 1000; count += 1) budget.exceededBy(1);
    expect(budget.exceededBy(1)).toBe(
      'The function printed more than 1000 times while no call ran, and its container was removed; print less.',
    );
    budget.becomeIdle();
    expect(budget.exceededBy(262_145)).toContain('262144 bytes while no call ran');
  });
});
