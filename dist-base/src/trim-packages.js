import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
/**
 * Parts of packages that this server never calls, by the package that would load them: 36 MB of memory, and the time to
 * load them. `main.ts` sets this up before the server is loaded; tests within their runner, which has a module system of
 * its own, do without it.
 */ const unused = [
    // Image builds and SSH, and with them gRPC, protobuf and ssh2.
    [
        '/dockerode/',
        './session'
    ],
    [
        '/dockerode/',
        './buildkit'
    ],
    [
        '/docker-modem/',
        './ssh'
    ],
    // The phone numbers of all countries, for a rule that no body of a request has.
    [
        '/class-validator/',
        'libphonenumber-js/max'
    ],
    // The traces that examples in histograms would refer to.
    [
        '/prom-client/',
        '@opentelemetry/api'
    ],
    // The API document as YAML, which is not served.
    [
        '/@nestjs/swagger/',
        'js-yaml'
    ]
];
/** Something that exists, is loaded already, and has none of the missing parts' functions. */ const standIn = 'node:events';
/** What `@nestjs/swagger` imports of a library that it loads as a whole, in 430 modules. */ const library = 'es-toolkit/compat';
const used = 'assign clone cloneDeep compact find flatMap flatten get groupBy head identity isArray isEmpty isEqual isFunction isNil ' + 'isString isUndefined keyBy map mapValues merge negate omit omitBy pick pickBy some unionWith uniq';
export function trimPackages() {
    registerHooks({
        resolve (specifier, context, next) {
            const { parentURL = '' } = context;
            if (specifier === library && parentURL.includes('/@nestjs/swagger/')) return next(usedOf(parentURL), context);
            const isUnused = unused.some(([loader, part])=>specifier === part && parentURL.includes(loader));
            return next(isUnused ? standIn : specifier, context);
        }
    });
}
/** A module that exports the used functions, each from the module of its own that the library has for it. */ function usedOf(parentURL) {
    const { resolve } = createRequire(parentURL);
    const exported = used.split(' ').map((name)=>{
        const { href } = pathToFileURL(resolve(`${library}/${name}`));
        return `export { default as ${name} } from ${JSON.stringify(href)};`;
    });
    return `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
}

//# sourceMappingURL=trim-packages.js.map