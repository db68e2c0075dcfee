import path from 'node:path';
import { Option } from 'commander';
import { functionName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import type { Environment } from '../host.js';
import { defaultTemplate, templateNames, templates, type TemplateName } from '../init/templates.js';
import { writeTemplate } from '../init/write-template.js';
import { done } from '../terminal/sentence.js';

interface Options {
  readonly template?: TemplateName;
  readonly name?: string;
  readonly force?: true;
}

export const addInit: AddCommand = (program, context) => {
  const command = program
    .command('init')
    .description('Make a new function from a template, with its glambdar.json.')
    .argument('[dir]', 'its folder, which is made if it is not there (default: the current one)')
    .addOption(
      new Option(
        '-t, --template <template>',
        `What to begin with; asked for on a terminal, ${defaultTemplate} elsewhere.`,
      ).choices(templateNames),
    )
    .option('--name <name>', 'The name of the function; that of the folder, if left out.', functionName)
    .option('--force', 'Also in a folder that has files; those of the same names are replaced.')
    .action((directory: string | undefined, options: Options) => init(directory, options, context));
  withExamples(
    command,
    ['glambdar init', 'begins in the current folder, and asks for the template'],
    ['glambdar init shop --template express', 'makes the folder shop with an Express application'],
  );
};

async function init(given = '.', options: Options, context: Context): Promise<void> {
  const { host, printer } = context;
  const directory = path.resolve(host.workingDirectory, given);
  const template = options.template ?? (await askedTemplate(context));
  const name = options.name ?? nameFrom(path.basename(directory));
  const isForced = options.force === true;
  const files = await writeTemplate({ directory, template, name, isForced });
  const place = given === '.' ? '' : `cd ${given} && `;
  const glambdar = startedAs(host.environment);
  await printer.result({ name, template, directory, files }, done(`${name} is made: ${files.join(', ')}.`));
  printer.remark(
    `Next: ${place}${glambdar} deploy, then ${glambdar} invoke. \`${glambdar} dev\` publishes each time you save.`,
  );
}

/** How the person calls this program: one that npx runs is not in their PATH. */
function startedAs({ npm_command: npmCommand }: Environment): string {
  return npmCommand === 'exec' ? 'npx glambdar' : 'glambdar';
}

async function askedTemplate({ host }: Context): Promise<TemplateName> {
  if (!host.ask.isPossible) return defaultTemplate;
  return host.ask.choose(
    'What do you want to begin with?',
    templates.map(({ name, label, hint }) => ({ value: name, label, hint })),
  );
}

/** What of a folder's name a function's may have. */
function nameFrom(folder: string): string {
  const name = folder
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? defaultTemplate : name;
}
