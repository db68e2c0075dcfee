import { ApiPropertyOptional } from '@nestjs/swagger';
import { configOf, FunctionConfig } from '../settings/function-settings.dto.js';
import type { ConfigChange } from './config.service.js';

/** What a change of settings is answered with. */
export class ChangedConfig extends FunctionConfig {
  @ApiPropertyOptional({
    type: [String],
    description:
      'What of the settings cannot work on this server, one sentence each; absent when nothing is known.',
    example: [
      'The setting egress: "10.0.0.7:5432" is no public address. Calls will fail with EGRESS_ADDRESS_REFUSED unless ' +
        'whoever runs the server adds it to GLAMBDAR_EGRESS_ALLOWED_RANGES.',
    ],
  })
  readonly warnings?: readonly string[];

  constructor({ settings, warnings }: ConfigChange) {
    super();
    Object.assign(this, configOf(settings), warnings.length > 0 && { warnings });
  }
}
