import { MeasuredDocker } from './docker.js';
import { MeasuredOci } from './oci.js';
import type { EngineId, MeasuredEngine } from './measured-engine.js';

/** What the set-up, or whoever runs the benchmark, chose for servers that use OCI runtimes. */
const OCI_SETTINGS = ['GLAMBDAR_OCI_RUNTIME', 'GLAMBDAR_OCI_IMAGES'];

/** The chosen engines of this machine, as its environment tells of them. */
export function enginesOf(
  chosen: readonly [EngineId, ...EngineId[]],
  image: string,
): [MeasuredEngine, ...MeasuredEngine[]] {
  const [first, ...rest] = chosen;
  return [engineOf(first, image), ...rest.map((id) => engineOf(id, image))];
}

function engineOf(id: EngineId, image: string): MeasuredEngine {
  if (id === 'docker') return new MeasuredDocker(image, process.env['DOCKER_HOST'] ?? '');
  const settings = OCI_SETTINGS.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return new MeasuredOci(image, Object.fromEntries(settings));
}
