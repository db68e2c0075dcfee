/**
 * What each shell runs when somebody presses Tab: it asks the program itself, so that the script need not change with
 * it. A shell expands nothing of the answer, and offers files where there is none.
 */
export const completionScripts = {
  bash: `_glambdar() {
  local value about
  COMPREPLY=()
  while IFS=$'\\t' read -r value about; do
    COMPREPLY+=("$value")
  done < <(glambdar complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _glambdar glambdar`,
  zsh: `#compdef glambdar
_glambdar() {
  local value about
  local -a candidates
  while IFS=$'\\t' read -r value about; do
    candidates+=("$value:$about")
  done < <(glambdar complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#candidates )); then _describe glambdar candidates; else _files; fi
}
if [[ $funcstack[1] == _glambdar ]]; then _glambdar "$@"; else compdef _glambdar glambdar; fi`,
  fish: `function __glambdar_complete
  set -l words (commandline -opc)
  set -l begun (commandline -ct)
  set -l found (glambdar complete -- $words[2..-1] "$begun" 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path "$begun"
  end
end
complete -c glambdar -f -a '(__glambdar_complete)'`,
} as const;

export type Shell = keyof typeof completionScripts;

export const shells = Object.keys(completionScripts) as Shell[];
