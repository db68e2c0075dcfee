import { deployedFunction } from '../../test/support/builders/functions.js';
import { endedCall } from '../../test/support/builders/calls.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { EndedCalls, type EndedCall } from './ended-calls.js';

describe('telling of ended calls', () => {
  it('reaches every listener, also when one before it fails', () => {
    const log = new RecordingLog();
    const endedCalls = new EndedCalls(log);
    const heard: EndedCall[] = [];
    endedCalls.onEnded(() => {
      throw new Error('broken');
    });
    endedCalls.onEnded((ended) => heard.push(ended));
    const ended = endedCall(deployedFunction());
    endedCalls.publish(ended);
    expect(heard).toEqual([ended]);
    expect(log.lines).toEqual([expect.objectContaining({ level: 'error' })]);
  });
});
