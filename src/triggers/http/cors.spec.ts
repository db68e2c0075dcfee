import type { IncomingHttpHeaders } from 'node:http';
import type { CorsRule } from '../../functions/function.js';
import { defaultCors } from '../../functions/settings/default-settings.js';
import { allowsOrigin, answerHeaders, isPreflight, preflightHeaders, withCors } from './cors.js';

const page = 'https://app.example.com';
const rule = (given: Partial<CorsRule> = {}): CorsRule => ({ ...defaultCors, origins: [page], ...given });

describe('the pages that may call', () => {
  it.each([
    [[page], page, true],
    [[page], 'https://app.example.com:8443', false],
    [[page], 'http://app.example.com', false],
    [[page], 'https://evil.example', false],
    [[page], 'https://app.example.com.evil.example', false],
    [[page], 'null', false],
    [[page], '', false],
    [[], page, false],
    [['https://b.example', page], page, true],
    [['*'], 'https://evil.example', true],
    [['*'], 'null', true],
  ])('where origins are %j: %s %s', (origins, origin, isAllowed) => {
    expect(allowsOrigin(rule({ origins }), origin)).toBe(isAllowed);
  });
});

describe('a preflight request', () => {
  const asks = { origin: page, 'access-control-request-method': 'PUT' };

  it.each<[string, IncomingHttpHeaders, boolean]>([
    ['OPTIONS', asks, true],
    ['OPTIONS', { origin: page }, false],
    ['OPTIONS', { 'access-control-request-method': 'PUT' }, false],
    ['GET', asks, false],
  ])('is %s with %j: %s', (method, headers, expected) => {
    expect(isPreflight({ method, headers })).toBe(expected);
  });
});

const vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

describe('the answer to a preflight request', () => {
  const answer = (given: Partial<CorsRule>, asked: IncomingHttpHeaders = {}) =>
    preflightHeaders(rule(given), { origin: page, 'access-control-request-method': 'PUT', ...asked });

  it.each<[string, Partial<CorsRule>, IncomingHttpHeaders, Record<string, string>]>([
    [
      'says what the rule lists',
      { methods: ['GET', 'PUT'], headers: ['content-type', 'x-a'], maxAgeSeconds: 600 },
      { 'access-control-request-headers': 'content-type' },
      {
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'content-type, x-a',
        'access-control-max-age': '600',
      },
    ],
    [
      'says what is asked for where any is allowed, Authorization among it, which * does not stand for',
      {},
      { 'access-control-request-headers': 'authorization,content-type' },
      {
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '0',
      },
    ],
    [
      'lets every origin in by a star',
      { origins: ['*'] },
      {},
      {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'PUT',
        'access-control-max-age': '0',
      },
    ],
    [
      'names the origin where cookies are sent along',
      { credentials: true },
      {},
      {
        'access-control-allow-origin': page,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'PUT',
        'access-control-max-age': '0',
      },
    ],
    [
      'allows nothing that is not listed',
      { methods: [], headers: [] },
      { 'access-control-request-headers': 'x-a' },
      { 'access-control-allow-origin': page, 'access-control-max-age': '0' },
    ],
    [
      'lets a public page call a private network where its browser asks',
      { methods: ['PUT'] },
      { 'access-control-request-private-network': 'true' },
      {
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'PUT',
        'access-control-max-age': '0',
        'access-control-allow-private-network': 'true',
      },
    ],
    ['allows another origin nothing', {}, { origin: 'https://evil.example' }, {}],
    ['allows a page without an origin nothing', {}, { origin: 'null' }, {}],
    [
      'says back no text that is no list of names',
      {},
      { 'access-control-request-method': 'P UT', 'access-control-request-headers': 'a: b' },
      { 'access-control-allow-origin': page, 'access-control-max-age': '0' },
    ],
  ])('%s', (_, given, asked, expected) => {
    expect(answer(given, asked)).toEqual({ ...expected, vary });
  });
});

describe('every other answer', () => {
  it.each<[string, Partial<CorsRule>, IncomingHttpHeaders, Record<string, string>]>([
    [
      'may be read by the page',
      { exposedHeaders: ['x-total', 'etag'] },
      { origin: page },
      {
        'access-control-allow-origin': page,
        'access-control-expose-headers': 'x-total, etag',
        vary: 'Origin',
      },
    ],
    [
      'may be read where cookies were sent along',
      { credentials: true },
      { origin: page },
      { 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    ],
    [
      'is the same for all where any page may read it',
      { origins: ['*'], exposedHeaders: ['*'] },
      { origin: 'null' },
      { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' },
    ],
    ['is so for who names no page, too', { origins: ['*'] }, {}, { 'access-control-allow-origin': '*' }],
    ['is kept by no cache for others where it names no page', {}, {}, { vary: 'Origin' }],
    ['is for no other page', { credentials: true }, { origin: 'https://evil.example' }, { vary: 'Origin' }],
  ])('%s', (_, given, asked, expected) => {
    expect(answerHeaders(rule(given), asked)).toEqual(expected);
  });
});

describe("a function's own headers", () => {
  const ours = { 'access-control-allow-origin': page, vary: 'Origin' };

  it('are replaced where they say who may read the answer, and kept where they do not', () => {
    const own = {
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-private-network': 'true',
      'content-type': 'text/plain',
      'set-cookie': ['a=b', 'c=d'],
    };
    expect(withCors(own, ours)).toEqual({
      'access-control-allow-origin': page,
      'content-type': 'text/plain',
      'set-cookie': ['a=b', 'c=d'],
      vary: 'Origin',
    });
  });

  it.each([
    ['Accept', 'Accept, Origin'],
    [['Accept', 'Cookie'], 'Accept, Cookie, Origin'],
    ['*', '*, Origin'],
  ])('keep what they vary by: %j', (own, merged) => {
    expect(withCors({ vary: own }, ours)).toMatchObject({ vary: merged });
    expect(withCors({ vary: own }, { 'access-control-allow-origin': '*' })).toMatchObject({ vary: own });
  });
});
