import type { FunctionSettings } from '../../../src/functions/function.js';
import { noArrivals } from '../../../src/sandbox/pool/arrival-rate.js';
import type { PoolView } from '../../../src/sandbox/pool/pool-policy.js';
import { defaultSettings } from './deployed-function.js';

export type PoolViewFields = Partial<Omit<PoolView, 'settings'>> & { settings?: Partial<FunctionSettings> };

/** A function that was useful just now and keeps nothing; tests name what matters to them. */
export function poolView(nowMs: number, { settings, ...fields }: PoolViewFields = {}): PoolView {
  return {
    available: 0,
    making: 0,
    busy: 0,
    waiting: 0,
    arrivals: noArrivals,
    lastUsefulAtMs: nowMs,
    makeMs: 200,
    onDemandOnly: false,
    closed: false,
    ...fields,
    settings: { ...defaultSettings, ...settings },
  };
}
