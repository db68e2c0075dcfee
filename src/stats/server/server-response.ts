import { ApiProperty } from '../../common/openapi/documentation.js';
import { defaultRuntime, runtimeNames } from '../../runtimes/runtime.js';
import { Disk } from '../disk.js';
import { DescribedEngine } from '../engine-state.js';
import { type EffectiveSetting, settingSources } from './effective-setting.js';
import {
  type DescribedRuntime,
  type DescribedServer,
  type ImageState,
  imageStates,
} from './server-description.js';
import { storedKinds, type StoredSize } from './storage-sizes.js';

/** One setting of the server. */
class SettingResponse {
  @ApiProperty({ description: 'Its environment variable.', example: 'GLAMBDAR_PORT' })
  readonly name: string;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'integer' }, { type: 'boolean' }, { type: 'null' }],
    description: 'In force now. Null if it is a secret or a path of the machine.',
    example: 8000,
  })
  readonly value: EffectiveSetting['value'];

  @ApiProperty({ description: 'Its value is shown to nobody.', example: false })
  readonly confidential: boolean;

  @ApiProperty({ enum: settingSources, example: 'default' })
  readonly source: EffectiveSetting['source'];

  @ApiProperty({ example: 'Port to listen on; 0 chooses a free one.' })
  readonly description: string;

  constructor({ name, value, isConfidential, source, description }: EffectiveSetting) {
    this.name = name;
    this.value = value;
    this.confidential = isConfidential;
    this.source = source;
    this.description = description;
  }
}

/** What one kind of the server's files takes on the disk. */
class StorageResponse {
  @ApiProperty({
    enum: storedKinds,
    description:
      '`code`: versions of functions. `staging`: uploads that are being received or unpacked. `databases`: functions, keys, audit log, logs and invocations.',
    example: 'code',
  })
  readonly what: StoredSize['what'];

  @ApiProperty({ type: 'integer', example: 1_048_576 })
  readonly bytes: number;

  @ApiProperty({
    description: 'There were too many files to look at all of them, so it is at least `bytes`.',
    example: false,
  })
  readonly atLeast: boolean;

  constructor({ what, bytes, isAtLeast }: StoredSize) {
    this.what = what;
    this.bytes = bytes;
    this.atLeast = isAtLeast;
  }
}

/** One runtime and the image that it needs. */
class RuntimeResponse {
  @ApiProperty({ enum: [...runtimeNames], example: defaultRuntime })
  readonly name: string;

  @ApiProperty({ example: 'glambdar-worker' })
  readonly image: string;

  @ApiProperty({
    enum: imageStates,
    description: '`missing`: the engine does not have it. `unknown`: the engine does not answer.',
    example: 'present',
  })
  readonly state: ImageState;

  constructor({ name, image, state }: DescribedRuntime) {
    this.name = name;
    this.image = image;
    this.state = state;
  }
}

export class ServerResponse {
  @ApiProperty({ example: '0.1.0' })
  readonly version: string;

  @ApiProperty({ description: 'The Node.js that the server runs on.', example: 'v24.0.0' })
  readonly node: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T08:00:00.000Z' })
  readonly startedAt: string;

  @ApiProperty({ type: [SettingResponse], description: 'docs/configuration.md lists the same ones.' })
  readonly settings: readonly SettingResponse[];

  @ApiProperty({ type: [StorageResponse], description: 'Measured at most once a minute.' })
  readonly storage: readonly StorageResponse[];

  @ApiProperty({ type: Disk, nullable: true, description: 'Null if it cannot be read.' })
  readonly disk: Disk | null;

  @ApiProperty()
  readonly engine: DescribedEngine;

  @ApiProperty({ type: [RuntimeResponse] })
  readonly runtimes: readonly RuntimeResponse[];

  constructor({ facts, node, engineVersion, settings, storage, runtimes }: DescribedServer) {
    this.version = facts.version;
    this.node = node;
    this.startedAt = facts.startedAt.toISOString();
    this.settings = settings.map((setting) => new SettingResponse(setting));
    this.storage = storage.map((size) => new StorageResponse(size));
    this.disk = facts.disk;
    this.engine = new DescribedEngine(facts.isEngineUp, engineVersion);
    this.runtimes = runtimes.map((runtime) => new RuntimeResponse(runtime));
  }
}
