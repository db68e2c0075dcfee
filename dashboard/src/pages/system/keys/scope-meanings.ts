import type { Scope } from '../../../api/permissions.js';

/** What each scope allows, in words for whoever gives it. */
export const scopeMeanings: Readonly<Record<Scope, string>> = {
  'functions:read': 'see functions, their settings and versions',
  'functions:deploy': 'deploy, publish, roll back, change settings',
  'functions:invoke': 'call functions',
  'functions:delete': 'delete functions',
  'secrets:write': 'set and delete secrets',
  'metrics:read': 'see numbers and plots',
  'logs:read': 'read what functions printed, and how calls went',
  admin: 'everything, also keys and the audit log',
};

export const allScopes = Object.keys(scopeMeanings) as readonly Scope[];
