/** One deployment, from the folder to the answer, told while it goes on. */
import { getSettings, type DeploymentResponse } from '@glambdar/client';
import type { Server } from '../api/server.js';
import type { BuildSetting } from '../packing/package-source.js';
import type { Progress } from '../terminal/progress.js';
import { bytes } from '../terminal/quantities.js';
import { planDeployment, type DeploymentPlan } from './deployment-plan.js';
import { publish } from './publish.js';

export interface DeployOnce {
  /** A folder or a zip. */
  readonly source: string;
  readonly name: string | undefined;
  readonly strict: boolean;
}

export async function deployOnce(
  { source, name, strict }: DeployOnce,
  server: Server,
  signal: AbortSignal,
  progress: Progress,
): Promise<DeploymentResponse> {
  const warn = (warning: string) => {
    progress.line(`warning: ${warning}`);
  };
  const plan = await planDeployment(source, {
    name,
    buildOnServer: (planned) => buildSettingOf(planned, server),
  });
  plan.warnings.forEach(warn);
  return publish(
    server,
    plan,
    { strict, signal },
    {
      onWarning: warn,
      onUpload: (sent, all) => {
        progress.update(`Uploading ${plan.name}: ${percent(sent, all)} of ${bytes(all) ?? ''}`);
      },
      onSent: () => {
        progress.update(`The server publishes ${plan.name}`);
      },
      onBuildLine: ({ text }) => {
        progress.line(text.trimEnd().replace(/^/gm, '  '));
      },
    },
  );
}

/** What would be sent; nothing is, so the server is not asked. */
export function planOnly(source: string, name: string | undefined): Promise<DeploymentPlan> {
  return planDeployment(source, { name, buildOnServer: () => Promise.resolve('auto') });
}

/** A function that is new, or that the key may not read, has the default. */
async function buildSettingOf(name: string, server: Server): Promise<BuildSetting> {
  const { data } = await getSettings({ client: server.client, path: { name } });
  return data?.build ?? 'auto';
}

function percent(part: number, all: number): string {
  return `${all === 0 ? 100 : Math.floor((part / all) * 100)} %`;
}
