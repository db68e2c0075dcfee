import type { SettingField } from './setting-fields.js';

export interface SettingGroup {
  readonly title: string;
  readonly fields: readonly SettingField[];
}

const groups: readonly (readonly [string, readonly string[]])[] = [
  ['Code', ['description', 'runtime', 'handler', 'responseFormat', 'build', 'installScripts']],
  ['Limits of a call', ['timeoutSeconds', 'memoryMiB', 'cpuMillis', 'tmpMiB']],
  [
    'Containers',
    ['isolation', 'sandbox', 'minContainers', 'maxContainers', 'maxConcurrency', 'idleTimeoutSeconds'],
  ],
  ['Environment', ['environment']],
  ['Network', ['egress']],
  ['Access', ['access', 'idempotency', 'rateLimit', 'hosts', 'cors']],
  ['Events', ['retry', 'maxQueuedEvents', 'onSuccess', 'onFailure', 'schedules']],
];

/** The settings by what they are about. What this page does not know yet is shown all the same. */
export function settingGroupsOf(fields: readonly SettingField[]): readonly SettingGroup[] {
  const grouped = new Set(groups.flatMap(([, names]) => names));
  const others = fields.filter(({ name }) => !grouped.has(name)).map(({ name }) => name);
  return [...groups, ['More', others] as const]
    .map(([title, names]) => ({
      title,
      fields: names.flatMap((name) => fields.filter((field) => field.name === name)),
    }))
    .filter((group) => group.fields.length > 0);
}
