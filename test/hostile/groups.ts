import { functionsGroup } from './groups/functions.js';
import type { Group } from './trial.js';

export const groups: readonly Group[] = [functionsGroup];
