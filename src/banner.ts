/** What a person who has just started the server needs next; each line can be pasted into a shell. */
export function banner(url: string, directory: string): string {
  return `
Glambdar listens on ${url} and keeps its files in ${directory}

  node scripts/zip.mjs examples/hello && curl -F file=@hello.zip ${url}/deploy
  curl -d '{"name":"Glambdar"}' ${url}/invoke/hello

`;
}
