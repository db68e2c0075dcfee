import type { ComponentChildren } from 'preact';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
  readonly look?: 'primary' | 'danger' | 'plain' | 'quiet';
  /** Something that it began is under way; it keeps the focus, and does nothing when pressed. */
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  /** For a button without words. */
  readonly label?: string;
}

export function Button({
  children,
  onClick,
  type = 'button',
  look = 'plain',
  isBusy = false,
  disabled = false,
  label,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${look}`}
      disabled={disabled}
      aria-disabled={isBusy}
      aria-label={label}
      title={label}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.();
      }}
    >
      {isBusy && <span class="spinner spinner-small" aria-hidden="true" />}
      {children}
    </button>
  );
}
