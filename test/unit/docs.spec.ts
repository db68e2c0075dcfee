import { readFile } from 'node:fs/promises';
import { settingsGroups } from '../../src/bootstrap/settings-groups.js';
import type { AnySettingsGroup } from '../../src/common/settings/settings.js';
import { settingNames } from '../../src/functions/settings/function-settings.dto.js';
import { documentedErrors } from '../../src/http/problem-catalogue.js';

interface DocsScript {
  readonly configurationPage: (groups: readonly AnySettingsGroup[]) => string;
  readonly errorsPage: (errors: ReturnType<typeof documentedErrors>) => string;
}

/** A script has no types of its own for a test; the path in a variable keeps the compiler from looking for some. */
const script = '../../scripts/docs.mjs';
const { configurationPage, errorsPage } = (await import(script)) as DocsScript;

const howToMend = 'Run `npm run build && node scripts/docs.mjs` and commit what it wrote.';

async function committed(page: string): Promise<string> {
  return readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
}

describe('the pages made from code', () => {
  it(`docs/configuration.md has every setting. ${howToMend}`, async () => {
    expect(await committed('configuration.md')).toBe(configurationPage(settingsGroups));
  });

  it(`docs/errors.md has every error. ${howToMend}`, async () => {
    expect(await committed('errors.md')).toBe(errorsPage(documentedErrors()));
  });
});

describe('the README', () => {
  it('has its figures, and the machine they were taken on, from docs/benchmarks.md', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const benchmarks = (await committed('benchmarks.md')).replace(/\s+/g, ' ');
    const section = /^## Fresh or warm\n([^]*?)\n## /m.exec(readme)?.[1] ?? '';
    const figures = section.match(/[\d.,]+ (ms|calls\/s)/g) ?? [];
    const machine =
      /Measured on ([^,]+, \d+ cores, \d+ GiB), with (Docker Engine [\d.]+\d)/.exec(section)?.slice(1) ?? [];
    expect([figures.length, machine.length]).toEqual([7, 2]);
    expect([...figures, ...machine].filter((text) => !benchmarks.includes(text))).toEqual([]);
  });
});

describe('the page for those who write functions', () => {
  it.each(settingNames)('tells of the setting %s', async (name) => {
    expect(await committed('functions.md')).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  });
});

describe('the settings', () => {
  const settings = settingsGroups.flatMap((group) => Object.values(group.definitions));

  it('have names of their own', () => {
    const variables = settings.map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('have defaults that keep their own rules', () => {
    for (const setting of settings)
      expect(setting.parse(String(setting.defaultValue))).toBe(setting.defaultValue);
  });

  it('mean something, in sentences', () => {
    for (const { meaning } of settings) expect(meaning).toMatch(/^\S.*\.$/);
  });
});
