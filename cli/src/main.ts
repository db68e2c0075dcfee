import { Command } from 'commander';

await new Command('glambdar')
  .description('Deploys, calls and watches functions on a Glambdar server.')
  .parseAsync();
