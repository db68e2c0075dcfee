import { join } from 'node:path';
import { maxBuildMessageLength } from '../src/builds/protocol/limits.js';
import type { BuilderStep, BuildFacts, BuildMessage } from '../src/builds/protocol/messages.js';
import { newFiles } from './archive/new-files.js';
import { sendArchive } from './archive/send-archive.js';
import { BuildLog } from './build-log.js';
import { copySource } from './copy-source.js';
import type { HostConnection } from './host-connection.js';
import { stepFailureOf } from './step-failure.js';

export interface BuildPlace {
  /** The upload, which can only be read. */
  readonly source: string;
  /** The only directory that can be written to. */
  readonly work: string;
  /** The socket that leads to the host's egress proxy. */
  readonly egressPath: string;
}

/** One build: the steps that the host asks for, one after the other. */
export class Build {
  private readonly log: BuildLog;
  private step: BuilderStep;

  constructor(
    private readonly connection: HostConnection,
    private readonly place: BuildPlace,
    private readonly order: BuildMessage,
  ) {
    this.log = new BuildLog((message) => connection.send(message));
    this.step = order.install ? 'install' : 'bundle';
  }

  /** Resolves when the host knows how it went. */
  async run(): Promise<void> {
    try {
      const facts = await this.steps();
      await this.log.end();
      await this.connection.send({ type: 'done', facts });
    } catch (error) {
      await this.log.end();
      const { step, exitCode, message } = stepFailureOf(this.step, error);
      const short = message.slice(0, maxBuildMessageLength);
      await this.connection.send({ type: 'failed', step, exitCode, message: short });
    }
  }

  private async steps(): Promise<BuildFacts> {
    const { install: installOrder, bundle: bundleOrder, limits } = this.order;
    const { source, work, egressPath } = this.place;
    const project = join(work, 'project');
    const uploaded = await copySource(source, project);
    let packages = 0;
    if (installOrder) {
      await this.begin('install');
      const { install } = await import('./install/install.js');
      const place = { source, project, home: join(work, 'npm'), egressPath };
      packages = await install(installOrder, limits, place, this.log);
    }
    if (bundleOrder) {
      await this.begin('bundle');
      const { bundle } = await import('./bundle/bundle.js');
      await bundle(bundleOrder, project, this.log);
    }
    await this.begin('pack');
    return { packages, ...(await this.pack(project, uploaded)) };
  }

  private async begin(step: BuilderStep): Promise<void> {
    this.step = step;
    await this.connection.send({ type: 'step', step });
  }

  private async pack(
    project: string,
    uploaded: ReadonlySet<string>,
  ): Promise<Pick<BuildFacts, 'files' | 'bytes'>> {
    const { files, skippedLinks } = await newFiles(project, uploaded);
    for (const path of skippedLinks)
      await this.log.say(`Left out: ${path}, a link that leads nowhere in the code.`);
    const { archiveBytes } = this.order.limits;
    const bytes = await sendArchive(files, archiveBytes, (chunk) => this.connection.sendChunk(chunk));
    return { files: files.length, bytes };
  }
}
