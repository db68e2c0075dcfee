import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessControl } from '../../auth/http/access-control.js';
import type { Wanted } from '../../auth/http/authorization.js';
import { EntryChecks } from '../../auth/http/entry-checks.js';
import type { Scope } from '../../common/auth/caller.js';
import { type LimitedHttpAdapter, limitSending } from '../../http/http-adapter.js';
import { httpSettings, type HttpSettings } from '../../http/http.settings.js';
import { ProblemResponse } from '../../http/problem-response.js';
import { asDomainError } from '../../http/problem.js';
import { type CallTarget, callTargetOf, HttpCalls } from './http-calls.js';

/** What a key needs for a call. */
export const callScope = 'functions:invoke' satisfies Scope;

/**
 * Owns everything below `/invoke`: requests for calls come to it from the HTTP server, past Express and the framework,
 * which together took a sixth of the server's time for a call. What the framework asks of every other request is asked
 * here of a call, in the same order.
 */
@Injectable()
export class Gateway implements OnModuleInit {
  constructor(
    private readonly server: HttpAdapterHost<LimitedHttpAdapter>,
    private readonly checks: EntryChecks,
    private readonly access: AccessControl,
    private readonly calls: HttpCalls,
    private readonly problems: ProblemResponse,
    @Inject(httpSettings.config.KEY) private readonly settings: HttpSettings,
  ) {}

  onModuleInit(): void {
    this.server.httpAdapter.serveDirectly((request, response) => {
      const target = callTargetOf(request.url ?? '');
      if (!target) return false;
      void this.serve(target, request, response);
      return true;
    });
  }

  private async serve(target: CallTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { functionName } = target;
    try {
      limitSending(response, this.settings.sendTimeoutMs);
      const problem = this.checks.problemOf(request, response, true);
      if (problem) throw problem;
      const wanted: Wanted = { scope: callScope, functionName, isKeptByHandler: false };
      const entering = this.access.admit(request, response, wanted);
      if (entering) await entering;
      await this.calls.respond(target, request, response);
    } catch (error) {
      this.problems.send(asDomainError(error), request, response, '/invoke/:name');
    }
  }
}
