import { ApiProperty } from '../../common/openapi/documentation.js';
import type { DeployedFunction, FunctionVersion } from '../../functions/function.js';

/** What is told of one version. */
export class VersionMetadata {
  @ApiProperty({
    type: 'integer',
    description: 'Increases with every new version and is never reused.',
    example: 2,
  })
  readonly version: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: string;

  @ApiProperty({ description: 'SHA-256 of the uploaded archive.', example: '9f86d081884c7d65'.repeat(4) })
  readonly sha256: string;

  @ApiProperty({ type: 'integer', description: 'Unpacked size of the code, in bytes.', example: 2048 })
  readonly codeBytes: number;

  @ApiProperty({ type: 'integer', description: 'Files in the code.', example: 2 })
  readonly fileCount: number;

  @ApiProperty({ description: 'New calls run this version; true for exactly one.', example: true })
  readonly current: boolean;

  constructor(version: FunctionVersion, currentId: string) {
    this.version = version.number;
    this.createdAt = version.createdAt.toISOString();
    this.sha256 = version.sha256;
    this.codeBytes = version.codeBytes;
    this.fileCount = version.fileCount;
    this.current = version.id === currentId;
  }
}

/** The versions of a function that are kept. */
export class VersionList {
  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: 'integer', description: 'Length of `versions`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [VersionMetadata], description: 'Newest first.' })
  readonly versions: readonly VersionMetadata[];

  constructor({ name, version }: DeployedFunction, versions: readonly FunctionVersion[]) {
    this.function = name;
    this.count = versions.length;
    this.versions = versions.map((one) => new VersionMetadata(one, version.id));
  }
}
