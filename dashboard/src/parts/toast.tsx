import { signal } from '@preact/signals';
import { sentenceOf } from '../api/problem.js';
import { Button } from './button.js';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const atMost = 4;
const shownForMs = 6000;
const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

/** Says that something was done; goes away by itself. */
export function announce(text: string): void {
  const id = add('good', text);
  setTimeout(() => {
    dismiss(id);
  }, shownForMs);
}

/** Says why something failed, where no better place is; stays until somebody has read it. */
export function announceFailure(error: unknown): void {
  add('bad', sentenceOf(error));
}

/** For what a person began: whatever it rejects with is announced. */
export function announcing(action: () => Promise<void>): () => void {
  return () => {
    action().catch(announceFailure);
  };
}

/** The regions exist from the start: a screen reader announces only what appears in one that it knows. */
export function Toasts() {
  const of = (tone: Toast['tone']) =>
    toasts.value
      .filter((toast) => toast.tone === tone)
      .map(({ id, text }) => (
        <div key={id} class={`toast toast-${tone}`}>
          <span>{text}</span>
          <Button
            look="quiet"
            label="Dismiss"
            onClick={() => {
              dismiss(id);
            }}
          >
            ✕
          </Button>
        </div>
      ));
  return (
    <div class="toasts">
      <div role="status">{of('good')}</div>
      <div role="alert">{of('bad')}</div>
    </div>
  );
}

function add(tone: Toast['tone'], text: string): number {
  lastId += 1;
  toasts.value = [...toasts.value, { id: lastId, tone, text }].slice(-atMost);
  return lastId;
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
