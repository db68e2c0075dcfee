import { EventFeed } from './event-feed.js';

describe('what is told of events', () => {
  it('reaches everybody who waits for this event, once', () => {
    const feed = new EventFeed();
    const heard: string[] = [];
    feed.onEnded('a', () => heard.push('first'));
    feed.onEnded('a', () => heard.push('second'));
    feed.onEnded('b', () => heard.push('other'));
    feed.ended('a');
    feed.ended('a');
    expect(heard).toEqual(['first', 'second']);
  });

  it('does not reach whoever has stopped to wait', () => {
    const feed = new EventFeed();
    const heard: string[] = [];
    const stop = feed.onEnded('a', () => heard.push('first'));
    feed.onEnded('a', () => heard.push('second'));
    stop();
    stop();
    feed.ended('a');
    expect(heard).toEqual(['second']);
  });

  it('says of an event that was deleted that it is no more, too', () => {
    const feed = new EventFeed();
    const heard: string[] = [];
    feed.onDeleted((id) => heard.push(`${id} was deleted`));
    feed.onEnded('a', () => heard.push('a has ended'));
    feed.deleted('a');
    feed.ended('a');
    expect(heard).toEqual(['a was deleted', 'a has ended']);
  });

  it('names the function of which something is due', () => {
    const feed = new EventFeed();
    const heard: string[] = [];
    feed.onDue((functionId) => heard.push(functionId));
    feed.due('f1');
    expect(heard).toEqual(['f1']);
  });
});
