import {
  applyDecorators,
  Controller,
  Delete,
  Get,
  HttpCode,
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
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { SecretsService } from '../../deployment/secrets.service.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { parseSecretKey, type SecretKey } from '../../functions/sealed-secret.js';
import { maxVariableNameLength } from '../../functions/settings/environment-rules.js';
import { largestSecretBytes } from '../../secrets/secrets.settings.js';
import { SecretList, SecretMetadata, SecretValueBody } from './secrets.dto.js';

/** JSON may write any byte of the value as `\u0000`; around it stand the braces and the field's name, laid out as one likes. */
const valueBody = { limitBytes: largestSecretBytes * 6 + 1024 };

/** A path's `:key` becomes a `SecretKey`, or the request fails with `INVALID_SETTINGS`. */
@Injectable()
class SecretKeyPipe implements PipeTransform<string, SecretKey> {
  transform(text: string): SecretKey {
    return parseSecretKey(text);
  }
}

/** The function that the path names. */
const DocumentedFunction = () =>
  applyDecorators(DocumentedName(), ApiProblem(400, 'INVALID_NAME'), ApiProblem(404, 'FUNCTION_NOT_FOUND'));

/** What both routes that change a secret have in common. */
const DocumentedChange = () =>
  applyDecorators(
    DocumentedFunction(),
    ApiParam({
      name: 'key',
      description:
        "The variable in the function's environment: letters, digits and `_`, not starting with a digit; not `GLAMBDAR_…`, " +
        'and no variable that Node reads at its start, such as `NODE_OPTIONS`.',
      schema: { type: 'string', maxLength: maxVariableNameLength },
      example: 'API_TOKEN',
    }),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly registry: FunctionRegistry,
  ) {}

  @Get(':name')
  @RequiresScope('functions:read')
  @ApiOperation({
    operationId: 'listSecrets',
    summary: 'List the secrets of a function',
    description: 'Their keys and times. No route ever shows a value.',
  })
  @DocumentedFunction()
  @ApiOkResponse({ type: SecretList })
  list(@Param('name', FunctionNamePipe) name: FunctionName): SecretList {
    return new SecretList(this.registry.get(name));
  }

  @Put(':name/:key')
  @RequiresScope('secrets:write')
  @ApiOperation({
    operationId: 'putSecret',
    summary: 'Set a secret of a function',
    description:
      "New calls find the value in `process.env` before any of the function's code runs; running calls keep what they " +
      'started with. The value is stored encrypted and never shown again. A secret wins over a variable of the same name ' +
      "in the function's settings.",
  })
  @DocumentedChange()
  @ApiOkResponse({ type: SecretMetadata, description: 'The secret is set.' })
  @ApiProblem(503, 'SECRETS_UNAVAILABLE')
  @Audited('secret.put')
  async put(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('key', SecretKeyPipe) key: SecretKey,
    @JsonBody(SecretValueBody, valueBody) { value }: SecretValueBody,
    @Req() request: Request,
  ): Promise<SecretMetadata> {
    return new SecretMetadata(await this.secrets.put(name, key, value, changerOf(callerOf(request))));
  }

  @Delete(':name/:key')
  @HttpCode(204)
  @RequiresScope('secrets:write')
  @ApiOperation({
    operationId: 'deleteSecret',
    summary: 'Delete a secret of a function',
    description: 'New calls do not find it any more.',
  })
  @DocumentedChange()
  @ApiNoContentResponse({ description: 'The secret is deleted.' })
  @ApiProblem(400, 'INVALID_SETTINGS')
  @ApiProblem(404, 'SECRET_NOT_FOUND')
  @Audited('secret.delete')
  async delete(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Param('key', SecretKeyPipe) key: SecretKey,
    @Req() request: Request,
  ): Promise<void> {
    await this.secrets.delete(name, key, changerOf(callerOf(request)));
  }
}
