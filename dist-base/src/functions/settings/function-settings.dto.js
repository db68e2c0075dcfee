function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { defaultFunctionSettings } from './default-settings.js';
import { egressProblem, maxEgressRules } from './egress-rules.js';
import { environmentProblem, maxEnvironmentBytes, maxVariables } from './environment-rules.js';
import { inPatch, OneOf, PlainText, Ruled, WholeNumber } from './setting-rules.js';
export const isolations = [
    'fresh',
    'warm'
];
export const responseFormats = [
    'seed',
    'lambda'
];
export const maxReadyContainers = 64;
export const maxIdleTimeoutSeconds = 86_400;
export const maxTimeoutSeconds = 900;
/** Segments of letters, digits, `_`, `-` and `.`, none beginning with a dot: no way leads out of the code. */ const handlerPattern = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*\.[A-Za-z_$][\w$]*$/;
/** The settings of a function, all of them, as they are in force. */ export class FunctionConfig {
    description;
    handler;
    environment;
    responseFormat;
    timeoutSeconds;
    memoryMiB;
    cpuMillis;
    tmpMiB;
    isolation;
    minContainers;
    maxContainers;
    maxConcurrency;
    idleTimeoutSeconds;
    egress;
}
_ts_decorate([
    PlainText({
        pattern: /^\P{Cc}*$/u,
        maxLength: 256,
        rule: 'text without control characters'
    }, {
        default: '',
        description: 'For people.',
        example: 'Greets whoever calls.'
    }),
    _ts_metadata("design:type", String)
], FunctionConfig.prototype, "description", void 0);
_ts_decorate([
    PlainText({
        pattern: handlerPattern,
        maxLength: 128,
        rule: 'a file without its ending, a dot and an export'
    }, {
        default: defaultFunctionSettings.handler,
        description: 'The file, without its ending, and the export that are called, such as `index.handler`.'
    }),
    _ts_metadata("design:type", String)
], FunctionConfig.prototype, "handler", void 0);
_ts_decorate([
    Ruled(environmentProblem, {
        type: 'object',
        additionalProperties: {
            type: 'string'
        },
        default: {},
        description: `Variables that the code finds in \`process.env\`: at most ${maxVariables}, ${maxEnvironmentBytes} bytes in ` + 'all. Configuration, not secrets: whoever may read the function may read them.',
        example: {
            GREETING: 'Hello'
        }
    }),
    _ts_metadata("design:type", typeof Readonly === "undefined" ? Object : Readonly)
], FunctionConfig.prototype, "environment", void 0);
_ts_decorate([
    OneOf(responseFormats, {
        default: defaultFunctionSettings.responseFormat,
        description: '`seed`: an object with `statusCode`, or whose keys are all keys of a response, is the response; text is sent as ' + 'JSON unless the handler sets `content-type` or the text already is the JSON of an object or array. ' + '`lambda`: as AWS function URLs, payload format 2.0: only `statusCode` makes a response, and text is sent as it is.'
    }),
    _ts_metadata("design:type", typeof ResponseFormat === "undefined" ? Object : ResponseFormat)
], FunctionConfig.prototype, "responseFormat", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 1,
        maximum: maxTimeoutSeconds
    }, {
        description: "Longest time a handler may take for one call, in seconds; without it the server's."
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "timeoutSeconds", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 64,
        maximum: 1_048_576
    }, {
        description: "Memory of each container, its `/tmp` included, in MiB; without it the server's. The server may allow less."
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "memoryMiB", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 10,
        maximum: 1_024_000
    }, {
        description: "Processor time of each container, in thousandths of a core; without it the server's. At most the machine's cores."
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "cpuMillis", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 1,
        maximum: 1_048_576
    }, {
        description: "Size of `/tmp`, in MiB, at most `memoryMiB`; without it the server's."
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "tmpMiB", void 0);
_ts_decorate([
    OneOf(isolations, {
        default: defaultFunctionSettings.isolation,
        description: '`fresh`: every call has a container that has served no call before. `warm`: a container may serve several ' + 'calls of this function, one after the other, and what one leaves behind the next may see.'
    }),
    _ts_metadata("design:type", typeof Isolation === "undefined" ? Object : Isolation)
], FunctionConfig.prototype, "isolation", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 0,
        maximum: maxReadyContainers
    }, {
        default: defaultFunctionSettings.minContainers,
        description: 'Containers kept ready even when nobody calls.'
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "minContainers", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 1,
        maximum: maxReadyContainers
    }, {
        default: defaultFunctionSettings.maxContainers,
        description: 'Most containers kept ready (`fresh`) or running (`warm`); not less than `minContainers`.'
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "maxContainers", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 0,
        maximum: 4096
    }, {
        description: "Most calls that run at the same time, 0 for none; without it the server's (`fresh`) or `maxContainers` (`warm`)."
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "maxConcurrency", void 0);
_ts_decorate([
    WholeNumber({
        minimum: 1,
        maximum: maxIdleTimeoutSeconds
    }, {
        default: defaultFunctionSettings.idleTimeoutSeconds,
        description: 'After this long without a call, nothing above `minContainers` is kept; in seconds.'
    }),
    _ts_metadata("design:type", Number)
], FunctionConfig.prototype, "idleTimeoutSeconds", void 0);
_ts_decorate([
    Ruled(egressProblem, {
        type: [
            String
        ],
        maxItems: maxEgressRules,
        default: [],
        description: 'Where the function may connect to; nowhere when empty. An entry is `public` (any public address), a host name, ' + '`*.` and a name (all below it) or an IP address, and perhaps `:` and a port or `*`; without one, ports 80 and ' + '443. Private addresses are refused whatever the name says. docs/egress.md tells all of it.',
        example: [
            'api.example.com',
            '*.example.org:8443'
        ]
    }),
    _ts_metadata("design:type", Object)
], FunctionConfig.prototype, "egress", void 0);
/** Every setting's name, in the order in which they are shown. */ export const settingNames = [
    'description',
    'handler',
    'environment',
    'responseFormat',
    'timeoutSeconds',
    'memoryMiB',
    'cpuMillis',
    'tmpMiB',
    'isolation',
    'minContainers',
    'maxContainers',
    'maxConcurrency',
    'idleTimeoutSeconds',
    'egress'
];
/** The settings alone, as `GET /config/:name` shows them. */ export function configOf(settings) {
    return Object.fromEntries(settingNames.map((name)=>[
            name,
            settings[name]
        ]));
}
/**
 * The JSON of the form's field `settings`: what is left out takes its default. `null` is a value like any other and
 * breaks each rule.
 */ export class FunctionSettingsDto extends PartialType(FunctionConfig, {
    skipNullProperties: false
}) {
}
/** The body of `PATCH /config/:name`, for the OpenAPI document; `SettingsReader` holds it to its rules. */ export class FunctionSettingsPatch extends PartialType(FunctionConfig) {
}
for (const name of settingNames){
    ApiProperty(inPatch(FunctionConfig.prototype, name))(FunctionSettingsPatch.prototype, name);
}

//# sourceMappingURL=function-settings.dto.js.map