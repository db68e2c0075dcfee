import {
  Flag,
  Nested,
  objectSchema,
  OneOf,
  PartialOf,
  PatchOf,
  PlainText,
  Ruled,
  WholeNumber,
} from '../../common/input/field-rules.js';
import { runtimeNames, type RuntimeName } from '../../runtimes/runtime.js';
import { functionNamePattern, functionNameRule } from '../function-name.js';
import type {
  Access,
  BuildChoice,
  CorsRule,
  Isolation,
  RateLimit,
  ResponseFormat,
  RetryRule,
  SandboxKind,
  Schedule,
  SettingFields,
} from '../function.js';
import { CorsRuleDto, hostsProblem, maxHosts, RateLimitRule } from './access-rules.js';
import { defaultFunctionSettings, defaultRetry } from './default-settings.js';
import { egressProblem, maxEgressRules } from './egress-rule.js';
import { environmentProblem, maxEnvironmentBytes, maxVariables } from './environment-rules.js';
import { RetryRuleDto } from './retry-rule.js';
import { maxSchedules, ScheduleDto, schedulesProblem } from './schedule-rules.js';

export const isolations: readonly Isolation[] = ['fresh', 'warm'];
export const sandboxKinds: readonly SandboxKind[] = ['container', 'gvisor'];
export const responseFormats: readonly ResponseFormat[] = ['simple', 'lambda'];
export const buildChoices: readonly BuildChoice[] = ['auto', 'none'];
export const accesses: readonly Access[] = ['key', 'public'];

const functionNameText = {
  pattern: functionNamePattern,
  maxLength: 64,
  rule: `a function's name: ${functionNameRule}`,
};

export const maxReadyContainers = 64;
export const maxIdleTimeoutSeconds = 86_400;
export const maxTimeoutSeconds = 900;

/** Segments of letters, digits, `_`, `-` and `.`, none beginning with a dot: no way leads out of the code. */
const handlerPattern = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*\.[A-Za-z_$][\w$]*$/;

/** The settings of a function, all of them, as they are in force. */
export class EffectiveSettings implements SettingFields {
  @PlainText(
    { pattern: /^[ -~\u00a0-\uffff]*$/, maxLength: 256, rule: 'text without control characters' },
    { default: '', description: 'For people.', example: 'Greets whoever calls.' },
  )
  readonly description!: string;

  @OneOf(runtimeNames, {
    default: defaultFunctionSettings.runtime,
    description:
      'What runs the code: a release line of Node.js. Another one takes effect with the next call; whether the code loads ' +
      'under it is tried first.',
  })
  readonly runtime!: RuntimeName;

  @PlainText(
    { pattern: handlerPattern, maxLength: 128, rule: 'a file without its ending, a dot and an export' },
    {
      default: defaultFunctionSettings.handler,
      description: 'The file, without its extension, and the export to call, such as `index.handler`.',
    },
  )
  readonly handler!: string;

  @Ruled(environmentProblem, {
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    description:
      `Variables that the code finds in \`process.env\`: at most ${maxVariables}, ${maxEnvironmentBytes} bytes in ` +
      'all. Configuration, not secrets: whoever may read the function may read them.',
    example: { GREETING: 'Hello' },
  })
  readonly environment!: Readonly<Record<string, string>>;

  @OneOf(responseFormats, {
    default: defaultFunctionSettings.responseFormat,
    description:
      '`simple`: an object is a response if it has `statusCode`, or only keys of a response; text is sent as JSON unless the handler sets `content-type` or the text already is a JSON object or array. `lambda`: as AWS function URLs, payload format 2.0: only an object with `statusCode` is a response, and text is sent unchanged.',
  })
  readonly responseFormat!: ResponseFormat;

  @WholeNumber(
    { minimum: 1, maximum: maxTimeoutSeconds },
    {
      description:
        "Longest time a handler may take for one call, in seconds; if not set, the server's default.",
      example: 30,
    },
  )
  readonly timeoutSeconds!: number;

  @WholeNumber(
    { minimum: 64, maximum: 1_048_576 },
    {
      description:
        "Memory of each container, including `/tmp`, in MiB; if not set, the server's default. The server may have a lower maximum.",
      example: 128,
    },
  )
  readonly memoryMiB!: number;

  @WholeNumber(
    { minimum: 10, maximum: 1_024_000 },
    {
      description:
        "CPU of each container, in thousandths of a core; if not set, the server's default. At most the machine's cores.",
      example: 1000,
    },
  )
  readonly cpuMillis!: number;

  @WholeNumber(
    { minimum: 1, maximum: 1_048_576 },
    {
      description: "Size of `/tmp`, in MiB, at most `memoryMiB`; if not set, the server's default.",
      example: 64,
    },
  )
  readonly tmpMiB!: number;

  @OneOf(isolations, {
    default: defaultFunctionSettings.isolation,
    description:
      '`fresh`: every call gets a container that has served no call before. `warm`: a container may serve several calls of this function, one after the other, and a call can see what an earlier one left behind.',
  })
  readonly isolation!: Isolation;

  @OneOf(sandboxKinds, {
    default: defaultFunctionSettings.sandbox,
    description:
      "`container`: the walls of a container, on the machine's own kernel. `gvisor`: a kernel of its own for every container (gVisor), for code that nobody trusts; calls start more slowly. Only where the server has runsc. Another one takes effect with the next call; whether the code loads in it is tried first.",
  })
  readonly sandbox!: SandboxKind;

  @WholeNumber(
    { minimum: 0, maximum: maxReadyContainers },
    {
      default: defaultFunctionSettings.minContainers,
      description: 'Containers kept ready even when nobody calls.',
    },
  )
  readonly minContainers!: number;

  @WholeNumber(
    { minimum: 1, maximum: maxReadyContainers },
    {
      default: defaultFunctionSettings.maxContainers,
      description: 'Most containers kept ready (`fresh`) or running (`warm`); not less than `minContainers`.',
    },
  )
  readonly maxContainers!: number;

  @WholeNumber(
    { minimum: 0, maximum: 4096 },
    {
      description:
        "Most calls running at the same time, 0 for none; if not set, the server's default (`fresh`) or `maxContainers` (`warm`).",
      example: 16,
    },
  )
  readonly maxConcurrency!: number;

  @WholeNumber(
    { minimum: 1, maximum: maxIdleTimeoutSeconds },
    {
      default: defaultFunctionSettings.idleTimeoutSeconds,
      description: 'After this many seconds without a call, only `minContainers` are kept.',
    },
  )
  readonly idleTimeoutSeconds!: number;

  @Ruled(egressProblem, {
    type: [String],
    maxItems: maxEgressRules,
    default: [],
    description:
      'Where the function may connect to; nowhere if empty. An entry is `public` (any public address), a host name, `*.` and a name (everything below it) or an IP address, optionally followed by `:` and a port or `*`; without it, ports 80 and 443. Private addresses are refused, whatever name resolves to them. See docs/egress.md.',
    example: ['api.example.com', '*.example.org:8443'],
  })
  readonly egress!: readonly string[];

  @OneOf(buildChoices, {
    default: defaultFunctionSettings.build,
    description:
      '`auto`: when you deploy, the server installs the dependencies that a `package.json` names if there is no `node_modules`, and bundles an entry file in TypeScript. `none`: the archive is used as it is. Takes effect with the next deployment. See docs/builds.md.',
  })
  readonly build!: BuildChoice;

  @Flag({
    default: defaultFunctionSettings.installScripts,
    description:
      'Whether packages may run their install scripts in the build. They run in a container that reaches the package registries only. Takes effect with the next deployment.',
  })
  readonly installScripts!: boolean;

  @OneOf(accesses, {
    default: defaultFunctionSettings.access,
    description:
      '`key`: calls need a key with the scope `functions:invoke`, once the server has any key. `public`: everybody who reaches the server may call the function; everything else still needs a key.',
  })
  readonly access!: Access;

  @Nested(RateLimitRule, {
    description:
      'Most calls a second; 0 for any number. Of a `public` function 30 for each client address unless you choose otherwise.',
    example: { perAddress: 30, total: 500 },
  })
  readonly rateLimit!: RateLimit;

  @Nested(CorsRuleDto, {
    nullable: true,
    default: null,
    description:
      'Which web pages of other origins may call the function. The server answers their preflight requests and sets the headers (CORS) of all answers. `null`: none.',
    example: { origins: ['https://app.example.com'] },
  })
  readonly cors!: CorsRule | null;

  @Ruled(hostsProblem, {
    type: [String],
    maxItems: maxHosts,
    default: [],
    description:
      'Host names under which the function is at the root, such as `shop.example.com`. A name belongs to one function only.',
    example: ['shop.example.com'],
  })
  readonly hosts!: readonly string[];

  @Nested(RetryRuleDto, {
    default: defaultRetry,
    description:
      'How often an event is tried whose handler throws or answers 5xx, and how old it may become. See docs/events.md.',
  })
  readonly retry!: RetryRule;

  @PlainText(functionNameText, {
    nullable: true,
    default: null,
    description: 'The function that gets an event when one of this function has succeeded; `null` for none.',
    example: 'report',
  })
  readonly onSuccess!: string | null;

  @PlainText(functionNameText, {
    nullable: true,
    default: null,
    description: 'The function that gets an event when one of this function is dead; `null` for none.',
    example: 'alert',
  })
  readonly onFailure!: string | null;

  @WholeNumber(
    { minimum: 0, maximum: 10_000_000 },
    {
      default: defaultFunctionSettings.maxQueuedEvents,
      description: 'Most events that wait to run; 0 to take none.',
    },
  )
  readonly maxQueuedEvents!: number;

  @Flag({
    default: defaultFunctionSettings.idempotency,
    description:
      'Whether a call with an `Idempotency-Key` runs once: its first answer is kept for a day and returned again. Events have this without the setting.',
  })
  readonly idempotency!: boolean;

  @Ruled(schedulesProblem, {
    type: 'object',
    additionalProperties: objectSchema(ScheduleDto),
    default: {},
    description: `When the function is called by itself: at most ${maxSchedules} schedules by name. A patch sets a schedule as a whole. See docs/schedules.md.`,
    example: { nightly: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' } },
  })
  readonly schedules!: Readonly<Record<string, Schedule>>;
}

/** Longest text of settings that is read: schedules may have 64 KiB and the environment 16 before JSON escapes them. */
export const maxSettingsBytes = 256 * 1024;

/** Every setting's name, in the order in which they are shown. */
export const settingNames = [
  'description',
  'runtime',
  'handler',
  'environment',
  'responseFormat',
  'timeoutSeconds',
  'memoryMiB',
  'cpuMillis',
  'tmpMiB',
  'isolation',
  'sandbox',
  'minContainers',
  'maxContainers',
  'maxConcurrency',
  'idleTimeoutSeconds',
  'egress',
  'build',
  'installScripts',
  'access',
  'rateLimit',
  'cors',
  'hosts',
  'retry',
  'onSuccess',
  'onFailure',
  'maxQueuedEvents',
  'idempotency',
  'schedules',
] as const satisfies readonly (keyof SettingFields)[];

/** The settings alone, as `GET /settings/:name` shows them. */
export function effectiveSettings(settings: SettingFields): EffectiveSettings {
  return Object.fromEntries(
    settingNames.map((name) => [name, settings[name]]),
  ) as unknown as EffectiveSettings;
}

/** What is held to the settings' rules once a patch is merged. */
export class FunctionSettingsDto extends PartialOf(EffectiveSettings) {}

/** The body of `PATCH /settings/:name`, and the field `settings` of a deployment. */
export class FunctionSettingsPatch extends PatchOf(EffectiveSettings) {}
