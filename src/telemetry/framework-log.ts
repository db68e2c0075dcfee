import type { LoggerService } from '@nestjs/common';
import type { Log } from '../common/log/log.js';

/** These speak when the application cannot start or listen. They throw the error on, and whoever starts the server says it. */
const startFailures = new Set(['ExceptionHandler', 'NestApplication']);

/** Leads the framework's own lines into ours. Its ordinary ones are about its insides, so they are for debugging. */
export class FrameworkLog implements LoggerService {
  constructor(private readonly lines: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.lines.debug(contextOf(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.lines.debug(contextOf(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.lines.debug(contextOf(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.lines.warn(contextOf(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.writeError(message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.writeError(message, rest);
  }

  private writeError(message: unknown, rest: unknown[]): void {
    const err = message instanceof Error ? message : undefined;
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n'));
    const context = contextOf(rest);
    const level = startFailures.has(context.context ?? '') ? 'debug' : 'error';
    this.lines[level]({ ...context, ...(err ? { err } : { stack }) }, err?.message ?? String(message));
  }
}

/** The framework passes the name of the class that speaks as the last argument. */
function contextOf(rest: unknown[]): { context?: string } {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? { context: last } : {};
}
