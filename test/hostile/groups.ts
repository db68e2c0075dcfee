import { answersGroup } from './groups/answers.js';
import { archivesGroup } from './groups/archives.js';
import { clientsGroup } from './groups/clients.js';
import { databaseGroup } from './groups/database.js';
import { diskGroup } from './groups/disk.js';
import { engineGroup } from './groups/engine.js';
import { fairnessGroup } from './groups/fairness.js';
import { framesGroup } from './groups/frames.js';
import { functionsGroup } from './groups/functions.js';
import { killGroup } from './groups/kill.js';
import { namesGroup } from './groups/names.js';
import { secretsGroup } from './groups/secrets.js';
import { startsGroup } from './groups/starts.js';
import { stepsGroup } from './groups/steps.js';
import { stubbornGroup } from './groups/stubborn.js';
import { switchesGroup } from './groups/switches.js';
import type { Group } from './trial.js';

export const groups: readonly Group[] = [
  archivesGroup,
  functionsGroup,
  framesGroup,
  answersGroup,
  namesGroup,
  clientsGroup,
  stubbornGroup,
  fairnessGroup,
  killGroup,
  stepsGroup,
  startsGroup,
  switchesGroup,
  engineGroup,
  diskGroup,
  secretsGroup,
  databaseGroup,
];
