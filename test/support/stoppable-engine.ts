import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProxy } from './docker-engine.js';
import { isOci } from './engine.js';
import { launchersOf } from './faulty-runtime.js';

/** An engine that a test takes away from a server and gives back. */
export interface StoppableEngine {
  /** What a server needs to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the containers of calls live on without it. */
  readonly outlivedByContainers: boolean;
  bringUp(): Promise<void>;
  /** As when its process ends, and no other can be started. */
  takeDown(serverPid?: number): void;
}

/** Down until it is brought up. */
export function stoppableEngine(directory: string): StoppableEngine {
  return isOci ? new StoppableLauncher(directory) : new StoppableDaemon(directory);
}

class StoppableDaemon implements StoppableEngine {
  readonly outlivedByContainers = true;
  private readonly proxy: EngineProxy;

  constructor(directory: string) {
    this.proxy = new EngineProxy(join(directory, 'engine.sock'));
  }

  get environment() {
    return { GLAMBDAR_DOCKER_SOCKET: this.proxy.socketPath };
  }

  bringUp(): Promise<void> {
    return this.proxy.bringUp();
  }

  takeDown(): void {
    this.proxy.takeDown();
  }
}

/** What is first in the command that starts a launcher. */
const firstProgram = 'setpriv';

/** The launcher of a server, which the kernel ends together with its containers. */
class StoppableLauncher implements StoppableEngine {
  readonly outlivedByContainers = false;
  private readonly programs: string;

  constructor(directory: string) {
    this.programs = join(directory, 'programs');
    this.takeDown();
  }

  get environment() {
    return { PATH: `${this.programs}:${process.env['PATH'] ?? ''}` };
  }

  bringUp(): Promise<void> {
    rmSync(this.programs, { recursive: true });
    return Promise.resolve();
  }

  takeDown(serverPid?: number): void {
    if (existsSync(this.programs)) return;
    mkdirSync(this.programs);
    const program = join(this.programs, firstProgram);
    writeFileSync(program, '#!/bin/sh\nexit 1\n');
    chmodSync(program, 0o755);
    const launchers = serverPid === undefined ? [] : launchersOf(serverPid);
    for (const launcher of launchers) process.kill(launcher, 'SIGKILL');
  }
}
