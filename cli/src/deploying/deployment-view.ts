import type { DeploymentResponse } from '@glambdar/client';
import type { Server } from '../api/server.js';
import { sizesOf } from '../packing/folder-entries.js';
import { changesView } from '../settings/changes.js';
import { count } from '../terminal/count.js';
import { safeLine } from '../terminal/safe-text.js';
import { bytes as quantityOf } from '../terminal/quantities.js';
import type { View } from '../terminal/view.js';
import type { DeploymentPlan } from './deployment-plan.js';

/** Where the function is called. */
export function callUrl(server: Server, name: string): string {
  return server.url(`/invoke/${name}`);
}

/** What the server answers, and where the function is called. */
export function deployedView(deployment: DeploymentResponse, url: string): View {
  const { function: name, version, codeBytes, fileCount, changes = [] } = deployment;
  const title = `${name} is deployed: version ${version}, ${count(fileCount, 'file')}, ${sizeText(codeBytes)}.`;
  const done = changesView(title, changes);
  return {
    onTerminal: (screen) => `${done.onTerminal(screen)}${screen.style('cyan', url)}\n`,
    inPipe: () => `${done.inPipe()}${url}\n`,
  };
}

/** What would be sent, as JSON. */
export function planValue({ name, settings = {}, content, packagesFrom, warnings }: DeploymentPlan) {
  return {
    name,
    settings,
    ...(content.kind === 'zip'
      ? { zip: { file: content.file, bytes: content.bytes } }
      : { files: sizesOf(content.entries), leftOut: content.leftOut, packagesFrom }),
    warnings,
  };
}

/** What would be sent, for a person: packages as one line each. */
export function planView(plan: DeploymentPlan): View {
  const text = `${planLines(plan).map(safeLine).join('\n')}\n`;
  return { onTerminal: () => text, inPipe: () => text };
}

function planLines(plan: DeploymentPlan): string[] {
  const { name, settings = {}, content } = plan;
  const changes = Object.entries(settings).map(([setting, value]) => `  ${setting} = ${valueText(value)}`);
  return [
    `Name: ${name}`,
    ...(content.kind === 'zip'
      ? [`Zip: ${content.file}, ${sizeText(content.bytes)}, sent as it is`]
      : folderLines(plan, content)),
    ...(changes.length === 0 ? [] : ['Settings:', ...changes]),
    'Nothing was sent.',
  ];
}

function folderLines(
  { packagesFrom }: DeploymentPlan,
  { entries, leftOut }: Extract<DeploymentPlan['content'], { kind: 'folder' }>,
): string[] {
  const rows = summed(sizesOf(entries));
  const width = Math.max(...rows.map(([, bytes]) => sizeText(bytes).length));
  const all = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  return [
    `Files: ${count(entries.length, 'file')}, ${sizeText(all)} before compression`,
    ...rows.map(([path, bytes]) => `  ${sizeText(bytes).padStart(width)}  ${path}`),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}`]),
    ...(packagesFrom === 'server' ? ['Packages: the server installs what package.json names'] : []),
  ];
}

/** The files of a package together. */
function summed(sizes: readonly { readonly path: string; readonly bytes: number }[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { path, bytes } of sizes) {
    const [inPackage] = /^node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? [];
    const row = inPackage === undefined ? path : `${inPackage}/`;
    sums.set(row, (sums.get(row) ?? 0) + bytes);
  }
  return [...sums];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sizeText(bytes: number): string {
  return quantityOf(bytes) ?? '';
}
