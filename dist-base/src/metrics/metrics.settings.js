import { integer } from '../common/settings/setting.js';
import { settingsGroup } from '../common/settings/settings-group.js';
export const metricsSettings = settingsGroup('metrics', {
    functions: integer({
        variable: 'GLAMBDAR_METRICS_FUNCTIONS',
        meaning: 'Functions that have metrics of their own: the first ones called; all others are counted together as `_other`.',
        defaultValue: 100,
        min: 0,
        max: 10_000
    })
});

//# sourceMappingURL=metrics.settings.js.map