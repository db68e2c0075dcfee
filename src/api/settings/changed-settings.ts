import { ApiPropertyOptional } from '../../common/openapi/documentation.js';
import type { SettingsChange } from '../../deployment/settings.service.js';
import { effectiveSettings, EffectiveSettings } from '../../functions/settings/function-settings.dto.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';

/** What `PATCH /settings/:name` is answered with: all settings, and what the patch did. */
export class ChangedSettings extends EffectiveSettings {
  @ApiPropertyOptional({ type: [SettingChange], description: 'What has changed; absent if nothing has.' })
  readonly changes?: readonly SettingChange[];

  @ApiPropertyOptional({
    type: [String],
    description: 'What is likely to go wrong, one sentence each; absent if there is nothing to report.',
    example: [
      'The code does not load, so calls will fail. Error: DATABASE_URL is not set',
      'The setting egress: "10.0.0.7:5432" is no public address. Calls will fail with EGRESS_ADDRESS_REFUSED unless ' +
        'whoever runs the server adds it to GLAMBDAR_EGRESS_ALLOWED_RANGES.',
    ],
  })
  readonly warnings?: readonly string[];

  constructor({ settings, changes, warnings }: SettingsChange) {
    super();
    Object.assign(this, effectiveSettings(settings));
    if (changes.length > 0) this.changes = changes;
    if (warnings.length > 0) this.warnings = warnings;
  }
}
