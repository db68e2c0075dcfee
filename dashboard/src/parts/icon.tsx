/** Outlines on a grid of 16; each stands beside a word, or on a button that has a label. */
const outlines = {
  overview: 'M2 9.5h3l2-6 3 10 2-6h2',
  functions: 'M4 13 7.5 5.5M5 3h1.2l4.6 10H12',
  system: 'M2.5 4.5h11v3h-11zM2.5 9.5h11v3h-11zM5 6h.01M5 11h.01',
  docs: 'M4 2.5h6l2.5 2.5v8.5H4zM6.5 7.5h4M6.5 10h4',
  upload: 'M8 10.5v-8M5 5.5l3-3 3 3M2.5 10.5v3h11v-3',
  signOut: 'M9.5 5V2.5h-6v11h6V11M6.5 8h7M11.5 6l2 2-2 2',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  device: 'M2 3.5h12v7.5H2zM6 13.5h4M8 11v2.5',
} as const;

export type IconName = keyof typeof outlines;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  );
}
