import { FaultyRuntime, launchersOf, runtimeFaults } from '../../support/faulty-runtime.js';
import type { HostileServer } from '../server.js';
import type { Trial } from '../trial.js';
import { withServer } from '../with-server.js';
import { settingsOfFaults, survives } from './survives.js';

/** An OCI runtime that fails in each way, and a launcher that does. */
export async function withFaultyRuntime(trial: Trial, directory: string): Promise<void> {
  const runtime = new FaultyRuntime(directory);
  try {
    const settings = { ...settingsOfFaults, ...runtime.environment };
    await withServer(trial, { settings }, async (server) => {
      await server.client.deploy('fresh', `exports.handler = () => 'fresh';`);
      for (let round = 0; round < trial.count; round += 1) {
        for (const fault of runtimeFaults)
          await trial.case(`the runtime: ${fault}`, () =>
            survives(server, {
              begin: () => {
                runtime.fail(fault);
              },
              end: () => {
                runtime.fail('none');
              },
            }),
          );
        // A new launcher has no filter of system calls yet, so that the runtime is asked to compile one.
        for (const fault of ['fail', 'hang', 'garble'] as const)
          await trial.case(`the runtime, asked for a filter: ${fault}`, () =>
            survives(server, {
              begin: () => {
                runtime.fail(fault, 'create');
                signalLaunchers(server, 'SIGKILL');
              },
              end: () => {
                runtime.fail('none');
              },
            }),
          );
        await trial.case('the launcher is killed', () => survives(server, killedLauncher(server)));
        await trial.case('the launcher stands still', () => survives(server, stoppedLauncher(server)));
      }
    });
  } finally {
    runtime.remove();
  }
}

function killedLauncher(server: HostileServer) {
  return {
    begin: () => {
      signalLaunchers(server, 'SIGKILL');
    },
    end: () => undefined,
  };
}

function stoppedLauncher(server: HostileServer) {
  return {
    begin: () => {
      signalLaunchers(server, 'SIGSTOP');
    },
    end: () => {
      signalLaunchers(server, 'SIGCONT');
    },
  };
}

/** There must be one, or the trial would try nothing. */
function signalLaunchers({ pid }: HostileServer, signal: NodeJS.Signals): void {
  const launchers = launchersOf(pid);
  if (launchers.length === 0 && signal !== 'SIGCONT') throw new Error('There is no launcher.');
  for (const launcher of launchers) process.kill(launcher, signal);
}
