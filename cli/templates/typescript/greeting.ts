enum Language {
  English = 'Hello',
  German = 'Hallo',
}

/** What comes from outside is looked at before it is believed. */
export function greeting(input: unknown): string {
  const { name = 'World', language } = (input ?? {}) as { name?: unknown; language?: unknown };
  const word = language === 'de' ? Language.German : Language.English;
  return `${word} ${String(name)}!`;
}
