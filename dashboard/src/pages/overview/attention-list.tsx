import type { AttentionResponse } from '@glambdar/client';
import { Badge } from '../../parts/badge.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Section } from '../../parts/section.js';
import { pathTo } from '../../routes.js';

/** What is wrong, or soon will be, each with what to do about it. Nothing is shown where all is well. */
export function AttentionList({ attention }: { readonly attention: readonly AttentionResponse[] }) {
  if (attention.length === 0) return null;
  return (
    <Section title="Needs attention" class="attention">
      <ul>
        {attention.map(({ severity, code, message, function: name }) => (
          <li key={`${code} ${name ?? ''}`}>
            <Badge tone={severity === 'error' ? 'bad' : 'warn'}>{severity}</Badge>
            <span class="attention-text">
              <ForeignText text={message} />
            </span>
            {name !== null && <a href={pathTo.oneFunction(name)}>{name}</a>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
