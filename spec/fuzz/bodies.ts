import type { Random } from '../support/random';
import { PASSWORD, type Target } from './protocol';

export interface FuzzBody {
  readonly bytes: Buffer;
  readonly type: string | undefined;
  /** Whether it has the password or a refresh token. */
  readonly mayLogIn: boolean;
}

const names = ['ada', 'eve', '', 'a'.repeat(5000), '\u0000', '__proto__', 'ada\u00e9'];

function fields(random: Random, { refresh, good, bad }: Target): string[] {
  const password = random.happens(0.5) ? PASSWORD : random.pick(['', 'wrong', 'x'.repeat(100_000), '%', '%ff']);
  const pairs = [
    ['grant_type', random.pick(['password', 'refresh_token', 'client_credentials', '', 'Password'])],
    ['username', random.pick(names)],
    ['password', password],
    ['scope', random.pick(['', 'write', 'write write', 'admin', ' write  ', '\u00e9'])],
    ['refresh_token', random.pick([...refresh, ...bad, good.ada, '', 'x'.repeat(9000)])],
    ['__proto__[admin]', '1'],
    ['constructor', 'x'],
  ];
  const chosen = pairs.filter(() => random.happens(0.7));
  if (random.happens(0.2)) chosen.push(random.pick(pairs));
  return chosen.map(([name = '', value = '']) => `${name}=${random.happens(0.7) ? encodeURIComponent(value) : value}`);
}

const json = [
  '{}',
  '[]',
  'null',
  '"x"',
  '{"a":1}',
  '{bad',
  '{"__proto__":{"admin":true}}',
  '',
  '\ufeff{}',
  `${'['.repeat(20_000)}`,
  '{"a":'.repeat(2000),
];

const boundary = '--X\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n';

const multipart = [`${boundary}--X--\r\n`, boundary, '', '--X--', '--X\r\n\r\n', `${boundary.repeat(3)}--X--`];

const types = {
  form: [
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'APPLICATION/X-WWW-FORM-URLENCODED',
    'application/x-www-form-urlencoded; charset=utf-7',
  ],
  json: [
    'application/json',
    'application/json; charset=utf-16',
    'application/json;charset=x',
    'application/vnd.api+json',
    'text/json',
  ],
  multipart: [
    'multipart/form-data; boundary=X',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=X',
  ],
  other: ['text/plain', 'application/octet-stream', '', 'x', '/', 'application/json, text/plain', '\u00ff'],
};

/** A body of any kind, with a type that fits or not. */
export function anyBody(random: Random, target: Target): FuzzBody {
  const kind = random.pick(['none', 'form', 'form', 'form', 'json', 'multipart', 'noise', 'large'] as const);
  const text = textOf(kind, random, target);
  const fitting = kind in types ? types[kind as keyof typeof types] : types.other;
  const type = random.happens(0.75) ? random.pick(fitting) : random.pick(Object.values(types).flat());
  return {
    bytes: kind === 'noise' ? noiseOf(random) : Buffer.from(text),
    type: kind === 'none' || random.happens(0.05) ? undefined : type,
    mayLogIn: kind === 'form',
  };
}

function textOf(kind: string, random: Random, target: Target): string {
  if (kind === 'form') return fields(random, target).join(random.pick(['&', '&', '&', ';', '&&']));
  if (kind === 'json') return random.pick(json);
  if (kind === 'multipart') return random.pick(multipart);
  if (kind === 'large') return 'a=b&'.repeat(50 + random.below(300_000));
  return '';
}

function noiseOf(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
}
