import type { Attack } from './attack.js';
import { callFloods } from './call-floods.js';
import { containerFloods } from './container-floods.js';
import { hoards } from './kernel-hoards.js';
import { readingAttacks } from './read-bytes.js';
import { sendingAttacks } from './sent-bytes.js';

export const attacks: readonly Attack[] = [
  ...sendingAttacks,
  ...readingAttacks,
  ...callFloods,
  ...containerFloods,
  ...hoards,
];
