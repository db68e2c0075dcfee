import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../src/common/time/clock.js';
import type { ContainerEngine } from '../../src/container/engine/container-engine.js';
import { DockerEngine } from '../../src/container/engine/docker/docker-engine.js';
import { OciEngine } from '../../src/container/engine/oci/oci-engine.js';
import type { RuntimeProgram } from '../../src/runtimes/catalogue.js';
import { patientWithEngine } from './container-harness.js';
import { contractProgram, unpackedContractImage } from './contract-image.js';
import { engineSocketPath } from './docker-engine.js';

/** Who makes the containers: the daemon, or a runtime that the OCI engine runs. */
export const engineKinds = ['docker', 'crun', 'runc'] as const;
export type EngineKind = (typeof engineKinds)[number];

/** The launcher's program for tests, which have no built files. */
export const ociLauncher = new URL('./oci-launcher.mjs', import.meta.url);

/** An engine with the image of tests. */
export interface TestEngine {
  readonly engine: ContainerEngine;
  readonly program: RuntimeProgram;
  /** Where a runtime's containers are configured. */
  readonly state: string | undefined;
  close(): Promise<void>;
}

export async function openTestEngine(kind: EngineKind = 'docker'): Promise<TestEngine> {
  const clock = new SystemClock();
  const readScheduler = new ReadScheduler(clock);
  if (kind === 'docker') {
    const engine = new DockerEngine(clock, readScheduler, {
      ...patientWithEngine,
      socketPath: engineSocketPath,
    });
    const program = await contractProgram(engineSocketPath);
    return { engine, program, state: undefined, close: () => engine.close() };
  }
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-engine-'));
  const state = join(directory, 'state');
  const { program, images } = await unpackedContractImage(join(directory, 'image'));
  const engine = new OciEngine(clock, readScheduler, {
    ...patientWithEngine,
    runtime: kind,
    state,
    images,
    launcher: ociLauncher,
  });
  return {
    engine,
    program,
    state,
    close: async () => {
      await engine.close();
      await rm(directory, { recursive: true });
    },
  };
}
