import { ApiProperty } from '../../common/openapi/documentation.js';
import { buildSteps, buildStreams, type BuildStep, type BuildStream } from '../../builds/build-journal.js';
import type { BuildLog } from '../../builds/records/build-log.js';
import { type BuildLine, type BuildRecord, buildStates } from '../../builds/store/build-store.js';

const shownStates = [...buildStates, 'skipped'] as const;

export class BuildStepResponse {
  @ApiProperty({
    enum: buildSteps,
    example: 'install',
    description:
      '`queue`: waits for its turn; `image`: the image of builds is made; `install`: npm; `bundle`: esbuild; `pack`: what is new becomes an archive; `validate`: the server checks it like an upload.',
  })
  readonly step: BuildStep;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly startedAt: string;

  constructor({ step, atMs }: BuildRecord['steps'][number]) {
    this.step = step;
    this.startedAt = new Date(atMs).toISOString();
  }
}

export class BuildFailureResponse {
  @ApiProperty({ enum: buildSteps, description: 'The step that failed.', example: 'install' })
  readonly step: BuildStep;

  @ApiProperty({
    description: 'What failed, and what to do.',
    example:
      'npm install failed with exit code 1. No matching version found for left-pad@9. Check the version in package.json.',
  })
  readonly message: string;

  constructor({ step, message }: NonNullable<BuildRecord['failure']>) {
    this.step = step;
    this.message = message;
  }
}

/** One build without its log, as the API shows it. */
export class BuildSummary {
  @ApiProperty({ format: 'uuid', example: '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c' })
  readonly id: string;

  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({
    enum: shownStates,
    example: 'succeeded',
    description:
      '`waiting`: the upload is not there yet, or other builds come first; `skipped`: nothing needed a build, so it is not recorded (only those who follow it learn of it).',
  })
  readonly state: (typeof shownStates)[number];

  @ApiProperty({ type: [BuildStepResponse], description: 'In the order in which they began.' })
  readonly steps: readonly BuildStepResponse[];

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly startedAt: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'Null until it has ended.',
    example: '2026-01-31T12:00:04.000Z',
  })
  readonly endedAt: string | null;

  @ApiProperty({ description: 'The packages came from the cache of an earlier build.', example: false })
  readonly cached: boolean;

  @ApiProperty({
    type: BuildFailureResponse,
    nullable: true,
    description: 'Null unless it failed.',
    example: null,
  })
  readonly failure: BuildFailureResponse | null;

  constructor(build: BuildRecord, { isDiscarded = false }: Partial<Pick<BuildLog, 'isDiscarded'>> = {}) {
    this.id = build.id;
    this.function = build.functionName;
    this.state = isDiscarded ? 'skipped' : build.state;
    this.steps = build.steps.map((step) => new BuildStepResponse(step));
    this.startedAt = new Date(build.startedAtMs).toISOString();
    this.endedAt = build.endedAtMs === null ? null : new Date(build.endedAtMs).toISOString();
    this.cached = build.cached;
    this.failure = build.failure && new BuildFailureResponse(build.failure);
  }
}

export class BuildLineResponse {
  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly at: string;

  @ApiProperty({ enum: buildStreams, description: "`system`: the server's own words.", example: 'stdout' })
  readonly stream: BuildStream;

  @ApiProperty({
    description: 'As it was printed, without the line feed; it can contain anything.',
    example: 'added 68 packages in 2s',
  })
  readonly text: string;

  constructor({ atMs, stream, text }: BuildLine) {
    this.at = new Date(atMs).toISOString();
    this.stream = stream;
    this.text = text;
  }
}

/** One build with its log. */
export class BuildResponse extends BuildSummary {
  @ApiProperty({ type: [BuildLineResponse], description: 'In the order in which it was printed.' })
  readonly log: readonly BuildLineResponse[];

  @ApiProperty({ description: 'The log was too long; lines are missing.', example: false })
  readonly truncated: boolean;

  constructor({ build, lines }: BuildLog) {
    super(build);
    this.log = lines.map((line) => new BuildLineResponse(line));
    this.truncated = build.isTruncated;
  }
}

export class BuildList {
  @ApiProperty({ type: [BuildSummary], description: 'The builds that began last, newest first.' })
  readonly builds: readonly BuildSummary[];

  constructor(builds: readonly BuildRecord[]) {
    this.builds = builds.map((build) => new BuildSummary(build));
  }
}
