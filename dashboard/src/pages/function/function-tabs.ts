import type { ComponentType } from 'preact';
import { may } from '../../api/may.js';
import type { Scope } from '../../api/permissions.js';
import { CallTab } from './call/call-tab.js';
import { EventsTab } from './events/events-tab.js';
import { InvocationsTab } from './invocations/invocations-tab.js';
import { LogTab } from './log/log-tab.js';
import { MetricsTab } from './metrics/metrics-tab.js';
import { SchedulesTab } from './schedules/schedules-tab.js';
import { SecretsTab } from './secrets/secrets-tab.js';
import { SettingsTab } from './settings/settings-tab.js';
import { VersionsTab } from './versions/versions-tab.js';

export interface FunctionTabProps {
  readonly name: string;
  /** The function is another one now: another version, other settings. */
  readonly onChanged: () => void;
}

export interface FunctionTab {
  readonly id: string;
  readonly title: string;
  /** What one needs to see it at all. */
  readonly scope: Scope;
  readonly content: ComponentType<FunctionTabProps>;
}

const tabs: readonly FunctionTab[] = [
  { id: 'call', title: 'Call', scope: 'functions:invoke', content: CallTab },
  { id: 'events', title: 'Events', scope: 'functions:read', content: EventsTab },
  { id: 'schedules', title: 'Schedules', scope: 'functions:read', content: SchedulesTab },
  { id: 'invocations', title: 'Invocations', scope: 'logs:read', content: InvocationsTab },
  { id: 'log', title: 'Log', scope: 'logs:read', content: LogTab },
  { id: 'metrics', title: 'Metrics', scope: 'metrics:read', content: MetricsTab },
  { id: 'versions', title: 'Versions', scope: 'functions:read', content: VersionsTab },
  { id: 'settings', title: 'Settings', scope: 'functions:read', content: SettingsTab },
  { id: 'secrets', title: 'Secrets', scope: 'functions:read', content: SecretsTab },
];

/** The pages of a function that the one who is signed in may see. */
export function tabsFor(name: string): readonly FunctionTab[] {
  return tabs.filter(({ scope }) => may(scope, name));
}
