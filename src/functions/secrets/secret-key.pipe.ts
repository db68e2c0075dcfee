import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseSecretKey, type SecretKey } from './secret-key.js';

/** A path's `:key` becomes a `SecretKey`, or the request fails with `INVALID_SETTINGS`. */
@Injectable()
export class SecretKeyPipe implements PipeTransform<string, SecretKey> {
  transform(text: string): SecretKey {
    return parseSecretKey(text);
  }
}
