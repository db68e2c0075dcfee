import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Put,
  Req,
  type PipeTransform,
} from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { JsonBodies } from '../../common/request-body/json-bodies.js';
import { changerOf } from '../../deployment/changer.js';
import { SecretsService } from '../../deployment/secrets.service.js';
import { type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { parseSecretKey, type SecretKey } from '../../functions/sealed-secret.js';
import { secretsSettings, type SecretsSettings } from '../../secrets/secrets.settings.js';
import { SecretList, SecretMetadata } from './secret-answer.js';
import { parseSecretValue } from './secret-value.js';
import { DocumentedSecretDelete, DocumentedSecretList, DocumentedSecretPut } from './secrets.openapi.js';

/** Around the value: the braces, the field's name, and room to lay them out. */
const bodyOverheadBytes = 1024;

/** JSON may write any byte of the value as `\u0000`. */
const longestEscapeBytes = 6;

/** A path's `:key` becomes a `SecretKey`, or the request fails with `INVALID_SETTINGS`. */
@Injectable()
class SecretKeyPipe implements PipeTransform<string, SecretKey> {
  transform(text: string): SecretKey {
    return parseSecretKey(text);
  }
}

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly registry: FunctionRegistry,
    private readonly bodies: JsonBodies,
    @Inject(secretsSettings.config.KEY) private readonly settings: SecretsSettings,
  ) {}

  @Get(':name')
  @RequiresScope('functions:read')
  @DocumentedSecretList()
  list(@Param('name', FunctionNamePipe) name: FunctionName): SecretList {
    return new SecretList(this.registry.get(name));
  }

  @Put(':name/:key')
  @RequiresScope('secrets:write')
  @DocumentedSecretPut()
  @Audited('secret.put')
  async put(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('key', SecretKeyPipe) key: SecretKey,
    @Req() request: Request,
  ): Promise<SecretMetadata> {
    const limitBytes = this.settings.maxSecretBytes * longestEscapeBytes + bodyOverheadBytes;
    const value = parseSecretValue(await this.bodies.read(request, limitBytes), this.settings);
    return new SecretMetadata(await this.secrets.put(name, key, value, changerOf(callerOf(request))));
  }

  @Delete(':name/:key')
  @HttpCode(204)
  @RequiresScope('secrets:write')
  @DocumentedSecretDelete()
  @Audited('secret.delete')
  async delete(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('key', SecretKeyPipe) key: SecretKey,
    @Req() request: Request,
  ): Promise<void> {
    await this.secrets.delete(name, key, changerOf(callerOf(request)));
  }
}
