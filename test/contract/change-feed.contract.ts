import {
  changeTo,
  deletionOf,
  type ChangeFeed,
  type FunctionChange,
} from '../../src/functions/change-feed.js';
import { deployedFunction } from '../support/builders/functions.js';

/** What every `ChangeFeed` promises to the followers in one server. */
export function describeChangeFeed(adapter: string, makeFeed: () => ChangeFeed): void {
  describe(`the ChangeFeed contract, kept by ${adapter}`, () => {
    let feed: ChangeFeed;
    beforeEach(() => {
      feed = makeFeed();
    });

    function followed(): FunctionChange[] {
      const seen: FunctionChange[] = [];
      feed.follow((change) => seen.push(change));
      return seen;
    }

    const story = () => {
      const deployed = deployedFunction();
      const second = { ...deployed, revision: 2 };
      return [changeTo(deployed), changeTo(second), deletionOf(second)];
    };

    it('tells every follower of each change once, in their order', () => {
      const followers = [followed(), followed()];
      const [one, other] = [story(), story()];
      const published = one.flatMap((change, index) => [change, other[index]!]);
      for (const change of published) feed.publish(change);
      for (const seen of followers) expect(seen).toEqual(published);
      expect(followers[0]!.map(({ revision }) => revision)).toEqual([1, 1, 2, 2, 3, 3]);
    });

    it('tells nothing of what was before, nor after the end', () => {
      const [before, during, after] = story();
      feed.publish(before!);
      const seen: FunctionChange[] = [];
      const end = feed.follow((change) => seen.push(change));
      feed.publish(during!);
      end();
      end();
      feed.publish(after!);
      expect(seen).toEqual([during]);
    });

    it('ends one of two followings of the same follower', () => {
      const seen: FunctionChange[] = [];
      const follower = (change: FunctionChange) => seen.push(change);
      const end = feed.follow(follower);
      feed.follow(follower);
      end();
      feed.publish(story()[0]!);
      expect(seen).toHaveLength(1);
    });

    it('lets no follower spoil it for the others, or for who publishes', () => {
      feed.follow(() => {
        throw new Error('follower broke');
      });
      const seen = followed();
      const published = story();
      for (const change of published) feed.publish(change);
      expect(seen).toEqual(published);
    });
  });
}
