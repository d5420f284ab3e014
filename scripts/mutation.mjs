// Runs the specs against mutants of src, with Stryker, and says which survive. Not a part of .ci/run: it takes long.
//
//   node scripts/mutation.mjs <group or file of src>...
//
// Stryker and its runner are a package of their own, scripts/mutation, which is installed when it is needed. What was found
// about files and specs that have not changed is kept in .build/mutation; the reports are there too.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const home = join(root, 'scripts/mutation');
const results = '.build/mutation';

/** The specs of verified tokens, the quick ones first: a mutant is done with at the first that fails. */
const TOKEN_SPECS = [
  'spec/jwt/{compact-jws,reasons,token-verifier,token-signer,verified-token-cache,scope-claim,signature,claim-options}.spec.ts',
  'spec/compliance/wycheproof',
  'spec/compliance/{rfc-7519,rfc-8725}.spec.ts',
  'spec/jwt/verify-token',
];

/** What decides about requests, by rooms: the files that are mutated, and the specs that must notice. */
const GROUPS = {
  jwt: {
    mutate: ['src/jwt/{verify-token,compact-jws,signature,token-type,verified-token-cache}.ts'],
    specs: TOKEN_SPECS,
  },
  claims: {
    mutate: ['src/jwt/claims/*.ts', 'src/jwt/scope-claim.ts'],
    specs: [
      ...TOKEN_SPECS,
      'spec/jwt/{prototype-pollution,scope-names}.spec.ts',
      'spec/jwt/issuers/{provider-tokens,issuer-options}.spec.ts',
      'spec/manager/settings.spec.ts',
    ],
  },
  keys: { mutate: ['src/jwt/keys/*.ts'], specs: ['spec/jwt/keys', 'spec/jwt/rotation', 'spec/compliance'] },
  authorization: {
    mutate: ['src/authorization/{alternatives,check-policies,check-requirement,requirement,scopes,step-up}.ts'],
    specs: [
      'spec/authorization/{alternatives,check-policies,check-requirement,requirement,step-up}.spec.ts',
      'spec/authorization/{public,route-access,policy,subject}.spec.ts',
      'spec/http-behaviour/{policies,scopes,public-routes,stacked-guards}.spec.ts',
    ],
  },
  routes: {
    mutate: ['src/authorization/{controller-metadata,route-access,route-table,subject,authorizer}.ts'],
    specs: [
      'spec/authorization/{controller-metadata,route-access,route-table,subject,verify,policy,public}.spec.ts',
      'spec/authorization/{authorizer,check-policies,step-up}.spec.ts',
      'spec/authentication/get-current-user.spec.ts',
      'spec/routing-controllers/{routes,checkers,guard-middleware,inherited-guards,inherited-metadata}.spec.ts',
      'spec/http-behaviour/{policies,scopes,public-routes,stacked-guards,resource,changed-method}.spec.ts',
      'spec/http-behaviour/{authenticate,challenges,current,events,causes}.spec.ts',
    ],
  },
  authentication: {
    mutate: ['src/authentication/{api-key,authenticator,introspection,user-resolver}.ts'],
    specs: [
      'spec/authentication',
      'spec/http-behaviour/{authenticate,api-key,scopes,one-authentication,events,cross-origin,cache-control}.spec.ts',
      'spec/http-behaviour/{token-from,token-in-cookie,thrown-reasons,implied-scopes}.spec.ts',
      'spec/sessions/{security-stamp,sliding-renewal,revoked-requests,unavailable-store}.spec.ts',
      'spec/users/{user-cache,loaded-user}.spec.ts',
    ],
  },
  sessions: {
    mutate: ['src/sessions/registry/*.ts'],
    specs: [
      'spec/sessions/registry',
      'spec/sessions/{revoke,revoke-all,session-expiry,refresh-rotation,unrecorded-logins,session-list}.spec.ts',
      'spec/sessions/{cache-messages,security-stamp,sliding-renewal,login-order,refresh-succession}.spec.ts',
    ],
  },
  stores: {
    mutate: ['src/sessions/stores/{check-cache,fail-closed-store,memory-session-store}.ts'],
    specs: ['spec/sessions/stores', 'spec/sessions/{unavailable-store,cache-messages}.spec.ts'],
  },
  http: {
    mutate: ['src/http/{origin-check,trusted-origins,token-extractor}.ts', 'src/http/cookies/cookie-header.ts'],
    specs: [
      'spec/http',
      'spec/http-behaviour/{origin,trusted-origins,split-cookies,token-in-cookie,cookies,token-from}.spec.ts',
    ],
  },
};

const names = process.argv.slice(2);
if (names.length === 0) throw new Error(`name groups, or files of src: ${Object.keys(GROUPS).join(', ')}, all`);

install();
for (const name of names.includes('all') ? Object.keys(GROUPS) : names) mutate(name, groupOf(name));

/** A file is judged by the specs of the group that it is in. */
function groupOf(name) {
  if (GROUPS[name]) return GROUPS[name];
  const folder = dirname(name);
  const group = Object.values(GROUPS).find(({ mutate }) => mutate.some((glob) => glob.startsWith(folder)));
  if (!group || !existsSync(join(root, name))) throw new Error(`${name} is no group and no file of one`);
  return { mutate: [name], specs: group.specs };
}

function install() {
  const lockFile = join(home, 'package-lock.json');
  const installed = join(home, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs) return;
  run('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'], home);
}

function mutate(name, { mutate: files, specs }) {
  const id = name.replaceAll(/\W+/g, '-');
  const config = {
    mutate: files,
    testRunner: 'mocha',
    mochaOptions: { config: 'scripts/mutation/mocha.json', spec: specs.flatMap(alternatives).map(compiled) },
    coverageAnalysis: 'perTest',
    // All mutants are in one build; the specs choose among them.
    buildCommand: 'npx tsc -p tsconfig.json --noCheck',
    tsconfigFile: 'none', // Stryker would read it with TypeScript's API, which version 7 does not have
    ignorePatterns: [
      'dist',
      'coverage',
      'demo',
      'docs',
      'bench/peers',
      '.build/mutation',
      'scripts/mutation/node_modules',
    ],
    ignoreStatic: true,
    incremental: true,
    incrementalFile: `${results}/${id}.incremental.json`,
    tempDirName: `${results}/sandbox-${id}`,
    reporters: ['clear-text', 'progress-append-only', 'json'],
    clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true, skipFull: true },
    jsonReporter: { fileName: `${results}/${id}.json` },
    concurrency: 1,
    timeoutMS: 10_000,
    dryRunTimeoutMinutes: 15,
    thresholds: { high: 95, low: 90, break: null },
    warnings: { slow: false },
  };
  mkdirSync(join(root, results), { recursive: true });
  const file = join(results, `${id}.config.json`);
  writeFileSync(join(root, file), JSON.stringify(config, null, 2));
  run(process.execPath, [join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', file]);
}

/** Mocha takes the commas of a pattern for those of a list. */
function alternatives(path) {
  const [, before, names, after] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? [];
  return names === undefined ? [path] : names.split(',').map((name) => before + name + after);
}

function compiled(path) {
  if (path.endsWith('.ts')) return `.build/${path.replace(/\.ts$/, '.js')}`;
  return path.endsWith('/*') ? `.build/${path}.spec.js` : `.build/${path}/**/*.spec.js`;
}

function run(command, commandArguments, cwd = root) {
  const { status, error } = spawnSync(command, commandArguments, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
