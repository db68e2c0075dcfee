import { nodeRuntime } from './node-runtime.js';
import { runtimeNames, type Runtime, type RuntimeName } from './runtime.js';
import type { RuntimesSettings } from './runtimes.settings.js';

const catalogue: Readonly<Record<RuntimeName, Runtime>> = {
  'nodejs22.x': nodeRuntime('nodejs22.x'),
  'nodejs24.x': nodeRuntime('nodejs24.x'),
  'nodejs26.x': nodeRuntime('nodejs26.x'),
};

/** All runtimes, in the order of their names. */
export const runtimes: readonly Runtime[] = runtimeNames.map(runtimeOf);

export function runtimeOf(name: RuntimeName): Runtime {
  return catalogue[name];
}

/** What a container of the runtime is made to run. */
export interface RuntimeProgram {
  readonly runtime: RuntimeName;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export function programOf(runtime: Runtime, memoryMiB: number, images: RuntimesSettings): RuntimeProgram {
  const { name, command, environment } = runtime;
  return { runtime: name, image: images[name], command: command(memoryMiB), environment };
}
