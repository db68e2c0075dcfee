import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessControl } from '../../auth/http/access-control.js';
import type { Wanted } from '../../auth/http/authorization.js';
import { RequestLimits } from '../../auth/rate-limits/request-limits.js';
import { callerOf, type Scope } from '../../common/auth/caller.js';
import { networkOf } from '../../common/network/host.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { FunctionSettings } from '../../functions/function.js';

/** What a key needs for a call. */
export const callScope = 'functions:invoke' satisfies Scope;

/** Lets calls in: everybody's where the function is public, and those with a key that may call it where it is not. */
@Injectable()
export class CallAccess {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly control: AccessControl,
    private readonly limits: RequestLimits,
  ) {}

  /** Undefined where there is no such function. */
  settingsOf(functionName: string): FunctionSettings | undefined {
    return this.functions.settingsOf(functionName);
  }

  /**
   * Throws `UNAUTHENTICATED`, `FORBIDDEN` or `RATE_LIMITED`. Who shows no key learns nothing of which functions there are,
   * but those that are public. `settings` are the function's now. Returns a promise only where the keys have to be read again.
   */
  admit(
    request: IncomingMessage,
    response: ServerResponse,
    functionName: string,
    settings: FunctionSettings | undefined,
  ): Promise<void> | undefined {
    const entering = this.enter(request, response, functionName, settings);
    if (entering)
      return entering.then(() => {
        this.limit(request, response, functionName, settings);
      });
    this.limit(request, response, functionName, settings);
    return undefined;
  }

  /**
   * A body may take long to arrive, and the function may have become another's or private meanwhile: whoever was let in only
   * because it was public is asked for a key then. Throws and returns as `admit` does.
   */
  admitAgain(
    request: IncomingMessage,
    response: ServerResponse,
    functionName: string,
  ): Promise<void> | undefined {
    const cameWithoutRight = callerOf(request).scopes.length === 0;
    if (!cameWithoutRight || this.settingsOf(functionName)?.access === 'public') return undefined;
    return this.control.admit(request, response, wantedFor(functionName));
  }

  private enter(
    request: IncomingMessage,
    response: ServerResponse,
    functionName: string,
    settings: FunctionSettings | undefined,
  ): Promise<void> | undefined {
    const wanted = wantedFor(functionName);
    return settings?.access === 'public'
      ? this.control.admitAnybody(request, response, wanted)
      : this.control.admit(request, response, wanted);
  }

  private limit(
    request: IncomingMessage,
    response: ServerResponse,
    functionName: string,
    settings: FunctionSettings | undefined,
  ): void {
    if (!settings) return;
    const { rateLimit } = settings;
    if (rateLimit.perAddress + rateLimit.total === 0) return;
    this.limits.takeCall(functionName, rateLimit, networkOf(callerOf(request).address), response);
  }
}

function wantedFor(functionName: string): Wanted {
  return { scope: callScope, functionName, isKeptByHandler: false };
}
