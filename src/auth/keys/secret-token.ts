import { hash, randomBytes } from 'node:crypto';

const idBytes = 6;
const secretBytes = 32;

interface MintedToken {
  /** Twelve hexadecimal digits; part of the token, and no secret. */
  readonly id: string;
  /** The only time that the secret is seen. */
  readonly text: string;
  readonly secretHash: Buffer;
}

interface ShownToken {
  readonly id: string;
  readonly secretHash: Buffer;
}

/**
 * Something that its owner shows to be recognized: `<prefix>_<id>_<secret>`. The secret is 256 random bits, so SHA-256 is
 * kept of it: a slow hash would protect it no better.
 */
export class TokenKind {
  private readonly pattern: RegExp;

  constructor(private readonly prefix: string) {
    // The lengths are fixed, because a secret may hold `_` itself.
    this.pattern = new RegExp(`^${prefix}_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$`, 'i');
  }

  mint(): MintedToken {
    const id = randomBytes(idBytes).toString('hex');
    const secret = randomBytes(secretBytes).toString('base64url');
    return { id, text: `${this.prefix}_${id}_${secret}`, secretHash: hashOf(secret) };
  }

  /** Undefined for a text that is no such token. */
  read(text: string): ShownToken | undefined {
    const [, id, secret] = this.pattern.exec(text) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    return { id: id.toLowerCase(), secretHash: hashOf(secret) };
  }
}

function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
