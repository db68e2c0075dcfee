/** Publishes a folder each time something in it is saved, until Ctrl-C. */
import type { DeploymentResponse } from '@glambdar/client';
import { once } from 'node:events';
import { realpath, stat } from 'node:fs/promises';
import type { Server } from '../api/server.js';
import type { Context } from '../context.js';
import { deployOnce, type DeployOnce } from '../deploying/deploy-once.js';
import { callUrl, deployedView } from '../deploying/deployment-view.js';
import { CommandError, Interrupted, usageError } from '../errors/command-error.js';
import { followLog } from '../logs/follow-log.js';
import { changesView, showAdvice } from '../settings/changes.js';
import { milliseconds } from '../terminal/quantities.js';
import { Republisher } from './republisher.js';
import { watchFolder } from './watch-folder.js';

/** What the code prints while it is loaded the first time is to be seen, too; by the server's clock. */
const sinceFirst = '1s';

export async function republish(
  deployment: DeployOnce,
  server: Server,
  context: Context,
  { isLogShown }: { readonly isLogShown: boolean },
): Promise<void> {
  const { interrupted } = context.host;
  const folder = await folderOf(deployment.source);
  const session = new Session({ ...deployment, source: folder }, server, context, isLogShown);
  const republisher = new Republisher(() => session.publish(), interrupted);
  const watching = await watchFolder(folder, republisher.changed);
  try {
    republisher.changed();
    const ctrlC = interrupted.aborted ? Promise.resolve() : once(interrupted, 'abort');
    const failure = await Promise.race([
      watching.failed,
      session.failed,
      ctrlC.then(() => new Interrupted()),
    ]);
    throw failure;
  } finally {
    await watching.stop();
    await republisher.rest();
  }
}

async function folderOf(source: string): Promise<string> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory() === true) return realpath(source);
  throw usageError(`${source} is not a folder that can be read.`, 'A zip has nothing to watch.');
}

class Session {
  /** Resolves to what makes it pointless to go on. */
  readonly failed: Promise<unknown>;
  private fail: (error: unknown) => void = () => undefined;
  private version: number | undefined;

  constructor(
    private readonly deployment: DeployOnce,
    private readonly server: Server,
    private readonly context: Context,
    private readonly isLogShown: boolean,
  ) {
    this.failed = new Promise((resolve) => {
      this.fail = resolve;
    });
  }

  /** A save that cannot be published is told, and the version before goes on. */
  async publish(): Promise<void> {
    const { printer, host } = this.context;
    const startedAt = performance.now();
    const progress = {
      update: () => undefined,
      line: (text: string) => {
        printer.remark(text);
      },
    };
    try {
      const deployed = await deployOnce(this.deployment, this.server, host.interrupted, progress);
      showAdvice(printer, deployed);
      await this.report(deployed, performance.now() - startedAt);
    } catch (error) {
      await this.reportFailure(error);
    }
  }

  private async report(deployed: DeploymentResponse, tookMs: number): Promise<void> {
    const { printer } = this.context;
    const url = callUrl(this.server, deployed.function);
    const isFirst = this.version === undefined;
    this.version = deployed.version;
    const view = isFirst
      ? deployedView(deployed, url)
      : changesView(
          `version ${deployed.version} serves, published in ${milliseconds(tookMs) ?? ''}`,
          deployed.changes ?? [],
        );
    await printer.item({ event: 'published', ...deployed, url, milliseconds: Math.round(tookMs) }, view);
    if (!isFirst) return;
    printer.remark('Each save is published. Ctrl-C ends it.');
    if (this.isLogShown)
      followLog(this.server, deployed.function, { since: sinceFirst }, this.context).catch(this.fail);
  }

  private async reportFailure(error: unknown): Promise<void> {
    const { printer, host } = this.context;
    if (host.interrupted.aborted) return;
    // Without a server there is nothing to go on with, and a bug is to be seen.
    const isFirst = this.version === undefined;
    const isFinal =
      error instanceof CommandError && ['unreachable', 'notAllowed', 'usage'].includes(error.exit);
    if (!(error instanceof CommandError) || (isFirst && isFinal)) {
      this.fail(error);
      return;
    }
    const goesOn = isFirst ? [] : [`Version ${this.version} goes on.`];
    const message = [error.message, ...(error.hint === undefined ? [] : [error.hint]), ...goesOn].join('\n');
    if (this.context.isJson)
      await printer.item({ event: 'failed', message: error.message, version: this.version ?? null }, nothing);
    printer.fail(message);
  }
}

const nothing = { onTerminal: () => '', inPipe: () => '' };
