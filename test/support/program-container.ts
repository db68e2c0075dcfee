import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerId, ContainerOutput } from '../../src/container/engine/container-engine.js';
import {
  type ContainerResources,
  containerSpec,
  OwnFiles,
  type ProcessAllowance,
} from '../../src/container/container-spec.js';
import type { RuntimeProgram } from '../../src/runtimes/catalogue.js';
import { containerSettingsWith, plainResources } from './container-harness.js';
import type { TestEngine } from './test-engine.js';

export interface ProgramOrder {
  /** Of `test/support/`; runs where a function's worker would, and prints one line. */
  readonly program: string;
  readonly uid: number;
  /** The container's own; made if it is not there. */
  readonly runDirectory: string;
  readonly codeDirectory: string;
  /** For another container than a function's. */
  readonly allowance?: ProcessAllowance;
  readonly resources?: ContainerResources;
}

/** A container exactly as functions get theirs, with a test's program in it. */
export class ProgramContainer {
  private constructor(
    private readonly on: TestEngine,
    private readonly id: ContainerId,
    private readonly output: ContainerOutput,
    private readonly said: Promise<string>,
  ) {}

  static async start(order: ProgramOrder, on: TestEngine): Promise<ProgramContainer> {
    const { engine } = on;
    const id = await engine.create(await prepare(order, on.program));
    const saying: PromiseWithResolvers<string> = Promise.withResolvers();
    let text = '';
    const output = await engine.attach(id, (stream, bytes) => {
      text += bytes.toString();
      if (stream === 'stderr') saying.reject(new Error(text));
      if (text.endsWith('\n')) saying.resolve(text);
    });
    void output.ended.then(() => {
      saying.reject(new Error(`It ended and had said: ${text}`));
    });
    // Whoever asks hears of it.
    saying.promise.catch(() => undefined);
    await engine.start(id);
    return new ProgramContainer(on, id, output, saying.promise);
  }

  /** What its line says, as JSON. Rejects when it prints an error, or ends without a line. */
  async report(): Promise<unknown> {
    return JSON.parse(await this.said);
  }

  async remove(): Promise<void> {
    this.output.close();
    await this.on.engine.remove(this.id);
  }
}

async function prepare(order: ProgramOrder, image: RuntimeProgram) {
  const { program, uid, runDirectory, codeDirectory, allowance, resources = plainResources } = order;
  await mkdir(join(runDirectory, 'code'), { recursive: true });
  await chmod(runDirectory, 0o755);
  await copyFile(join(import.meta.dirname, program), join(runDirectory, 'program.mjs'));
  await new OwnFiles().write(runDirectory, uid);
  return containerSpec(
    {
      program: image,
      runDirectory,
      codeDirectory,
      token: 'token',
      resources,
      ...(allowance && { allowance }),
    },
    {
      name: `glambdar-test-${process.pid}-${uid}`,
      owner: { installation: `test-${process.pid}`, instance: 'test' },
      uid,
    },
    containerSettingsWith(),
  );
}
