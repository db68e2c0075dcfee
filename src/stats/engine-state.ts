import { ApiProperty } from '../common/openapi/documentation.js';

const states = ['up', 'down'] as const;

/** The container engine, as far as it is shown. */
export class EngineState {
  @ApiProperty({ enum: states, description: '`down`: it does not answer.', example: 'up' })
  readonly state: (typeof states)[number];

  constructor(isUp: boolean) {
    this.state = isUp ? 'up' : 'down';
  }
}

/** The same, as an administrator is shown it. */
export class DescribedEngine extends EngineState {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its name and version. Null while it does not answer.',
    example: 'crun 1.8.1',
  })
  readonly version: string | null;

  constructor(isUp: boolean, version: string | null) {
    super(isUp);
    this.version = version;
  }
}
