import type { ComponentChildren } from 'preact';

export interface MessageProps {
  readonly tone: 'bad' | 'warn' | 'info' | 'good';
  readonly title?: string;
  readonly children: ComponentChildren;
  /** A button or link. */
  readonly action?: ComponentChildren;
}

const words = { bad: 'Error', warn: 'Warning', info: 'Note', good: 'Done' } as const;

/** Something to read where it matters. An error is announced at once. */
export function Message({ tone, title, children, action }: MessageProps) {
  return (
    <div class={`message message-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <div class="message-text">
        <strong>{title ?? words[tone]}</strong> {children}
      </div>
      {action}
    </div>
  );
}
