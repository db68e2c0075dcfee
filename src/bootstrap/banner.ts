const open =
  'There is no key, so whoever reaches it may do everything; npm run keys -- create --name me --scopes admin locks it.';

const locked = 'Every request needs a key; npm run keys -- list shows them.';

/** What a person who has just started the server needs next; each line can be pasted into a shell. */
export function banner(url: string, directory: string, isOpen: boolean): string {
  const key = isOpen ? '' : '-H "Authorization: Bearer $KEY" ';
  return `
Glambdar listens on ${url} and keeps its files in ${directory}
${isOpen ? open : locked}

  node scripts/zip.mjs examples/hello && curl ${key}-F file=@hello.zip ${url}/deploy
  curl ${key}-d '{"name":"Glambdar"}' ${url}/invoke/hello

`;
}
