/** The functions to begin with; their files are in the package's `templates/`. */
export const templates = [
  { name: 'hello', label: 'Hello', hint: 'JavaScript, one file' },
  { name: 'typescript', label: 'TypeScript', hint: 'the server compiles it' },
  { name: 'express', label: 'Express', hint: 'an application; the server installs its packages' },
  { name: 'hono', label: 'Hono', hint: 'an application; the server installs its packages' },
  { name: 'webhook', label: 'Webhook', hint: 'checks the signature of what it gets' },
  { name: 'schedule', label: 'Scheduled job', hint: 'for cron and the like' },
] as const;

export type TemplateName = (typeof templates)[number]['name'];

export const defaultTemplate: TemplateName = 'hello';

export const templateNames = templates.map(({ name }) => name);
