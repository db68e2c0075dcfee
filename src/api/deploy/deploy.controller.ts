import { applyDecorators, Controller, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { documentedFields } from '../../common/input/field-rules.js';
import { DocumentedQuery } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { DeployService } from '../../deployment/deploy.service.js';
import { VersionService } from '../../deployment/version.service.js';
import { DocumentedName, functionNameRule } from '../../functions/function-name.js';
import { FunctionSettingsPatch } from '../../functions/settings/function-settings.dto.js';
import { ArchiveUploadInterceptor, ReceivedForm, type DeployRequest } from './archive-upload.interceptor.js';
import { DeployFields, DeploymentResponse, DeployQuery } from './deploy.dto.js';

const archive = {
  type: 'string',
  format: 'binary',
  description: 'A zip archive with an `index.js` that exports `handler`, at its root or in its only folder.',
} as const;

/** The form that both routes take, and what may be wrong with it. */
function Upload(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(ArchiveUploadInterceptor),
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(FunctionSettingsPatch),
    ApiBody({
      required: true,
      schema: {
        type: 'object',
        required: ['file'],
        additionalProperties: false,
        properties: { file: archive, ...documentedFields(DeployFields) },
      },
      encoding: { settings: { contentType: 'application/json' } },
    }),
    DocumentedQuery(DeployQuery),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'INVALID_ARCHIVE'),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(400, 'MISSING_FILE'),
    ApiProblem(409, 'BUILD_EXISTS'),
    ApiProblem(409, 'HOST_TAKEN'),
    ApiProblem(413, 'ARCHIVE_TOO_LARGE'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(422, 'BUILD_FAILED'),
    ApiProblem(422, 'CANDIDATE_NOT_LOADABLE'),
    ApiProblem(503, 'RUNTIME_UNAVAILABLE'),
    ApiProblem(503, 'IMAGE_MISSING'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

@ApiTags('functions')
@Controller()
export class DeployController {
  constructor(
    private readonly deploys: DeployService,
    private readonly versions: VersionService,
  ) {}

  @Post('deploy')
  @RequiresScope('functions:deploy', { keptBy: 'handler' })
  @ApiOperation({
    operationId: 'deployFunction',
    summary: 'Deploy a function',
    description:
      `The function is named after the file, without \`.zip\`: ${functionNameRule}. If the name is taken, the request is ` +
      'refused; use `PUT /deploy/{name}` to publish new code. If the code does not load, it is deployed anyway, with ' +
      '`warnings` that say why, and `GET /info` shows it as `failing`; with `strict` it is refused.',
  })
  @Upload()
  @ApiCreatedResponse({ type: DeploymentResponse, description: 'The function can be called.' })
  @ApiProblem(409, 'FUNCTION_EXISTS')
  @Audited('function.deploy')
  async deploy(@ReceivedForm() { archive, options }: DeployRequest): Promise<DeploymentResponse> {
    try {
      return new DeploymentResponse(await this.deploys.deploy(archive, options));
    } finally {
      await this.deploys.discard(archive);
    }
  }

  @Put('deploy/:name')
  @RequiresScope('functions:deploy')
  @ApiOperation({
    operationId: 'publishVersion',
    summary: 'Publish a new version of a function',
    description:
      'The archive becomes the next version; its file name does not matter. If the new version does not load, nothing ' +
      'changes. Running calls finish on the version they started with, and no call fails because of the switch. ' +
      "`settings` patches the function's settings, and the response lists what has changed; without it they stay as they " +
      'are. If there is no such function, it is deployed as with `POST /deploy`, including `strict`.',
  })
  @DocumentedName()
  @Upload()
  @ApiOkResponse({ type: DeploymentResponse, description: 'New calls run the new version.' })
  @ApiCreatedResponse({ type: DeploymentResponse, description: 'The function is new.' })
  @Audited('function.deploy')
  async publish(
    @ReceivedForm() { archive, options }: DeployRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeploymentResponse> {
    try {
      const published = await this.versions.publish(archive, options);
      if (published.isNew) response.status(201);
      return new DeploymentResponse(published);
    } finally {
      await this.deploys.discard(archive);
    }
  }
}
