import { jest } from '@jest/globals';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { FunctionEvents } from './function-events.js';

describe('FunctionEvents', () => {
  it('tells every listener of its kind, and nobody after the end of the subscription', () => {
    const events = new FunctionEvents(new RecordingLog());
    const [onDeployed, onReplaced, onDeleted] = [jest.fn(), jest.fn(), jest.fn()];
    const unsubscribe = events.onDeployed(onDeployed);
    events.onReplaced(onReplaced);
    events.onDeleted(onDeleted);
    const subject = deployedFunction();
    events.deployed(subject);
    expect(onDeployed.mock.calls).toEqual([[subject]]);
    expect(onDeleted).not.toHaveBeenCalled();
    unsubscribe();
    events.deployed(subject);
    events.deleted(subject);
    expect(onDeployed).toHaveBeenCalledTimes(1);
    const after = { ...subject, revision: 2 };
    events.replaced(subject, after);
    expect(onDeleted.mock.calls).toEqual([[subject]]);
    expect(onReplaced.mock.calls).toEqual([[subject, after]]);
  });

  it('lets no listener spoil it for the others or for the one who tells', () => {
    const events = new FunctionEvents(new RecordingLog());
    const second = jest.fn();
    events.onDeleted(() => {
      throw new Error('listener broke');
    });
    events.onDeleted(second);
    events.deleted(deployedFunction());
    expect(second).toHaveBeenCalledTimes(1);
  });
});
