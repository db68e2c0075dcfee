import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { BindPolicy } from '../auth/http/bind-policy.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { problemsIn, readEnvironment } from '../common/settings/settings.js';
import { Clock } from '../common/time/clock.js';
import { serverUrl } from '../http/http-adapter.js';
import { createApp } from './create-app.js';
import { Lifecycle } from './lifecycle.js';
import { partsOf } from './parts.js';
import { settingsGroups } from './settings-groups.js';
import { banner, startFailure } from './start-messages.js';

/** The command was used wrongly: its configuration (sysexits.h). */
const exitConfiguration = 78;

async function main(): Promise<void> {
  // No other user may read what the server writes: functions' code and secrets are among it.
  process.umask(0o077);
  const problems = problemsIn(settingsGroups, readEnvironment());
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n`);
    process.exitCode = exitConfiguration;
    return;
  }
  const app = await createApp();
  const log = app.get(Log);
  const lifecycle = new Lifecycle(partsOf(app), app.get(Clock), log);
  endBySignal(lifecycle, log);
  endByDefect(log);
  if (await lifecycle.start()) announce(app);
}

function announce(app: NestExpressApplication): void {
  const url = serverUrl(app.getHttpServer().address() as AddressInfo);
  const { directory } = app.get(Installation);
  app.get(Log).info({ url, directory, node: process.version }, 'listening');
  // Standard output belongs to the log.
  process.stderr.write(banner(url, directory, app.get(BindPolicy).isOpen));
}

/** A Ctrl-C under `npm start` arrives twice, from the terminal and from npm; only a later one counts as a second request. */
const sameSignalMs = 1000;

/** The first signal stops the server gracefully, also while it starts; the second ends it at once. */
function endBySignal(lifecycle: Lifecycle, log: Log): void {
  let endingSinceMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const nowMs = performance.now();
    if (endingSinceMs !== undefined && nowMs - endingSinceMs > sameSignalMs) process.exit(1);
    if (endingSinceMs !== undefined) return;
    endingSinceMs = nowMs;
    log.info({ signal }, 'shutting down');
    void lifecycle.stop().then((isInOrder) => {
      if (isInOrder) log.info({}, 'shut down');
      else log.error({}, 'could not shut down cleanly');
      process.exit(isInOrder ? 0 : 1);
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** After an uncaught error the state of the process is unknown. */
function endByDefect(log: Log): void {
  const onDefect = (err: unknown) => {
    log.error({ err }, 'an unexpected error ended the server');
    process.exit(1);
  };
  process.on('unhandledRejection', onDefect).on('uncaughtException', onDefect);
}

main().catch((error: unknown) => {
  console.error(startFailure(error));
  process.exit(1);
});
