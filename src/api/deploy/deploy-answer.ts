import { ApiProperty, ApiPropertyOptional } from '../../common/openapi/documentation.js';
import type { Deployment } from '../../deployment/deploy.service.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';

/** What a deployment, a new version and a rollback are answered with. */
export class DeployAnswer {
  @ApiProperty({ description: "The function's name.", example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ enum: ['deployed'], example: 'deployed' })
  readonly status: 'deployed';

  @ApiProperty({ type: 'integer', description: 'The version that new calls run.', example: 1 })
  readonly version: number;

  @ApiProperty({ description: 'SHA-256 of the uploaded archive.', example: '9f86d081884c7d65'.repeat(4) })
  readonly sha256: string;

  @ApiProperty({ type: 'integer', description: 'Unpacked size of the code, in bytes.', example: 2048 })
  readonly codeBytes: number;

  @ApiProperty({ type: 'integer', description: 'Files in the code.', example: 2 })
  readonly fileCount: number;

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
    const { number, sha256, codeBytes, fileCount } = deployed.version;
    this.function = deployed.name;
    this.status = 'deployed';
    this.version = number;
    this.sha256 = sha256;
    this.codeBytes = codeBytes;
    this.fileCount = fileCount;
    if (changes.length > 0) this.changes = changes;
    if (warnings.length > 0) this.warnings = warnings;
    if (notes.length > 0) this.notes = notes;
  }
}
