import { Flag, PlainText, Ruled } from '../../common/input/field-rules.js';
import { readJson } from '../../common/input/read-fields.js';
import { ApiProperty, ApiPropertyOptional, schemaPath } from '../../common/openapi/documentation.js';
import type { BuildSummary } from '../../builds/build.service.js';
import type { Deployment } from '../../deployment/deploy.service.js';
import { FunctionSettingsPatch } from '../../functions/settings/function-settings.dto.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';
import { CodeBytes, codeFactsOf, FileCount, Sha256, Version, type CodeFacts } from '../code-facts.js';

const Strict = () =>
  Flag({
    required: false,
    description: 'Refuse code that does not load. A new version of an existing function must always load.',
  });

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The query of a deployment. */
export class DeployQuery {
  @Strict()
  readonly strict?: boolean;

  @PlainText(
    { pattern: uuid, maxLength: 36, rule: 'a UUID in lower case' },
    {
      required: false,
      format: 'uuid',
      description:
        'An id of your own choice for the build, if the code needs one: you can then follow `GET /builds/{id}` from the moment you send the archive. Without it, the server chooses one.',
      example: '3f2c1a9e-5b7d-4c11-9a44-0d6f6b1f5a10',
    },
  )
  readonly buildId?: string;
}

/** The fields of a deployment's form, beside its file. */
export class DeployFields {
  /** Its own rules have been kept by the time it is an object. */
  @Ruled(() => undefined, { $ref: schemaPath(FunctionSettingsPatch), required: false }, (text) =>
    readJson(FunctionSettingsPatch, Buffer.from(text), 'settings'),
  )
  readonly settings?: FunctionSettingsPatch;

  @Strict()
  readonly strict?: boolean;
}

/** What the server made of an archive before it was published. */
export class BuildOutcome {
  @ApiProperty({
    format: 'uuid',
    description: '`GET /builds/{id}` shows its log.',
    example: '3f2c1a9e-5b7d-4c11-9a44-0d6f6b1f5a10',
  })
  readonly id: string;

  @ApiProperty({ enum: ['succeeded'], example: 'succeeded' })
  readonly state: 'succeeded';

  @ApiProperty({ description: 'Whether the packages came from an earlier build.', example: false })
  readonly cached: boolean;

  @ApiProperty({ type: 'number', description: 'How long it took, waiting included.', example: 4.2 })
  readonly seconds: number;

  constructor({ id, state, cached, seconds }: BuildSummary) {
    this.id = id;
    this.state = state;
    this.cached = cached;
    this.seconds = seconds;
  }
}

/** A deployment, a new version and a rollback. */
export class DeploymentResponse implements CodeFacts {
  @ApiProperty({ description: "The function's name.", example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ enum: ['deployed'], example: 'deployed' })
  readonly status: 'deployed';

  @Version('The version that new calls run.')
  readonly version!: number;

  @Sha256()
  readonly sha256!: string;

  @CodeBytes()
  readonly codeBytes!: number;

  @FileCount()
  readonly fileCount!: number;

  @ApiPropertyOptional({
    type: [SettingChange],
    description: 'Which settings of an existing function have changed; absent if none has.',
  })
  readonly changes?: readonly SettingChange[];

  @ApiPropertyOptional({
    type: [String],
    description: 'What is likely to go wrong, one sentence each; absent if there is nothing to report.',
    example: ['The code does not load, so calls will fail. Error: DATABASE_URL is not set'],
  })
  readonly warnings?: readonly string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'How the archive was read, one sentence each; absent if there is nothing to report.',
    example: ['The folder "shop" of the archive was taken as its root.'],
  })
  readonly notes?: readonly string[];

  @ApiPropertyOptional({
    type: BuildOutcome,
    description: 'The build that made what the archive lacked; absent if it lacked nothing.',
  })
  readonly build?: BuildOutcome;

  constructor({ deployed, warnings, changes, notes, build }: Deployment) {
    this.function = deployed.name;
    this.status = 'deployed';
    Object.assign(this, codeFactsOf(deployed.version));
    if (changes.length > 0) this.changes = changes;
    if (warnings.length > 0) this.warnings = warnings;
    if (notes.length > 0) this.notes = notes;
    if (build) this.build = new BuildOutcome(build);
  }
}
