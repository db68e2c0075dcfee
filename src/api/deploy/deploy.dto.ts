import { Flag, Ruled } from '../../common/input/field-rules.js';
import { readJson } from '../../common/input/read-fields.js';
import { ApiProperty, ApiPropertyOptional, schemaPath } from '../../common/openapi/documentation.js';
import type { Deployment } from '../../deployment/deploy.service.js';
import { FunctionSettingsPatch } from '../../functions/settings/function-settings.dto.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';
import { CodeBytes, codeFactsOf, FileCount, Sha256, Version, type CodeFacts } from '../code-facts.js';

const Strict = () =>
  Flag({
    required: false,
    description: 'Refuse code that does not load. A new version of an existing function must always load.',
  });

/** The query of a deployment. */
export class DeployQuery {
  @Strict()
  readonly strict?: boolean;
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

  constructor({ deployed, warnings, changes, notes }: Deployment) {
    this.function = deployed.name;
    this.status = 'deployed';
    Object.assign(this, codeFactsOf(deployed.version));
    if (changes.length > 0) this.changes = changes;
    if (warnings.length > 0) this.warnings = warnings;
    if (notes.length > 0) this.notes = notes;
  }
}
