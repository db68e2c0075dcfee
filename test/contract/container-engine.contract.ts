import type {
  ContainerEngine,
  ContainerId,
  ContainerOutput,
  ContainerProgram,
  ContainerSpec,
} from '../../src/container/engine/container-engine.js';
import { processLimit } from '../../src/container/engine/process-limit.js';
import { sandboxPolicy } from '../../src/container/engine/sandbox-policy.js';

/** By this much a kernel of the container's own may tell more than the machine's: it counts in ticks of 10 ms. */
const ticksMs = 50;

/**
 * What the process of a container does; each adapter knows how to make one do it. `burn-cpu` and `lose-child-to-memory`
 * print when they have, and then sleep. `print-when-told` prints a line at once, and so many bytes when it is told to.
 */
export type Behaviour =
  | { readonly kind: 'print'; readonly stdout: string; readonly stderr: string; readonly exitCode: number }
  | { readonly kind: 'print-when-told'; readonly bytes: number; readonly exitCode: number }
  | { readonly kind: 'sleep' }
  | { readonly kind: 'exceed-memory' }
  | { readonly kind: 'lose-child-to-memory' }
  | { readonly kind: 'burn-cpu'; readonly cpuMs: number };

/** One adapter with a directory for its containers. */
export interface ContractSubject {
  readonly engine: ContainerEngine;
  /** Does what the run directory says. */
  readonly program: ContainerProgram;
  /** One that it has. */
  readonly ociRuntime: string;
  /** A run directory whose container will behave so. */
  directoryFor(behaviour: Behaviour): Promise<string>;
  /** To the container with that run directory, if it waits to be told. */
  tell(runDirectory: string): Promise<void>;
  /** An engine of the same kind that nobody answers for. */
  unreachable(): ContainerEngine;
  close(): Promise<void>;
}

/** What not every engine can do. */
export interface EngineAbilities {
  /**
   * Whether a container runs on when the kernel kills one of its processes for memory. To the kernel, a container with a
   * kernel of its own is a single process: it ends as a whole, whichever of its processes was too large.
   */
  readonly survivesLostChild: boolean;
}

/** What the containers of this process belong to. */
const owner = { installation: `contract-${process.pid}`, instance: 'c0ffee' };
const bytesPerMiB = 1024 * 1024;

/** What every adapter of `ContainerEngine` must do. Leaves no container behind. */
export function containerEngineContract(
  name: string,
  open: () => Promise<ContractSubject>,
  { survivesLostChild }: EngineAbilities = { survivesLostChild: true },
): void {
  describe(`${name} as a ContainerEngine`, () => {
    let subject: ContractSubject;
    let engine: ContainerEngine;
    let counter = 0;

    beforeEach(async () => {
      subject = await open();
      engine = subject.engine;
    });

    afterEach(async () => {
      for (const { id } of await engine.listOwned(owner.installation)) await engine.remove(id);
      await subject.close();
    });

    async function specFor(
      behaviour: Behaviour,
      changes: Partial<ContainerSpec> = {},
    ): Promise<ContainerSpec> {
      return { ...specIn(await subject.directoryFor(behaviour)), ...changes };
    }

    function specIn(runDirectory: string): ContainerSpec {
      counter += 1;
      return {
        name: `glambdar-contract-${process.pid}-${counter}`,
        owner,
        program: subject.program,
        policy: sandboxPolicy({
          userId: 200_000 + counter,
          memoryBytes: 128 * bytesPerMiB,
          cpuMillis: 1000,
          processes: processLimit(subject.ociRuntime, 64),
          openFiles: 1024,
          tmpBytes: 16 * bytesPerMiB,
          tmpPrograms: false,
          runDirectory,
          codeDirectory: undefined,
        }),
        ociRuntime: undefined,
      };
    }

    interface Running {
      readonly id: ContainerId;
      readonly directory: string;
      readonly output: ContainerOutput;
      readonly printed: { stdout: string; stderr: string };
      readonly firstPrinted: Promise<void>;
    }

    async function run(behaviour: Behaviour): Promise<Running> {
      const printed = { stdout: '', stderr: '' };
      const directory = await subject.directoryFor(behaviour);
      const id = await engine.create(specIn(directory));
      let onPrinted: () => void = () => undefined;
      const firstPrinted = new Promise<void>((resolve) => (onPrinted = resolve));
      const output = await engine.attach(id, (stream, bytes) => {
        printed[stream] += bytes.toString();
        onPrinted();
      });
      await engine.start(id);
      return { id, directory, output, printed, firstPrinted };
    }

    const never = new AbortController().signal;

    it('answers a ping', async () => {
      await expect(engine.ping()).resolves.toBeUndefined();
    });

    it('says which engine it is, and of what version', async () => {
      await expect(engine.version()).resolves.toMatch(/^[A-Z]?[a-z]+( Engine)? \d+(\.\d+)+/);
    });

    it('knows which images it has', async () => {
      await expect(engine.hasImage(subject.program.image)).resolves.toBe(true);
      await expect(engine.hasImage('glambdar-contract:not-there')).resolves.toBe(false);
    });

    it('knows which OCI runtimes it has', async () => {
      await expect(engine.hasOciRuntime(subject.ociRuntime)).resolves.toBe(true);
      await expect(engine.hasOciRuntime('not-there')).resolves.toBe(false);
      await expect(engine.hasOciRuntime('__proto__')).resolves.toBe(false);
    });

    it('gives what a container prints, each stream its own, and says when that ends', async () => {
      const { output, printed } = await run({ kind: 'print', stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
      await output.ended;
      expect(printed).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    });

    it('gives the exit code of a container that ended', async () => {
      const { id, output } = await run({ kind: 'print', stdout: '', stderr: '', exitCode: 7 });
      await output.ended;
      await expect(engine.wait(id, never)).resolves.toEqual({ exitCode: 7, outOfMemory: false });
    });

    it('waits for a container that runs on until the caller gives up', async () => {
      const { id } = await run({ kind: 'sleep' });
      const giveUp = new AbortController();
      const waiting = engine.wait(id, giveUp.signal);
      giveUp.abort();
      await expect(waiting).rejects.toMatchObject({ name: 'EngineError', kind: 'timeout' });
    });

    it('says when a container has ended by itself', async () => {
      const { id } = await run({ kind: 'print', stdout: '', stderr: '', exitCode: 0 });
      await expect(engine.ended(id, never)).resolves.toBeUndefined();
      await engine.remove(id);
    });

    it('waits for the end of a container that runs on until the caller gives up', async () => {
      const { id } = await run({ kind: 'sleep' });
      const giveUp = new AbortController();
      const ending = engine.ended(id, giveUp.signal);
      giveUp.abort();
      await expect(ending).rejects.toMatchObject({ name: 'EngineError', kind: 'timeout' });
    });

    it('says when the kernel ended a container for memory', async () => {
      const { id, output } = await run({ kind: 'exceed-memory' });
      await output.ended;
      await expect(engine.wait(id, never)).resolves.toEqual({ exitCode: 137, outOfMemory: true });
    });

    it('measures the processor time of a running container', async () => {
      const { id, firstPrinted } = await run({ kind: 'burn-cpu', cpuMs: 200 + ticksMs });
      await firstPrinted;
      await expect(engine.cpuTimeMs(id)).resolves.toBeGreaterThanOrEqual(200);
    });

    it('tells what a running container has used, where the kernel can be asked', async () => {
      const { id, firstPrinted } = await run({ kind: 'burn-cpu', cpuMs: 200 + ticksMs });
      await firstPrinted;
      const { memoryPeakBytes, cpuTimeMs } = await engine.usage(id);
      if (cpuTimeMs !== null) expect(cpuTimeMs).toBeGreaterThanOrEqual(200);
      if (memoryPeakBytes !== null) expect(memoryPeakBytes).toBeGreaterThanOrEqual(0);
    });

    it('counts the processes and threads of a running container, where the kernel can be asked', async () => {
      const { id, firstPrinted } = await run({ kind: 'burn-cpu', cpuMs: 1 });
      await firstPrinted;
      const processes = await engine.processes(id);
      if (processes !== null) expect(processes).toBeGreaterThan(1);
    });

    if (survivesLostChild) {
      it('counts what the kernel killed for memory in a container that runs on, where it can be asked', async () => {
        const { id, firstPrinted } = await run({ kind: 'lose-child-to-memory' });
        await firstPrinted;
        const kills = await engine.memoryKills(id);
        if (kills !== null) expect(kills as number).toBeGreaterThanOrEqual(1);
      });
    } else {
      it('says that the kernel ended a container for memory when only a child took too much', async () => {
        const { id, output } = await run({ kind: 'lose-child-to-memory' });
        await output.ended;
        await expect(engine.wait(id, never)).resolves.toEqual({ exitCode: 137, outOfMemory: true });
      });
    }

    it('counts no kill for memory where there was none', async () => {
      const { id } = await run({ kind: 'sleep' });
      expect([0, null]).toContain(await engine.memoryKills(id));
    });

    it('knows nothing of a removed container', async () => {
      const { id } = await run({ kind: 'sleep' });
      await engine.remove(id);
      await expect(engine.usage(id)).resolves.toEqual({ memoryPeakBytes: null, cpuTimeMs: null });
      await expect(engine.processes(id)).resolves.toBeNull();
      expect([null, 'gone']).toContain(await engine.memoryKills(id));
    });

    it('settles the output when it is closed, while the container runs on', async () => {
      const { output } = await run({ kind: 'sleep' });
      output.close();
      await expect(output.ended).resolves.toBeUndefined();
    });

    it('lets a container print on after its output was closed, more than any buffer holds', async () => {
      const behaviour = { kind: 'print-when-told', bytes: 4 * bytesPerMiB, exitCode: 7 } as const;
      const { id, directory, output, printed, firstPrinted } = await run(behaviour);
      await firstPrinted;
      output.close();
      const { stdout } = printed;
      await subject.tell(directory);
      await expect(engine.wait(id, never)).resolves.toEqual({ exitCode: 7, outOfMemory: false });
      expect(printed.stdout).toBe(stdout);
    });

    it('removes a running container by its id, which ends its output', async () => {
      const { id, output } = await run({ kind: 'sleep' });
      await engine.remove(id);
      await output.ended;
      await expect(engine.listOwned(owner.installation)).resolves.toEqual([]);
    });

    it('removes a created container by its name', async () => {
      const spec = await specFor({ kind: 'sleep' });
      await engine.create(spec);
      await engine.remove(spec.name);
      await expect(engine.listOwned(owner.installation)).resolves.toEqual([]);
    });

    it('takes a container that does not exist for removed', async () => {
      await expect(engine.remove('glambdar-contract-nobody')).resolves.toBeUndefined();
    });

    it('lists the containers of an installation, whichever instance made them, and no others', async () => {
      const mine = { ...owner, instance: 'mine' };
      const [spec, earlier] = [
        await specFor({ kind: 'sleep' }, { owner: mine }),
        await specFor({ kind: 'sleep' }),
      ];
      const stranger = { ...owner, installation: `${owner.installation}-stranger` };
      const strange = await engine.create(await specFor({ kind: 'sleep' }, { owner: stranger }));
      const ids = [await engine.create(spec), await engine.create(earlier)];
      const owned = await engine.listOwned(owner.installation);
      await engine.remove(strange);
      expect(new Set(owned)).toEqual(
        new Set([
          { id: ids[0], name: spec.name },
          { id: ids[1], name: earlier.name },
        ]),
      );
    });

    it('refuses a name that is taken as a conflict', async () => {
      const spec = await specFor({ kind: 'sleep' });
      await engine.create(spec);
      await expect(engine.create(spec)).rejects.toMatchObject({ name: 'EngineError', kind: 'conflict' });
    });

    it('says that the image is missing', async () => {
      const program = { ...subject.program, image: 'glambdar-contract:not-there' };
      const spec = await specFor({ kind: 'sleep' }, { program });
      await expect(engine.create(spec)).rejects.toMatchObject({ name: 'EngineError', kind: 'image-missing' });
    });

    it('says of a removed container that it is gone', async () => {
      const id = await engine.create(await specFor({ kind: 'sleep' }));
      await engine.remove(id);
      const gone = { name: 'EngineError', kind: 'gone' };
      await expect(engine.start(id)).rejects.toMatchObject(gone);
      await expect(engine.attach(id, () => undefined)).rejects.toMatchObject(gone);
      await expect(engine.wait(id, never)).rejects.toMatchObject(gone);
      await expect(engine.ended(id, never)).rejects.toMatchObject(gone);
    });

    it('says that nobody answers', async () => {
      const unreachable = { name: 'EngineError', kind: 'unreachable' };
      await expect(subject.unreachable().ping()).rejects.toMatchObject(unreachable);
      await expect(subject.unreachable().listOwned(owner.installation)).rejects.toMatchObject(unreachable);
    });
  });
}
