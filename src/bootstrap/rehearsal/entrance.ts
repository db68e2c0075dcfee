import type { INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { DenialLog } from '../../auth/audit/denial-log.js';
import { authSettings, type AuthSettings } from '../../auth/auth.settings.js';
import { AccessControl } from '../../auth/http/access-control.js';
import { EntryChecks, HostCheck } from '../../auth/http/entry-checks.js';
import { TrustedProxies } from '../../auth/http/trusted-proxies.js';
import type { ApiKey } from '../../auth/keys/api-key.js';
import { KeyRing } from '../../auth/keys/key-ring.js';
import { RequestLimits } from '../../auth/rate-limits/request-limits.js';
import { Authentication } from '../../auth/schemes/authentication.js';
import { BearerAuthenticator } from '../../auth/schemes/bearer-authenticator.js';
import { SessionAuthenticator } from '../../auth/schemes/session-authenticator.js';
import { fairShareSettings, type FairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { ErrorCounter, RateLimitDenials, UnauditedDenials } from '../../common/counters.js';
import type { Log } from '../../common/log/log.js';
import { ServerNames } from '../../common/network/server-names.js';
import { Clock } from '../../common/time/clock.js';
import type { FunctionRegistry } from '../../functions/function-registry.js';
import { functionsSettings, type FunctionsSettings } from '../../functions/functions.settings.js';
import { FunctionHosts } from '../../functions/hosts/function-hosts.js';
import { LimitedHttpAdapter } from '../../http/http-adapter.js';
import { httpSettings, type HttpSettings } from '../../http/http.settings.js';
import { ProblemResponse } from '../../http/problem-response.js';
import type { InvocationService } from '../../invocation/invocation.service.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { RunningCalls } from '../../invocation/running-calls.js';
import { CallAccess } from '../../triggers/http/call-access.js';
import { Gateway, HttpCalls } from '../../triggers/http/gateway.js';
import { HttpEvents } from '../../triggers/http/http-events.js';
import { IdempotentRequests } from '../../triggers/http/idempotent-requests.js';
import { OwnHosts } from '../../triggers/http/own-hosts.js';
import { RequestBodies } from '../../triggers/http/request.js';
import { NoAuditStore, storeOfOne } from './nowhere.js';

interface EntranceParts {
  readonly key: ApiKey;
  readonly functions: FunctionRegistry;
  readonly invocations: InvocationService;
  /** Nobody's. */
  readonly log: Log;
}

/** A server of HTTP that has what the real one has, but counts, keys, limits and an audit log of its own. It does not listen yet. */
export async function makeEntrance(app: INestApplication, parts: EntranceParts): Promise<Server> {
  const { functions, log } = parts;
  const clock = app.get(Clock);
  const http = app.get<HttpSettings>(httpSettings.config.KEY);
  const shares = app.get<FairShareSettings>(fairShareSettings.config.KEY);
  const proxies = app.get(TrustedProxies);
  const host = new HttpAdapterHost<LimitedHttpAdapter>();
  host.httpAdapter = new LimitedHttpAdapter(http);
  host.httpAdapter.initHttpServer();
  const sendBudget = new SendBudget({ total: http.unsentBytes, share: http.unsentBytes }, clock);
  const { access, checks } = await makeChecks(app, parts, sendBudget);
  const hosts = new FunctionHosts(
    functions,
    app.get(ServerNames),
    log,
    app.get<FunctionsSettings>(functionsSettings.config.KEY),
  );
  const invocation = app.get<InvocationSettings>(invocationSettings.config.KEY);
  const calls = new HttpCalls(
    parts.invocations,
    new RunningCalls(clock, invocation, shares),
    new RequestBodies(invocation, shares),
    access,
    app.get(IdempotentRequests),
    sendBudget,
    clock,
    invocation,
  );
  const problems = new ProblemResponse(log, new ErrorCounter());
  const ownHosts = new OwnHosts(hosts, proxies);
  new Gateway(host, checks, access, ownHosts, calls, app.get(HttpEvents), problems, http).onModuleInit();
  return host.httpAdapter.getHttpServer();
}

async function makeChecks(app: INestApplication, { key, functions, log }: EntranceParts, unsent: SendBudget) {
  const clock = app.get(Clock);
  const shares = app.get<FairShareSettings>(fairShareSettings.config.KEY);
  // With hosts of its own, names are checked as they are on the loopback address.
  const auth = { ...app.get<AuthSettings>(authSettings.config.KEY), allowedHosts: 'localhost' };
  const proxies = app.get(TrustedProxies);
  const keys = new KeyRing(storeOfOne(key), clock, log);
  await keys.load();
  const schemes = [app.get(SessionAuthenticator), new BearerAuthenticator(keys)];
  const limits = new RequestLimits(clock, new RateLimitDenials(), auth);
  const denials = new DenialLog(new NoAuditStore(), clock, log, new UnauditedDenials(), auth, shares);
  const control = new AccessControl(keys, new Authentication(schemes), proxies, limits, denials, unsent);
  return {
    access: new CallAccess(functions, control, limits),
    checks: new EntryChecks(new HostCheck(proxies, denials, auth)),
  };
}
