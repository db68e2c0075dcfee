/** What made a call. Each attempt at an event is a call of its own. */
export type Trigger = { readonly kind: 'http' } | EventTrigger;

export type EventTrigger =
  | { readonly kind: 'event'; readonly eventId: string }
  /** An event, too: the one that the schedule made. */
  | { readonly kind: 'schedule'; readonly eventId: string; readonly schedule: string };

export const triggerKinds = ['http', 'event', 'schedule'] as const satisfies readonly Trigger['kind'][];
