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
