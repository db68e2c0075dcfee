import path from 'node:path';
import { Option } from 'commander';
import { functionName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { deployOnce, planOnly } from '../deploying/deploy-once.js';
import { republish } from '../watching/republish.js';
import { showAdvice } from '../settings/changes.js';
import { callUrl, deployedView, planValue, planView } from '../deploying/deployment-view.js';

interface Options {
  readonly name?: string;
  readonly strict?: true;
  readonly dryRun?: true;
  readonly watch?: true;
}

export const addDeploy: AddCommand = (program, context) => {
  const command = program
    .command('deploy')
    .description(
      'Publish a function: a folder, which is packed without what .glambdarignore names, or a zip, which is sent as it ' +
        'is. A function that is there gets a new version; nothing changes if it does not load. The folder may have a ' +
        'glambdar.json with its name and settings. The server installs what package.json names, unless the setting ' +
        'build is "none": then packages are sent as they are installed here.',
    )
    .argument('[source]', 'a folder or a zip (default: the current folder)')
    .option(
      '--name <name>',
      'The name of the function; that in glambdar.json or of the folder, if left out.',
      functionName,
    )
    .option('--strict', 'Refuse code that does not load, also when the function is new.')
    .addOption(
      new Option('--dry-run', 'Show what would be sent, and send nothing.').conflicts(['watch', 'strict']),
    )
    .option('--watch', 'Go on: publish again whenever a file is saved, until Ctrl-C.')
    .action((source: string | undefined, options: Options) =>
      options.dryRun === true ? showPlan(source, options, context) : deploy(source, options, context),
    );
  withExamples(
    command,
    ['glambdar deploy', 'publishes the function in the current folder'],
    ['glambdar deploy hello --dry-run', 'shows what would be sent'],
    ['glambdar deploy hello.zip --name greeter --strict', 'publishes a zip under another name'],
  );
};

async function showPlan(source = '.', { name }: Options, context: Context): Promise<void> {
  const { printer, host } = context;
  const plan = await planOnly(path.resolve(host.workingDirectory, source), name);
  await printer.result(planValue(plan), planView(plan));
  for (const warning of plan.warnings) printer.warn(warning);
}

async function deploy(source = '.', options: Options, context: Context): Promise<void> {
  const { printer, host } = context;
  const server = await context.server();
  const deployment = {
    source: path.resolve(host.workingDirectory, source),
    name: options.name,
    strict: options.strict === true,
  };
  if (options.watch === true) {
    await republish(deployment, server, context, { isLogShown: false });
    return;
  }
  const deployed = await context.during('Packing', (progress) =>
    deployOnce(deployment, server, host.interrupted, progress),
  );
  showAdvice(printer, deployed);
  const url = callUrl(server, deployed.function);
  await printer.result({ ...deployed, url }, deployedView(deployed, url));
}
