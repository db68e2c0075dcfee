import type { SettingResponse } from '@glambdar/client';
import { settingsFound } from './settings-search.js';

const setting = (name: string, source: SettingResponse['source'], description: string): SettingResponse => ({
  name,
  value: 1,
  confidential: false,
  source,
  description,
});
const settings = [
  setting('GLAMBDAR_PORT', 'environment', 'Port to listen on.'),
  setting('GLAMBDAR_TIMEOUT', 'default', 'Longest call.'),
];
const names = (search: string, shown: 'all' | 'set') =>
  settingsFound(settings, search, shown).map(({ name }) => name);

describe('the list of settings', () => {
  it('is searched in names and descriptions', () => {
    expect(names('glambdar', 'all')).toEqual(['GLAMBDAR_PORT', 'GLAMBDAR_TIMEOUT']);
    expect(names('LISTEN port', 'all')).toEqual(['GLAMBDAR_PORT']);
    expect(names('nothing', 'all')).toEqual([]);
  });

  it('can leave out what has its default', () => {
    expect(names('', 'set')).toEqual(['GLAMBDAR_PORT']);
  });
});
