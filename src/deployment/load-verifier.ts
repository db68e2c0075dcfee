import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import { refusedField } from '../common/input/read-fields.js';
import { shareOf, fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { EgressService } from '../egress/egress.service.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import { type LoadOutcome, loads, outcomeOfFailure, untried } from '../functions/load-outcomes.js';
import { leadsInside, parseEgressRule } from '../functions/settings/egress-rule.js';
import { haveSameSandboxes } from '../sandbox/pool/revisions.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import type { KeptShare } from './changer.js';
import { followUpWarnings } from './follow-up-warnings.js';

const insideReason =
  'leads nowhere: without its number a port of localhost is one of the function\'s own container. Name each port, as "127.0.0.1:5432".';

const noGvisor =
  'sandbox must be container on this server, which has no gVisor; its operator can install runsc, as docs/security.md tells';

/** One sentence for each entry of a function's setting `egress` that cannot be reached from this server. */
export async function egressWarnings(
  entries: readonly string[],
  egress: Pick<EgressService, 'whyUnreachable'>,
): Promise<string[]> {
  const reasons = await Promise.all(
    entries.map(async (entry) => {
      const rule = parseEgressRule(entry);
      if (rule?.kind !== 'host') return undefined;
      return leadsInside(rule) ? insideReason : egress.whyUnreachable(rule.host);
    }),
  );
  return entries.flatMap((entry, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [`The setting egress: "${entry}" ${reason}`];
  });
}

/** Loads a function, or its next revision, in a real container before any call reaches it. */
@Injectable()
export class LoadVerifier {
  /** The most that one function may keep ready. */
  readonly keptShare: KeptShare;

  constructor(
    @Inject(SandboxService)
    private readonly sandboxes: Pick<
      SandboxService,
      'budget' | 'canMake' | 'keepsReady' | 'provision' | 'abandon'
    >,
    @Inject(EgressService) private readonly egress: Pick<EgressService, 'whyUnreachable'>,
    @Inject(FunctionRegistry) private readonly functions: Pick<FunctionRegistry, 'find'>,
    @Inject(fairShareSettings.config.KEY) { functionPercent }: FairShareSettings,
    private readonly log: Log,
  ) {
    const { containers, memoryMiB } = sandboxes.budget;
    this.keptShare = {
      containers: shareOf(containers, functionPercent),
      memoryMiB: shareOf(memoryMiB, functionPercent),
    };
  }

  /**
   * Rejects with `INVALID_SETTINGS` when a change chooses a sandbox that this server cannot make. One that was chosen before
   * stays, so that other settings can be changed.
   */
  async requireSandbox(
    before: Pick<FunctionSettings, 'sandbox'> | undefined,
    { sandbox }: Pick<FunctionSettings, 'sandbox'>,
  ): Promise<void> {
    if (sandbox === before?.sandbox || (await this.sandboxes.canMake(sandbox))) return;
    throw refusedField('sandbox', noGvisor);
  }

  /** For a function that is recorded: a failure here does not undo that. Never rejects. */
  async tryOut(deployed: DeployedFunction): Promise<LoadOutcome> {
    try {
      await this.sandboxes.provision(deployed);
      return loads;
    } catch (error) {
      this.log.warn({ err: error, function: deployed.name }, 'nothing could be made ready ahead of calls');
      return outcomeOfFailure(error);
    }
  }

  /** Warnings about saved settings that cannot work on this server. Never rejects. */
  async settingsWarnings(subject: Pick<DeployedFunction, 'name' | 'settings'>): Promise<readonly string[]> {
    try {
      const ofEgress = await egressWarnings(subject.settings.egress, this.egress);
      return [...ofEgress, ...followUpWarnings(subject, this.functions)];
    } catch (error) {
      this.log.error({ err: error }, 'the check of saved settings failed');
      return [];
    }
  }

  /** Rejects with `CANDIDATE_NOT_LOADABLE`, or with the platform's fault when it cannot be verified; then nothing is kept. */
  async requireLoadable(candidate: DeployedFunction): Promise<LoadOutcome> {
    try {
      await this.sandboxes.provision(candidate);
      return loads;
    } catch (error) {
      this.abandon(candidate);
      throw refusalOf(error);
    }
  }

  /**
   * Provisions the successor if its predecessor was ready and it does not get what is ready, so that calls find it ready, or
   * if its predecessor did not load, since the change may fix it. Does not refuse what does not load. Never rejects.
   */
  async keepReady(predecessor: DeployedFunction, successor: DeployedFunction): Promise<LoadOutcome> {
    const isWanted =
      predecessor.loadFailure !== null ||
      (this.sandboxes.keepsReady(predecessor) && !haveSameSandboxes(predecessor, successor));
    return isWanted ? this.tryOut(successor) : untried;
  }

  /** The candidate did not become the function: removes what was provisioned for it. */
  abandon(candidate: DeployedFunction): void {
    this.sandboxes.abandon(candidate);
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof DomainError) || faultOf(error.code) !== 'function') return error;
  return new DomainError(
    'CANDIDATE_NOT_LOADABLE',
    `Nothing was changed: the code does not load. ${error.message}`,
    error.details,
    { cause: error },
  );
}
