import { Flag, Ruled, WholeNumber } from '../../common/input/field-rules.js';
import { parseHost } from '../../common/network/host.js';
import { quoted } from '../../common/safe-text.js';
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

/** One entry of a list of texts. */
interface Entry {
  readonly isRight: (text: string) => boolean;
  /** What is right, after `each entry of … must be`. */
  readonly rule: string;
}

/** The rule of a list of texts, of which none comes twice. */
function listOf({ isRight, rule }: Entry, most = maxEntries) {
  return (value: unknown, name: string): string | undefined => {
    if (!Array.isArray(value) || value.length > most)
      return `${name} must be a list of at most ${most} texts`;
    const wrong = (value as unknown[]).findIndex(
      (entry) => typeof entry !== 'string' || entry.length > maxEntryLength || !isRight(entry),
    );
    if (wrong !== -1) return `each entry of ${name} must be ${rule}, unlike ${shown(value[wrong])}`;
    return new Set(value).size === value.length ? undefined : `${name} must name each entry once`;
  };
}

function shown(entry: unknown): string {
  return typeof entry === 'string' ? quoted(entry) : `a value of another type`;
}

const method = /^(?:\*|[A-Z][A-Z-]*)$/;
/** `*` is a token, too. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** As a browser writes it in `Origin`. Apps have schemes of their own, such as `capacitor://localhost`. */
const origin = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@]+)$/;

function isOrigin(text: string): boolean {
  const [, scheme = '', host = ''] = origin.exec(text) ?? [];
  const page = URL.parse(`${scheme === 'https' ? scheme : 'http'}://${host}`);
  return page?.host === host && parseHost(page.hostname.replaceAll(/[[\]]/g, '')) !== undefined;
}

const origins: Entry = {
  isRight: (text) => text === '*' || isOrigin(text),
  rule: '* or an origin such as https://app.example.com, without a path',
};
const methods: Entry = { isRight: (text) => method.test(text), rule: '* or a method in capitals' };
const headers: Entry = { isRight: (text) => token.test(text), rule: '* or the name of a header' };

const texts = { type: [String], maxItems: maxEntries, required: false };

/** The setting `cors`; each member may be left out. */
export class CorsRuleDto implements Partial<CorsRule> {
  @Ruled(listOf(origins), {
    ...texts,
    default: defaultCors.origins,
    description: 'Origins of the pages; `*` for any.',
  })
  readonly origins?: readonly string[];

  @Ruled(listOf(methods), {
    ...texts,
    default: defaultCors.methods,
    description: 'Methods that they may use; `*` for any.',
  })
  readonly methods?: readonly string[];

  @Ruled(listOf(headers), {
    ...texts,
    default: defaultCors.headers,
    description: 'Headers that they may send; `*` for any.',
  })
  readonly headers?: readonly string[];

  @Ruled(listOf(headers), {
    ...texts,
    default: defaultCors.exposedHeaders,
    description: 'Headers of answers that they may read; `*` for any, but not with `credentials`.',
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

const hosts: Entry = {
  isRight: isHostName,
  rule: 'a host name of two labels or more, in ASCII and lower case, without a port',
};

export const hostsProblem = listOf(hosts, maxHosts);
