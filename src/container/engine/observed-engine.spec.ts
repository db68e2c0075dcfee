import { FakeContainerEngine } from '../../../test/fakes/fake-container-engine.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { EngineCalls, ObservedEngine, type EndedEngineCall } from './observed-engine.js';

function observed() {
  const clock = new ManualClock();
  const fake = new FakeContainerEngine();
  const calls = new EngineCalls();
  const ended: EndedEngineCall[] = [];
  calls.onEnded((call) => ended.push(call));
  return { clock, fake, ended, engine: new ObservedEngine(fake, calls, clock) };
}

describe('an observed engine', () => {
  it('tells how long each call took', async () => {
    const { engine, clock, ended } = observed();
    const answer = engine.ping();
    clock.advance(12);
    await answer;
    expect(ended).toEqual([{ call: 'ping', tookMs: 12, error: undefined }]);
  });

  it('tells how a call failed, which its caller learns as before', async () => {
    const { engine, fake, ended } = observed();
    fake.down = true;
    await expect(engine.hasImage('x')).rejects.toMatchObject({ kind: 'unreachable' });
    expect(ended).toEqual([{ call: 'hasImage', tookMs: 0, error: 'unreachable' }]);
  });
});
