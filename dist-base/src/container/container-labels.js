/** All labels that containers carry, in one place: by them a later server finds what an earlier one left behind. */ const projectLabel = 'io.glambdar.project';
const installationLabel = 'io.glambdar.installation';
const instanceLabel = 'io.glambdar.instance';
/** What every container of this data directory carries, whichever server made it. */ export function installationLabels(installationId) {
    return {
        [projectLabel]: 'glambdar',
        [installationLabel]: installationId
    };
}
export function containerLabels(installationId, instanceId) {
    return {
        ...installationLabels(installationId),
        [instanceLabel]: instanceId
    };
}
/** Known before the engine is asked, so a create whose answer never came can be undone. */ export function containerName(installationId, instanceId, counter) {
    return `glambdar-${installationId}-${instanceId}-${counter}`;
}

//# sourceMappingURL=container-labels.js.map