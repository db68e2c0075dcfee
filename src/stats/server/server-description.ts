import { Inject, Injectable } from '@nestjs/common';
import { EngineHealth } from '../../container/engine-health.js';
import { runtimeNames, type RuntimeName } from '../../runtimes/runtime.js';
import { runtimesSettings, type RuntimesSettings } from '../../runtimes/runtimes.settings.js';
import { type ServerFacts, ServerFactsReader } from '../server-facts.js';
import type { EffectiveSetting } from './effective-setting.js';
import { StorageSizes, type StoredSize } from './storage-sizes.js';

/** The settings in force; whoever composes the server knows them all. */
export const settingsInForce = Symbol('settings in force');

export const imageStates = ['present', 'missing', 'unknown'] as const;
export type ImageState = (typeof imageStates)[number];

export interface DescribedRuntime {
  readonly name: RuntimeName;
  readonly image: string;
  readonly state: ImageState;
}

/** What an administrator is shown of the server. */
export interface DescribedServer {
  readonly facts: ServerFacts;
  readonly node: string;
  /** Null while the engine does not answer. */
  readonly engineVersion: string | null;
  readonly settings: readonly EffectiveSetting[];
  readonly storage: readonly StoredSize[];
  readonly runtimes: readonly DescribedRuntime[];
}

@Injectable()
export class ServerDescription {
  constructor(
    private readonly facts: ServerFactsReader,
    private readonly sizes: StorageSizes,
    private readonly engineHealth: EngineHealth,
    @Inject(runtimesSettings.config.KEY) private readonly images: RuntimesSettings,
    @Inject(settingsInForce) private readonly settings: readonly EffectiveSetting[],
  ) {}

  async read(): Promise<DescribedServer> {
    const [facts, storage, runtimes, engineVersion] = await Promise.all([
      this.facts.read(),
      this.sizes.read(),
      this.describeRuntimes(),
      this.engineHealth.version(),
    ]);
    return { facts, node: process.version, engineVersion, settings: this.settings, storage, runtimes };
  }

  private async describeRuntimes(): Promise<DescribedRuntime[]> {
    const described: DescribedRuntime[] = [];
    for (const name of runtimeNames) {
      const image = this.images[name];
      const { reachable, imagePresent } = await this.engineHealth.status(image);
      described.push({ name, image, state: imagePresent ? 'present' : reachable ? 'missing' : 'unknown' });
    }
    return described;
  }
}
