import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseSecretKey, type SecretKey } from '../../functions/secret-key.js';

/** A path's `:key` becomes a `SecretKey`, or the request fails with `INVALID_CONFIG`. */
@Injectable()
export class SecretKeyPipe implements PipeTransform<string, SecretKey> {
  transform(text: string): SecretKey {
    return parseSecretKey(text);
  }
}
