import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DomainError } from '../../common/errors/domain-error.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { AccessControl } from './access-control.js';
import { hostProblemOf, type HostProblem } from './host-problem.js';
import { requestProblem } from './plain-request.js';

/**
 * What every request passes before anybody looks for its route, in this order, calls and management alike: it is one
 * plain request, under a host by which the server is known, from no foreign page. Who sent it is the route's question.
 */
@Injectable()
export class EntryChecks {
  private readonly hostProblem: HostProblem;

  constructor(control: AccessControl, @Inject(authSettings.config.KEY) { allowedHosts }: AuthSettings) {
    this.hostProblem = hostProblemOf(allowedHosts, control);
  }

  /** Why it must not be served; undefined where it may. */
  problemOf(request: IncomingMessage, response: ServerResponse, isCall: boolean): DomainError | undefined {
    return requestProblem(request) ?? this.hostProblem(request, response, isCall);
  }
}
