import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { ErrorCounter, RateLimitDenials, UnauditedDenials } from '../common/counters.js';
import { SendBudget } from '../common/budgets/send-budget.js';
import { softwareVersion } from '../common/software-version.js';
import { containerSettings, type ContainerSettings } from '../container/container.settings.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { MetricsRegistry } from './metrics-registry.js';

/** The HTTP server and the build that it is. */
@Injectable()
export class ServerMetrics {
  constructor(
    metrics: MetricsRegistry,
    errors: ErrorCounter,
    rateRefusals: RateLimitDenials,
    sendBudget: SendBudget,
    unaudited: UnauditedDenials,
    private readonly adapterHost: HttpAdapterHost,
    @Inject(containerSettings.config.KEY) { ociRuntime }: ContainerSettings,
  ) {
    metrics
      .gauge({
        name: 'glambdar_build_info',
        help: "Always 1: the server's version, its Node.js, and the OCI runtime of its containers.",
        labels: ['version', 'node', 'runtime'],
      })
      .set(
        {
          version: softwareVersion,
          node: process.version,
          runtime: ociRuntime === '' ? 'default' : ociRuntime,
        },
        1,
      );
    metrics.readFrom(
      async () => ({
        connections: await this.connections(),
        errors: errors.byKind,
        refused: rateRefusals.byKind,
        unsentBytes: sendBudget.heldBytes,
        unaudited: unaudited.byKind,
      }),
      [
        {
          type: 'gauge',
          name: 'glambdar_http_connections',
          help: 'Open connections of clients.',
          value: ({ connections }) => connections,
        },
        {
          type: 'gauge',
          name: 'glambdar_http_unsent_bytes',
          help: 'Bytes of answers that wait in memory for clients which read slowly.',
          value: ({ unsentBytes }) => unsentBytes,
        },
        {
          type: 'counter',
          name: 'glambdar_http_errors_total',
          help: 'Requests, calls among them, that were answered with an error of docs/errors.md.',
          label: 'code',
          value: (source) => source.errors,
        },
        {
          type: 'counter',
          name: 'glambdar_rate_limit_denials_total',
          help: 'Requests denied for coming too often, by limit: management, invocations, functions (the setting rateLimit of a function), or failures (without a valid key).',
          label: 'limit',
          value: ({ refused }) => ({ management: 0, invocations: 0, functions: 0, failures: 0, ...refused }),
        },
        {
          type: 'counter',
          name: 'glambdar_audit_left_out_total',
          help: 'Refused requests that the audit log leaves out because they are too many, of callers with a key and of strangers.',
          label: 'caller',
          value: (source) => ({ key: 0, stranger: 0, ...source.unaudited }),
        },
      ],
    );
  }

  private connections(): Promise<number> {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    return new Promise((resolve) => {
      server.getConnections((error, count) => {
        resolve(error ? 0 : count);
      });
    });
  }
}

/** How many functions there are, and how they come and go. */
@Injectable()
export class FunctionMetrics {
  constructor(metrics: MetricsRegistry, registry: FunctionRegistry, events: FunctionEvents) {
    metrics.readFrom(
      () => registry.count,
      [
        {
          type: 'gauge',
          name: 'glambdar_functions',
          help: 'Deployed functions.',
          value: (count) => count,
        },
      ],
    );
    const changes = metrics.counter({
      name: 'glambdar_function_changes_total',
      help: 'Functions by change: deployed, replaced (by another version or other settings) or deleted.',
      labels: ['change'],
    });
    const counted = (change: string) => {
      const series = changes.labels(change);
      // A rate can only be computed of a series that was there before.
      series.inc(0);
      return () => {
        series.inc();
      };
    };
    events.onDeployed(counted('deployed'));
    events.onReplaced(counted('replaced'));
    events.onDeleted(counted('deleted'));
  }
}
