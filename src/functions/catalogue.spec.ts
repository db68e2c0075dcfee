import { changeOf, deployedFunction } from '../../test/support/builders/functions.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import { changeTo, deletionOf } from './change-feed.js';

let fixture: FunctionsFixture;
let reported: string[];

beforeEach(() => {
  fixture = functionsFixture();
  reported = [];
  const { events, registry } = fixture;
  // Each is told when it can be seen.
  events.onDeployed((after) => reported.push(`deployed ${registry.get(after.name).revision}`));
  events.onReplaced((before, { name }) => {
    reported.push(`replaced ${before.revision} by ${registry.get(name).revision}`);
  });
  events.onDeleted(({ name, revision }) => {
    reported.push(`deleted ${revision}, ${registry.find(name) ? 'there' : 'gone'}`);
  });
});

describe('Catalogue', () => {
  it('tells the modules above of each change that it follows, once', () => {
    const deployed = deployedFunction();
    const second = { ...deployed, revision: 2 };
    for (const change of [changeTo(deployed), changeTo(second), deletionOf(second)]) {
      fixture.feed.publish(change);
      fixture.feed.publish(change);
    }
    expect(reported).toEqual(['deployed 1', 'replaced 1 by 2', 'deleted 2, gone']);
  });

  it('tells nothing of a change that comes after a later one', () => {
    const deployed = deployedFunction();
    const third = { ...deployed, revision: 3 };
    for (const late of [third, { ...deployed, revision: 2 }, deployed]) fixture.feed.publish(changeTo(late));
    fixture.feed.publish(deletionOf(third));
    fixture.feed.publish(changeTo(deployed));
    expect(reported).toEqual(['deployed 3', 'deleted 3, gone']);
    expect(fixture.registry.count).toBe(0);
  });

  it('reads anew what a function is where it was left behind', async () => {
    const deployed = deployedFunction();
    await fixture.store.insert(deployed);
    fixture.feed.publish(changeTo(deployed));
    const second = { ...deployed, revision: 2 };
    await fixture.store.replace(changeOf(second));
    await fixture.catalogue.refresh(deployed);
    expect(fixture.registry.get(deployed.name)).toEqual(second);
    await fixture.store.remove(second);
    await fixture.catalogue.refresh(second);
    expect(fixture.registry.find(deployed.name)).toBeUndefined();
    expect(reported).toEqual(['deployed 1', 'replaced 1 by 2', 'deleted 2, gone']);
  });

  it('misses nothing that changes while it reads the list, and follows no more when it has stopped', async () => {
    const { store, feed, registry, catalogue } = functionsFixture();
    await catalogue.stop();
    const [kept, gone, late] = [deployedFunction(), deployedFunction(), deployedFunction()];
    for (const deployed of [kept, gone]) await store.insert(deployed);
    const starting = catalogue.start();
    feed.publish(changeTo({ ...kept, revision: 2 }));
    feed.publish(deletionOf(gone));
    await starting;
    expect(registry.list()).toEqual([{ ...kept, revision: 2 }]);
    await catalogue.stop();
    feed.publish(changeTo(late));
    expect(registry.count).toBe(1);
  });
});
