/** What does not belong into the archive of a function, by the name of the file or folder. */

/** What desktops and version control leave behind; it is in no package for a purpose. */
const CLUTTER = /^(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._.*|\.git|\.hg|\.svn)$/;

/** Secrets of the machine on which the function is written, and what editors and package managers keep. */
const OWN = new RegExp(
  `^(${[
    String.raw`\.env(\..*|rc)?`,
    String.raw`\.(npmrc|yarnrc|yarnrc\.yml|netrc|ssh|aws)`,
    String.raw`\.git.*`,
    String.raw`\.(idea|vscode|vs|fleet|zed)`,
    String.raw`\.(npm|yarn|pnpm-store|cache|nyc_output)`,
    String.raw`(npm-debug|yarn-debug|yarn-error|pnpm-debug)\.log.*`,
    String.raw`.*~|\.#.*|#.*#|\..*\.sw[a-p]`,
  ].join('|')})$`,
);

/** Of a package that was installed. @param {string} name */
export function isClutter(name) {
  return CLUTTER.test(name);
}

/** Of a folder that somebody works in. @param {string} name */
export function staysAtHome(name) {
  return CLUTTER.test(name) || OWN.test(name);
}
