import { generousBudget } from '../../../test/support/builders/events.js';
import { EventsWorld } from '../../../test/support/events-world.js';
import { until } from '../../../test/support/eventually.js';
import { DomainError } from '../../common/errors/domain-error.js';

describe('what is too old', () => {
  it('ends where nothing may run, as many as there are, and is followed up', async () => {
    const world = new EventsWorld();
    await world.lifecycle.start();
    const told = world.deploy('told');
    const retry = { maxAgeSeconds: 60 };
    const stopped = world.deploy('stopped', { maxConcurrency: 0, retry, onFailure: 'told' });
    const ids: string[] = [];
    for (let nth = 0; nth < 40; nth += 1) ids.push(await world.submit(stopped));
    world.clock.advance(59_999);
    expect((await world.record(ids[0]!)).state).toBe('queued');
    await until(async () => {
      world.clock.advance(1000);
      return (await world.record(ids[0]!)).state === 'dead';
    });
    for (const id of ids)
      expect(await world.reaches(id, 'dead')).toMatchObject({
        attempts: [{ code: 'DEADLINE_EXCEEDED', outcome: 'platform' }],
        followUp: { functionName: 'told', refusal: null },
      });
    await until(() => world.begun.length === ids.length);
    expect(world.begun.every(({ target }) => target.name === told.name)).toBe(true);
    await world.lifecycle.stop();
  });
});

describe('what has ended', () => {
  it('goes before its time where there is no room for it, and the log says whose dead events did', async () => {
    const world = new EventsWorld({
      budget: { ...generousBudget, keptBytes: 0, functionKeptBytes: 0, answerBytes: 0 },
    });
    await world.lifecycle.start();
    const works = world.deploy('works');
    const fails = world.deploy('fails', {}, () => ({
      fault: 'caller',
      error: new DomainError('INVALID_SETTINGS', 'No.'),
    }));
    const succeeded = await world.submit(works);
    const dead = await world.submit(fails);
    await world.reaches(succeeded, 'succeeded');
    await world.reaches(dead, 'dead');
    await until(() => {
      world.clock.advance(20_000);
      return world.log.messagesAt('warn').length > 0;
    });
    expect(await world.store.find(succeeded)).toBeUndefined();
    expect(await world.store.find(dead)).toBeUndefined();
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        fields: { functionId: fails.id, dead: 1 },
        message:
          'dead events went before their time, because ended events take more than GLAMBDAR_KEPT_EVENT_BYTES',
      },
    ]);
    await world.lifecycle.stop();
  });
});
