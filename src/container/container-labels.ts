/** All labels that containers carry, in one place: by them a later server finds what an earlier one left behind. */
const projectLabel = 'io.glambdar.project';
const installationLabel = 'io.glambdar.installation';
const instanceLabel = 'io.glambdar.instance';

type Labels = Readonly<Record<string, string>>;

/** What every container of this data directory carries, whichever server made it. */
export function installationLabels(installationId: string): Labels {
  return { [projectLabel]: 'glambdar', [installationLabel]: installationId };
}

export function containerLabels(installationId: string, instanceId: string): Labels {
  return { ...installationLabels(installationId), [instanceLabel]: instanceId };
}

/** Known before the engine is asked, so a create whose answer never came can be undone. */
export function containerName(installationId: string, instanceId: string, counter: number): string {
  return `glambdar-${installationId}-${instanceId}-${counter}`;
}
