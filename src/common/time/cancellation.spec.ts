import { Cancellation } from './cancellation.js';

const left = new Error('The client left.');

describe('a cancellation', () => {
  it('tells everybody who listens, once, and only the first reason counts', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('one'));
    cancellation.onCancel(() => heard.push('other'));
    expect(cancellation.reason).toBeUndefined();
    cancellation.cancel(left);
    cancellation.cancel(new Error('Something else.'));
    expect([heard, cancellation.reason]).toEqual([['one', 'other'], left]);
  });

  it('tells nobody who has stopped listening, also when told to stop twice', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    const stop = cancellation.onCancel(() => heard.push('one'));
    cancellation.onCancel(() => heard.push('other'));
    stop();
    stop();
    cancellation.cancel(left);
    expect(heard).toEqual(['other']);
  });

  it('tells at once whoever comes too late', () => {
    const cancellation = new Cancellation();
    cancellation.cancel(left);
    const heard: string[] = [];
    cancellation.onCancel(() => heard.push('late'))();
    expect(heard).toEqual(['late']);
  });
});
