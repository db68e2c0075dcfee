/** The steps that make a change safe against a crash, each in its order; other writes lie between them. */
const arrives = ['mkdir staging/*', 'open staging/*/upload.zip', 'writeFile staging/*/upload.zip'];
const isUnpacked = [
  'mkdirSync staging/*/code',
  'openSync staging/*/code/index.js',
  'writeFileSync staging/*/code/index.js',
  'sync staging/*/code/index.js',
  'sync staging/*/code',
];
const isPublished = [
  'rename staging/*/code functions/subject/*',
  'sync functions/subject/*',
  'sync functions/subject',
  'sync functions',
];
const isInserted = [
  'glambdar: begin',
  'glambdar: insert into "functions"',
  'glambdar: insert into "versions"',
  'glambdar: commit',
];
const isUpdated = [
  'glambdar: begin',
  'glambdar: update "functions" set',
  'glambdar: insert into "versions"',
  'glambdar: commit',
];

export const protocols = {
  deployment: [...arrives, ...isUnpacked, ...isPublished, ...isInserted, 'answer'],
  newVersion: [...arrives, ...isUnpacked, ...isPublished, ...isUpdated, 'answer'],
  change: [...isUpdated, 'answer'],
  deletion: [
    'glambdar: delete from "functions"',
    'rename functions/subject/* staging/*',
    'rm staging/*',
    'rmdir functions/subject',
    'answer',
  ],
  call: ['mkdir run/*', 'mkdir run/*/code', 'listen', 'answer'],
  newKey: [
    'access: begin',
    'access: insert into "keys"',
    'access: insert into "audit"',
    'access: commit',
    'answer',
  ],
  /** The records open last, on a thread of their own. */
  firstStart: [
    'fsyncSync installation-id.new',
    'renameSync installation-id.new installation-id',
    'glambdar: commit',
    'access: commit',
    'records: commit',
  ],
} as const;
