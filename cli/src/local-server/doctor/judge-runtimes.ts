/** Which OCI runtime a server would run here, and what is wrong with those that it would not. */
import { missing, ok, warning, type Finding } from './finding.js';
import type { MachineFacts, OciFacts } from './machine-facts.js';
import { type LocatedRuntime, type RuntimeName, runtimeNames } from './runtimes-on-path.js';

/** What a server chooses from where nothing is said. */
const usualRuntimes: readonly RuntimeName[] = ['crun', 'runc'];

export function runtimeFindings(machine: MachineFacts, { chosen, runtimes }: OciFacts): Finding[] {
  const wanted = chosen === '' ? usualRuntimes : runtimeNames.filter((name) => name === chosen);
  if (wanted.length === 0)
    return [
      missing(
        'OCI runtime',
        `GLAMBDAR_OCI_RUNTIME is ${chosen}`,
        'Set it to crun, runc or runsc, or leave it empty.',
      ),
    ];
  const gvisor = wanted.includes('runsc') ? undefined : runtimes.find(({ name }) => name === 'runsc');
  return [usedFinding(machine, wanted, runtimes), ...(gvisor ? [gvisorFinding(gvisor)] : [])];
}

function usedFinding(
  { platform, isRoot, hasApt }: MachineFacts,
  wanted: readonly RuntimeName[],
  runtimes: readonly LocatedRuntime[],
): Finding {
  const name = 'OCI runtime';
  const candidates = runtimes.filter((runtime) => wanted.includes(runtime.name));
  const used = candidates.find(isUsable);
  const passedOver = candidates.slice(0, used && candidates.indexOf(used));
  const named = [...(used ? [used] : []), ...passedOver].map(inWords);
  const found = named.length > 0 ? named.join('; ') : `no ${String(wanted[0])} on PATH`;
  if (platform !== 'linux')
    return missing(name, found, 'GLAMBDAR_ENGINE=oci needs Linux: unset it to use a Docker Engine.');
  if (!isRoot)
    return missing(
      name,
      found,
      'GLAMBDAR_ENGINE=oci needs root: use `sudo`, or unset it to use a Docker Engine.',
    );
  if (used) {
    const [better] = passedOver;
    return better
      ? warning(name, found, `${better.name} starts containers faster: install a newer one.`)
      : ok(name, found);
  }
  const absent = wanted.find((one) => !candidates.some((candidate) => candidate.name === one));
  if (absent === undefined) return missing(name, found, newer(candidates));
  return hasApt
    ? warning(name, found, `\`npm start\` installs ${candidates.length > 0 ? absent : 'it'}.`)
    : missing(name, found, `Install ${absent}, and see that it is on PATH.`);
}

/** Nobody needs gVisor but functions that ask for it, so there is nothing to say where it is not there. */
function gvisorFinding(runsc: LocatedRuntime): Finding {
  const name = 'gVisor';
  return isUsable(runsc)
    ? ok(name, inWords(runsc))
    : warning(
        name,
        inWords(runsc),
        `${newer([runsc])} Until then functions cannot have the setting sandbox: "gvisor".`,
      );
}

function isUsable(runtime: LocatedRuntime): boolean {
  return 'version' in runtime;
}

function inWords(runtime: LocatedRuntime): string {
  return `${runtime.name} ${'version' in runtime ? runtime.version : runtime.problem} (${runtime.file})`;
}

function newer(runtimes: readonly LocatedRuntime[]): string {
  const names = runtimes.map(({ name }) => name).join(' or ');
  return `Install a newer ${names}: the server goes by what \`--version\` prints.`;
}
