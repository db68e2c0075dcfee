import type { ContainerOwner } from '../container-engine.js';

/** All labels that containers carry. They cannot be changed once a container is made. */
const projectLabel = 'io.glambdar.project';
const installationLabel = 'io.glambdar.installation';
const instanceLabel = 'io.glambdar.instance';

type Labels = Readonly<Record<string, string>>;

/** What every container of an installation carries, whichever instance made it. */
export function installationLabels(installation: string): Labels {
  return { [projectLabel]: 'glambdar', [installationLabel]: installation };
}

export function ownerLabels({ installation, instance }: ContainerOwner): Labels {
  return { ...installationLabels(installation), [instanceLabel]: instance };
}
