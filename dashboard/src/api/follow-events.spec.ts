import { type Follow, followEvents, type FollowState, pause } from './follow-events.js';

type Answer = Response | Error;
const events = (...ids: number[]) =>
  new Response(ids.map((id) => `id: ${id}\nevent: line\ndata: ${id}\n\n`).join(''));

/** Follows what is answered, one answer after the other, until there is none left. */
async function followed(answers: Answer[], isLast: (data: string) => boolean = () => false) {
  const asked: (string | undefined)[] = [];
  const states: FollowState[] = [];
  const heard: string[] = [];
  const stop = new AbortController();
  const follow: Follow = {
    open: (lastEventId) => {
      asked.push(lastEventId);
      const answer = answers.shift();
      if (answer === undefined) stop.abort();
      return answer instanceof Response
        ? Promise.resolve(answer)
        : Promise.reject(answer ?? new Error('over'));
    },
    onEvent: ({ data }) => {
      heard.push(data);
      return isLast(data);
    },
    onState: (state) => states.push(state),
    pause: () => Promise.resolve(),
    refusal: (answer) => answer.text(),
  };
  await followEvents(follow, stop.signal);
  return { asked, states, heard };
}

describe('following a stream', () => {
  it('goes on after the last event when the connection was lost', async () => {
    const { asked, heard } = await followed([events(1, 2), new Error('lost'), events(3)]);
    expect(heard).toEqual(['1', '2', '3']);
    expect(asked).toEqual([undefined, '2', '2', '3']);
  });

  it('waits longer each time nothing comes, and briefly again after something did', async () => {
    const lost = Array.from({ length: 7 }, () => new Error('lost'));
    const { states } = await followed([...lost, events(1), new Error('lost')]);
    const waits = states.flatMap((state) => (state.kind === 'waiting' ? [state.ms] : []));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 500, 1000]);
  });

  it('ends where the server says that nothing more comes', async () => {
    const { asked, states } = await followed([events(1, 2, 3)], (data) => data === '2');
    expect(asked).toHaveLength(1);
    expect(states).toEqual([{ kind: 'connecting' }, { kind: 'open' }, { kind: 'ended', reason: undefined }]);
  });

  it.each([401, 403, 404])('ends where it is refused with %d, and says why', async (status) => {
    const { asked, states } = await followed([new Response('why', { status })]);
    expect(asked).toHaveLength(1);
    expect(states.at(-1)).toEqual({ kind: 'ended', reason: 'why' });
  });

  it.each([429, 502, 503])('tries again after %d', async (status) => {
    const { heard } = await followed([new Response('busy', { status }), events(1)]);
    expect(heard).toEqual(['1']);
  });

  it('ends when it is told to, also while it waits', async () => {
    const stop = new AbortController();
    const waited = pause(1_000_000, stop.signal);
    stop.abort();
    await waited;
    await pause(1_000_000, stop.signal);
  });
});
