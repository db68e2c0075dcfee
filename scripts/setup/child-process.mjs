/** Programs that the scripts run: signals reach whichever runs, and none is left behind. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import os from 'node:os';
import { SetupError } from './script.mjs';
import { childEnvironment, PROJECT_DIRECTORY } from './project.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const EVIDENCE_LENGTH = 8_192;

/** True once a signal came: the running child has been told, and nothing further begins. */
let interrupted = false;

/** @throws {SetupError} once a signal came */
export function refuseIfInterrupted() {
  if (interrupted) throw new SetupError('Interrupted.');
}

/** From here on a signal ends the work in hand instead of this process: for scripts that have something to put back. */
export function outliveSignals() {
  for (const signal of SIGNALS) process.on(signal, () => (interrupted = true));
}

/**
 * Passes the signals that this process gets on to a child while it lives, so that ending the script ends its work, and
 * the script itself lives on to clean up.
 * @template T
 * @param {ChildProcess} child
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSignalsTo(child, work) {
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}

/**
 * Does the work with a directory that is removed afterwards, also when a signal ends this process meanwhile.
 * @template T
 * @param {string} directory
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTemporary(directory, work) {
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(128 + os.constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Resolves to a child's exit code; as in a shell, 128 and the signal's number for one that a signal ended.
 * @param {ChildProcess} child
 * @returns {Promise<number>}
 */
export function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
    });
  });
}

/**
 * Runs a program in the foreground, on this process's own terminal, and resolves to its exit code.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 */
export async function runInForeground(program, args, environment = {}) {
  refuseIfInterrupted();
  const child = spawn(program, args, {
    cwd: PROJECT_DIRECTORY,
    env: childEnvironment(environment),
    stdio: 'inherit',
  });
  return withSignalsTo(child, () => exitCodeOf(child));
}

/**
 * Ends a script by becoming another program, which then gets every signal itself and needs no process that waits for
 * it. A Node.js before 22.15 cannot do that: it runs the program in the foreground and resolves to its exit code.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export async function becomeProgram(program, args, environment) {
  if (typeof process.execve !== 'function') return runInForeground(program, args, environment);
  process.chdir(PROJECT_DIRECTORY);
  return process.execve(program, [program, ...args], childEnvironment(environment));
}

/**
 * Runs a program to its end and resolves to its exit code and the end of what it printed. It gets no input, so that
 * nothing can stop to ask.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export async function runCaptured(program, args, environment = {}) {
  refuseIfInterrupted();
  const child = spawn(program, args, {
    cwd: PROJECT_DIRECTORY,
    env: childEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output = (output + text).slice(-EVIDENCE_LENGTH);
    });
  }
  const exitCode = await withSignalsTo(child, () => exitCodeOf(child));
  return { exitCode, output };
}

/**
 * Runs a program that has to succeed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @throws {SetupError} with the end of what it printed
 */
export async function runToSuccess(program, args, environment = {}) {
  const { exitCode, output } = await runCaptured(program, args, environment);
  if (exitCode !== 0)
    throw new SetupError(`\`${[program, ...args].join(' ')}\` failed with code ${exitCode}.`, output);
}
