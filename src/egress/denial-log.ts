import type { Log } from '../common/log/log.js';
import type { EgressRequest } from '../ipc/protocol/egress.js';
import { destinationText, type EgressLimit, type EgressRefusal } from './egress-refusal.js';
import type { EgressCounters, EgressShares } from './egress-shares.js';
import { egressSettings } from './egress.settings.js';
import type { CutBy } from './relay.js';

/** Lines in the function's log about the connections of one container that were cut. */
const maxCutLines = 20;

export interface DenialLogParts {
  /** Already names the function and the container. */
  readonly log: Log;
  readonly counters: EgressCounters;
  readonly shares: EgressShares;
  readonly functionId: string;
  /** Writes a sentence to the function's own log. */
  readonly say: (sentence: string) => void;
}

/**
 * Records what one container asked for and did not get. The counters have everything; the server's log has it as long as
 * the function has its share of lines, and the function's log has what no error can tell its code.
 */
export class DenialLog {
  private readonly saidLimits = new Set<EgressLimit>();
  private cutLines = 0;
  private suppressed = 0;

  constructor(private readonly parts: DenialLogParts) {}

  refused(refusal: EgressRefusal, request: EgressRequest | undefined): void {
    const { counters, say } = this.parts;
    counters.refused[refusal.code] += 1;
    const { code, message: reason, limit } = refusal;
    this.warn('connection refused', { code, destination: destinationOf(request), reason });
    if (!limit) return;
    counters.limited[limit] += 1;
    // Code may swallow the error that says it; the function's author should find it all the same.
    if (!this.saidLimits.has(limit)) say(refusal.message);
    this.saidLimits.add(limit);
  }

  /** A function sees only that its connection ends. */
  cut(by: CutBy, request: EgressRequest): void {
    const { variable } = egressSettings.definitions[by];
    const destination = destinationOf(request);
    this.cutLines += 1;
    if (this.cutLines <= maxCutLines)
      this.parts.say(`A connection to ${destination} was cut, as ${variable} asks for.`);
    this.warn('connection cut', { destination, setting: variable });
  }

  /** Something of the server's own failed. */
  failed(err: unknown, message: string): void {
    if (this.mayLog()) this.parts.log.error({ err }, message);
  }

  /** Says how much was not logged. */
  close(): void {
    if (this.suppressed === 0) return;
    this.parts.log.warn({ suppressed: this.suppressed }, 'more was refused or cut than was logged');
  }

  private warn(message: string, fields: Readonly<Record<string, string | undefined>>): void {
    if (this.mayLog()) this.parts.log.warn(fields, message);
  }

  /** Whether the function has not used up its share of lines in the server's log. */
  private mayLog(): boolean {
    const { shares, functionId } = this.parts;
    const mayLog = !shares.logLines.isSpent(functionId);
    if (mayLog) shares.logLines.spend(functionId);
    else this.suppressed += 1;
    return mayLog;
  }
}

function destinationOf(request: EgressRequest | undefined): string | undefined {
  if (!request) return undefined;
  return destinationText(request.host, request.kind === 'connect' ? request.port : undefined);
}
