import { Injectable } from '@nestjs/common';
import { KeyNames } from '../../common/auth/key-names.js';
import { KeyRing } from './key-ring.js';

/** The names of the keys that there are, the revoked ones among them. */
@Injectable()
export class HeldKeyNames extends KeyNames {
  constructor(private readonly ring: KeyRing) {
    super();
  }

  override nameOf(keyId: string): string | undefined {
    return this.ring.get(keyId)?.key.name;
  }
}
