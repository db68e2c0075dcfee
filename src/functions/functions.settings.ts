import { parseFunctionDomain, functionDomainRule } from './hosts/function-domain.js';
import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const functionsSettings = settingsGroup('functions', {
  maxFunctions: integer({
    variable: 'GLAMBDAR_MAX_FUNCTIONS',
    meaning: 'Most functions on this server.',
    defaultValue: 10_000,
    min: 1,
    max: 1_000_000,
  }),
  functionDomain: {
    variable: 'GLAMBDAR_FUNCTION_DOMAIN',
    meaning:
      'Domain below which each function has a host of its own: with `fn.example.com`, `hello.fn.example.com` is the function `hello` at the root. Empty for none. See docs/hosts.md.',
    defaultValue: '',
    rule: functionDomainRule,
    parse: parseFunctionDomain,
  },
  storeLockTimeoutMs: integer({
    variable: 'GLAMBDAR_STORE_LOCK_TIMEOUT_MS',
    meaning:
      'Longest wait of a deployment or deletion while another program writes to the database, in milliseconds; calls wait too.',
    defaultValue: 5000,
    min: 0,
    max: 60_000,
  }),
});

export type FunctionsSettings = SettingsOf<typeof functionsSettings>;
