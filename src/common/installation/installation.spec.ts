import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { warnOfForeign } from './installation.js';

describe('what a sweep has left alone', () => {
  it('is told in one line of bounded length that a terminal can show', () => {
    const log = new RecordingLog();
    warnOfForeign(log, ['run/\u001b[2J', ...Array.from({ length: 10_000 }, () => 'staging/x')]);
    expect(log.lines).toEqual([
      {
        level: 'warn',
        fields: { found: expect.stringMatching(/^"run\/\\u001b\[2J", .* and 9996 more$/) as string },
        message: expect.stringContaining('left alone') as string,
      },
    ]);
  });

  it('is not worth a line where there is nothing', () => {
    const log = new RecordingLog();
    warnOfForeign(log, []);
    expect(log.lines).toEqual([]);
  });
});
