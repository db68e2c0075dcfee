import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let isFirst = true;

export interface PageProps {
  readonly title: string;
  /** Beside the title, such as the state of what the page shows. */
  readonly beside?: ComponentChildren;
  /** What one can do, at the other end of the line. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page of the dashboard. Whoever comes here from another one is put at its heading, as after loading a page. */
export function Page({ title, beside, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Glambdar`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <>
      <header class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
        {actions !== undefined && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
