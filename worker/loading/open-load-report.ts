import { createRequire } from 'node:module';
import type * as LoadReport from './load-report.js';

const requireBesideWorker = createRequire(import.meta.url);

/** Reads the program that reports code which does not load. */
export function openLoadReport(): typeof LoadReport {
  return requireBesideWorker('./load-report.js') as typeof LoadReport;
}
