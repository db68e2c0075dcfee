import type { ServerResponse } from 'node:http';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest, responseTo } from '../../../test/support/builders/request.js';
import { RateLimitDenials } from '../../common/counters.js';
import { authSettings } from '../auth.settings.js';
import { RequestLimits } from './request-limits.js';

let clock: ManualClock;
let denials: RateLimitDenials;
let limits: RequestLimits;

beforeEach(() => {
  clock = new ManualClock();
  denials = new RateLimitDenials();
  limits = new RequestLimits(clock, denials, settingsFor(authSettings, { rateBuckets: 100 }));
});

const response = (): ServerResponse => responseTo(httpRequest());

/** Whether the call is let in, and what its answer says of the limit: `limit/remaining`. */
function call(name: string, rates: { perAddress: number; total: number }, network: string): string {
  const answer = response();
  let outcome = 'in';
  try {
    limits.takeCall(name, rates, network, answer);
  } catch (error) {
    outcome = (error as Error).message;
  }
  const [limit, remaining] = ['RateLimit-Limit', 'RateLimit-Remaining'].map((one) => answer.getHeader(one));
  return limit === undefined ? outcome : `${outcome} ${String(remaining)}/${String(limit)}`;
}

const ofAddress = 'Too many calls of this function from your address; send them more slowly.';
const ofAll = 'Too many calls of this function; send them more slowly.';

describe('the calls of a function', () => {
  it('are not limited, nor told of, where it sets no limit', () => {
    expect(call('f', { perAddress: 0, total: 0 }, 'a')).toBe('in');
  });

  it('are limited for each address, with two seconds’ worth at once', () => {
    const rates = { perAddress: 1, total: 0 };
    expect([1, 2, 3].map(() => call('f', rates, 'a'))).toEqual(['in 1/2', 'in 0/2', `${ofAddress} 0/2`]);
    expect(call('f', rates, 'b')).toBe('in 1/2');
    expect(call('g', rates, 'a')).toBe('in 1/2');
    clock.advance(1000);
    expect(call('f', rates, 'a')).toBe('in 0/2');
    expect(denials.byKind).toEqual({ functions: 1 });
  });

  it('are limited in all', () => {
    const rates = { perAddress: 0, total: 1 };
    expect(['a', 'b', 'c'].map((network) => call('f', rates, network))).toEqual([
      'in 1/2',
      'in 0/2',
      `${ofAll} 0/2`,
    ]);
    expect(call('g', rates, 'a')).toBe('in 1/2');
  });

  it('take nothing of what all have together where their own address has had its share', () => {
    const rates = { perAddress: 1, total: 2 };
    for (let count = 0; count < 50; count += 1) call('f', rates, 'a');
    expect(call('f', rates, 'b')).toBe('in 1/4');
    expect(call('f', rates, 'b')).toBe('in 0/4');
    expect(call('f', rates, 'c')).toBe(`${ofAll} 0/4`);
  });

  it('are counted in all, however many addresses there are, of which the oldest are forgotten', () => {
    const rates = { perAddress: 1, total: 1000 };
    for (let count = 0; count < 2000; count += 1) call('f', rates, `address ${count}`);
    expect(call('f', rates, 'one more')).toContain(ofAll);
    expect(call('f', { perAddress: 1, total: 0 }, 'address 0')).toBe('in 1/2');
  });

  it('are told when to come again, and may then', () => {
    const rates = { perAddress: 4, total: 0 };
    for (let count = 0; count < 8; count += 1) call('f', rates, 'a');
    const answer = response();
    expect(() => {
      limits.takeCall('f', rates, 'a', answer);
    }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', details: { retryAfterMs: 250 } }) as Error);
    expect(answer.getHeader('RateLimit-Reset')).toBe(2);
    clock.advance(250);
    expect(call('f', rates, 'a')).toBe('in 0/8');
  });
});
