import { withoutExcerpts } from '../../common/errors/discretion.js';
import { ApiProperty, ApiPropertyOptional } from '../../common/openapi/documentation.js';
import { functionNamePattern } from '../../functions/function-name.js';
import type { DeployedFunction, FunctionSettings, Isolation } from '../../functions/function.js';
import { defaultRuntime, runtimeNames, type RuntimeName } from '../../runtimes/runtime.js';
import { isolations } from '../../functions/settings/function-settings.dto.js';

/** The settings that say what containers to expect; `GET /settings/:name` shows all. */
type ShownSetting = 'runtime' | 'isolation' | 'minContainers' | 'maxContainers' | 'idleTimeoutSeconds';

const functionStates = ['active', 'failing', 'broken'] as const;

/** Whether calls can be served, as far as the function's code is concerned. */
export type FunctionState = (typeof functionStates)[number];

const brokenReason = 'Its code is missing or was changed on the server; publish it again.';

/** What `GET /info` tells of a function. */
export class FunctionMetadata implements Pick<FunctionSettings, ShownSetting> {
  @ApiProperty({ pattern: functionNamePattern.source, example: 'myfunc' })
  readonly name: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the last call was admitted; null before the first.',
    example: '2026-01-31T12:30:00.000Z',
  })
  readonly lastInvokedAt: string | null;

  @ApiProperty({ type: 'integer', description: 'Admitted calls, whatever their outcome.', example: 3 })
  readonly invokeCount: number;

  @ApiProperty({ type: 'integer', description: 'The version that new calls run.', example: 1 })
  readonly version: number;

  @ApiProperty({ description: 'SHA-256 of the uploaded archive.', example: '9f86d081884c7d65'.repeat(4) })
  readonly sha256: string;

  @ApiProperty({ type: 'integer', description: 'Unpacked size of the code, in bytes.', example: 2048 })
  readonly codeBytes: number;

  @ApiProperty({ type: 'integer', description: 'Files in the code.', example: 2 })
  readonly fileCount: number;

  @ApiProperty({
    enum: functionStates,
    description:
      '`failing`: the code did not load when it was last tried, so calls are likely to fail. `broken`: the code is missing on the disk or is not what was deployed; calls get `CODE_UNAVAILABLE` until you publish it again.',
    example: 'active',
  })
  readonly state: FunctionState;

  @ApiPropertyOptional({
    type: String,
    description: 'Why the function is not `active`; absent if it is.',
    example: 'Error: DATABASE_URL is not set',
  })
  readonly stateReason?: string;

  @ApiProperty({ enum: [...runtimeNames], example: defaultRuntime })
  readonly runtime: RuntimeName;

  @ApiProperty({ enum: isolations, example: 'fresh' })
  readonly isolation: Isolation;

  @ApiProperty({ type: 'integer', example: 0 })
  readonly minContainers: number;

  @ApiProperty({ type: 'integer', example: 4 })
  readonly maxContainers: number;

  @ApiProperty({ type: 'integer', example: 300 })
  readonly idleTimeoutSeconds: number;

  constructor(
    { name, createdAt, lastInvokedAt, invokeCount, version, settings, loadFailure }: DeployedFunction,
    isBroken: boolean,
    seesOutput: boolean,
  ) {
    this.name = name;
    this.createdAt = createdAt.toISOString();
    this.lastInvokedAt = lastInvokedAt?.toISOString() ?? null;
    this.invokeCount = invokeCount;
    this.version = version.number;
    this.sha256 = version.sha256;
    this.codeBytes = version.codeBytes;
    this.fileCount = version.fileCount;
    const reason = isBroken ? brokenReason : loadFailure;
    this.state = isBroken ? 'broken' : reason === null ? 'active' : 'failing';
    if (reason !== null) this.stateReason = seesOutput ? reason : withoutExcerpts(reason);
    this.runtime = settings.runtime;
    this.isolation = settings.isolation;
    this.minContainers = settings.minContainers;
    this.maxContainers = settings.maxContainers;
    this.idleTimeoutSeconds = settings.idleTimeoutSeconds;
  }
}

export class FunctionList {
  @ApiProperty({ type: 'integer', description: 'Length of `functions`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [FunctionMetadata], description: 'In the order of deployment.' })
  readonly functions: readonly FunctionMetadata[];

  constructor(functions: readonly FunctionMetadata[]) {
    this.count = functions.length;
    this.functions = functions;
  }
}
