import type { ChosenSettings } from '../../../src/functions/function.js';
import { completeSettings } from '../../../src/functions/settings/default-settings.js';
import { noArrivals, type PoolView } from '../../../src/sandbox/pool/pool-policy.js';

export type PoolViewFields = Partial<Omit<PoolView, 'settings'>> & { settings?: ChosenSettings };

/** A function that was useful just now and keeps nothing; tests name what matters to them. */
export function poolView(nowMs: number, { settings, ...fields }: PoolViewFields = {}): PoolView {
  return {
    available: 0,
    provisioning: 0,
    busy: 0,
    waiting: 0,
    arrivals: noArrivals,
    lastUsefulAtMs: nowMs,
    provisionMs: 200,
    onDemandOnly: false,
    closed: false,
    ...fields,
    settings: completeSettings(settings ?? {}),
  };
}
