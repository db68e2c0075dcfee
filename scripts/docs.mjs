/**
 * `node scripts/docs.mjs` after a build: writes the pages that are made from code, `docs/configuration.md` and
 * `docs/errors.md`. A unit test fails when they are not what the code says.
 */
import { writeFile } from 'node:fs/promises';
import { pathToFileURL, URL } from 'node:url';

/**
 * @typedef {{ variable: string, meaning: string, defaultValue: unknown, rule: string }} Setting
 * @typedef {{ namespace: string, definitions: Readonly<Record<string, Setting>> }} SettingsGroup
 * @typedef {{ code: string, fault: string, status: number, title: string, remedy: string }} DocumentedError
 */

const MADE = '<!-- Made by scripts/docs.mjs from the code: change it there. -->';

/** @param {readonly SettingsGroup[]} groups */
export function configurationPage(groups) {
  return `${MADE}

# Configuration

Every setting is an environment variable with a default, so none has to be set. All are checked together when the
server starts: it prints each one that breaks its rule, and each \`GLAMBDAR_\` variable that is no setting, and ends
with exit code 78. A variable that is set to nothing counts as set.

The log is one JSON object per line on standard output; what a person reads when the server starts is on standard
error.

${groups.map(groupSection).join('\n')}`;
}

/** @param {SettingsGroup} group */
function groupSection({ namespace, definitions }) {
  const rows = Object.values(definitions).map(({ variable, meaning, defaultValue, rule }) => [
    `\`${variable}\``,
    meaning,
    shownDefault(defaultValue),
    rule,
  ]);
  return `## ${namespace}\n\n${table([['variable', 'meaning', 'default', 'rule'], ...rows])}\n`;
}

/** @param {unknown} value */
function shownDefault(value) {
  return value === '' ? '(empty)' : `\`${value}\``;
}

/** @param {readonly DocumentedError[]} errors */
export function errorsPage(errors) {
  const rows = errors.map(({ code, status, fault, title, remedy }) => [
    `\`${code}\``,
    String(status),
    fault,
    title,
    remedy,
  ]);
  return `${MADE}

# Errors

Every error is answered as \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`,
\`error\` (the same sentence as \`detail\`) and, where there is a call, \`invocationId\`. Where known it adds \`field\` and
\`reason\` (the rule that was broken), \`errorType\` and \`errorMessage\` (what the function threw) and \`output\` (what it
printed last). \`code\` never changes its meaning: branch on it. \`Retry-After\` says, in seconds, when trying again can
help. The fault says who can mend it: who called, who wrote the function, or who runs the server.

${table([['code', 'status', 'fault', 'title', 'what to do'], ...rows])}
`;
}

/** Padded as the formatter pads it, so that the pages pass its check. @param {string[][]} rows the first is the head */
function table([head = [], ...body]) {
  const rows = [head, ...body].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => line(row.map((text, column) => text.padEnd(widths[column] ?? 0))));
  lines.splice(1, 0, line(widths.map((width) => '-'.repeat(width))));
  return lines.join('\n');
}

/** @param {string[]} cells */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {string} file below `dist/src` */
async function built(file) {
  return import(new URL(`../dist/src/${file}`, import.meta.url).href);
}

async function writePages() {
  const { settingsGroups } = await built('app.settings.js');
  const { documentedErrors } = await built('http/documented-errors.js');
  await writeFile(new URL('../docs/configuration.md', import.meta.url), configurationPage(settingsGroups));
  await writeFile(new URL('../docs/errors.md', import.meta.url), errorsPage(documentedErrors()));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writePages();
