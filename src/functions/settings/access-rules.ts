import { Flag, Ruled, WholeNumber } from '../../common/input/field-rules.js';
import { parseHost } from '../../common/network/host.js';
import type { CorsRule, RateLimit } from '../function.js';
import { defaultCors } from './default-settings.js';

const perSecond = { minimum: 0, maximum: 1_000_000 };

/** The setting `rateLimit`; each member may be left out. */
export class RateLimitRule implements Partial<RateLimit> {
  @WholeNumber(perSecond, {
    required: false,
    description: 'Of one client address (IPv6: of its /64 network).',
  })
  readonly perAddress?: number;

  @WholeNumber(perSecond, { required: false, description: 'Of all clients together.' })
  readonly total?: number;
}

const maxEntries = 50;
const maxEntryLength = 256;

/** A list of texts, of which each is right; `rule` says in words what is right, after `each entry of … must be`. */
function listProblem(rule: string, isRight: (text: string) => boolean, most = maxEntries) {
  return (value: unknown, name: string): string | undefined => {
    if (!Array.isArray(value) || value.length > most)
      return `${name} must be a list of at most ${most} texts`;
    const wrong = (value as unknown[]).find(
      (entry) => typeof entry !== 'string' || entry.length > maxEntryLength || !isRight(entry),
    );
    if (wrong === undefined && !value.includes(undefined)) return undefined;
    const shown = typeof wrong === 'string' ? `, unlike ${JSON.stringify(wrong.slice(0, 64))}` : '';
    return `each entry of ${name} must be ${rule}${shown}`;
  };
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const method = /^[A-Z]+$/;

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:\/\//.test(text) && URL.parse(text)?.origin === text);
}

const texts = { type: 'array', items: { type: 'string' }, maxItems: maxEntries };

/** The setting `cors`; each member may be left out. */
export class CorsRuleDto implements Partial<CorsRule> {
  @Ruled(listProblem('* or an origin such as https://app.example.com, without a path', isOrigin), {
    ...texts,
    required: false,
    default: defaultCors.origins,
    description: 'Origins of the pages; `*` for any.',
  })
  readonly origins?: readonly string[];

  @Ruled(listProblem('* or a method in capitals', (text) => text === '*' || method.test(text)), {
    ...texts,
    required: false,
    default: defaultCors.methods,
    description: 'Methods that they may use; `*` for any.',
  })
  readonly methods?: readonly string[];

  @Ruled(listProblem('* or the name of a header', (text) => token.test(text)), {
    ...texts,
    required: false,
    default: defaultCors.headers,
    description: 'Headers that they may send; `*` for any.',
  })
  readonly headers?: readonly string[];

  @Ruled(listProblem('* or the name of a header', (text) => token.test(text)), {
    ...texts,
    required: false,
    default: defaultCors.exposedHeaders,
    description: 'Headers of answers that they may read.',
  })
  readonly exposedHeaders?: readonly string[];

  @Flag({
    required: false,
    default: defaultCors.credentials,
    description: 'Whether the browser sends cookies along. Then `origins` must name the pages.',
  })
  readonly credentials?: boolean;

  @WholeNumber(
    { minimum: 0, maximum: 86_400 },
    {
      required: false,
      default: defaultCors.maxAgeSeconds,
      description: 'How long a browser may keep the answer to a preflight request, in seconds.',
    },
  )
  readonly maxAgeSeconds?: number;
}

export const maxHosts = 20;

/** A name of two labels or more, in lower case: a single label, an address and `localhost` are the server's own. */
function isHostName(text: string): boolean {
  const host = parseHost(text);
  return host?.kind === 'name' && host.text === text && text.includes('.') && !text.endsWith('.localhost');
}

export const hostsProblem = listProblem(
  'a host name of two labels or more, in ASCII and lower case, without a port',
  isHostName,
  maxHosts,
);
