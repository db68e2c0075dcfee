import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/problem.js';
import { Button } from './button.js';
import { Message } from './message.js';

export interface DialogProps {
  readonly title: string;
  /** For pictures and tables. */
  readonly isWide?: boolean;
  /** Escape and the cross do this; the one who opened it stops showing it. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** What one comes to a dialog for: the first field of its form, or what says so itself. */
const start = '[data-start], form :is(input, select, textarea):not([readonly], [disabled])';

/** The browser's own modal dialog: it keeps the focus inside and gives it back at the end. */
export function Dialog({ title, isWide = false, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // The cross, which comes first, is not it.
    dialog.current?.querySelector<HTMLElement>(start)?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isWide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button look="quiet" label="Close" onClick={onClose}>
          ✕
        </Button>
      </div>
      {children}
    </dialog>
  );
}

export interface ConfirmProps {
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly children: ComponentChildren;
  /** The verb: "Revoke". */
  readonly verb: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. It stays open, and says why, when that fails. */
export function Confirm({ title, children, verb, onConfirm, onClose }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirm = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-body">{children}</div>
      {failure !== undefined && <Message tone="bad">{failure}</Message>}
      <div class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="danger"
          isBusy={isBusy}
          onClick={() => {
            void confirm();
          }}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
