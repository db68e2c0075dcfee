import { eventIdIn, inBackground } from './background-call.js';

const body = new TextEncoder().encode('{"id":"0197f2c4","state":"queued"}');
const applied = [['preference-applied', 'respond-async']] as const;

describe('a call in the background', () => {
  it('prefers an answer at once, beside all that the call says', () => {
    const request = { url: '/invoke/a', method: 'POST', headers: [['x-a', '1']], body: '{}' } as const;
    expect(inBackground(request)).toEqual({
      ...request,
      headers: [
        ['x-a', '1'],
        ['prefer', 'respond-async'],
      ],
    });
  });

  it.each([
    ['is the event of the answer', { status: 202, headers: applied, bytes: body }, '0197f2c4'],
    ['is none where the server refuses it', { status: 429, headers: [], bytes: body }, undefined],
    ['is none where a function answers 202 itself', { status: 202, headers: [], bytes: body }, undefined],
    [
      'is none where a function claims one',
      { status: 202, headers: applied, bytes: new TextEncoder().encode('no') },
      undefined,
    ],
    ['is none without an answer', undefined, undefined],
  ])('%s', (_, answer, id) => {
    expect(eventIdIn(answer)).toBe(id);
  });
});
