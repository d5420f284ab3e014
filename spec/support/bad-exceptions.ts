/** What an option may make by mistake instead of an error. */
export const noErrors: Record<string, () => unknown> = {
  nothing: () => undefined,
  null: () => null,
  text: () => 'Log in!',
  'a number': () => 401,
  'an object': () => ({ httpCode: 200 }),
  'a promise of an error': () => Promise.resolve(new Error('later')),
};

/** What an error may say as its `httpCode`, and is the status of no answer. */
export const noStatuses: Record<string, unknown> = {
  missing: undefined,
  null: null,
  zero: 0,
  'of two digits': 99,
  'that of an interim answer': 199,
  'the first above all classes': 600,
  'of four digits': 1000,
  'a fraction': 401.5,
  NaN: Number.NaN,
  text: '401',
};

/** What an error may have as its `headers`, and cannot be sent. */
export const noHeaders: Record<string, unknown> = {
  'with a line break in a value': { 'X-Reason': 'a\r\nSet-Cookie: b=c' },
  'with a character no value can have': { 'X-Reason': 'Ł' },
  'with a space in a name': { 'X Reason': 'a' },
  'without a value': { 'X-Reason': undefined },
  'that are text': 'X-Reason: a',
  'that are a list': ['X-Reason: a'],
  'that are the Headers of fetch': new Headers({ 'X-Reason': 'a' }),
  'that are a Map': new Map([['X-Reason', 'a']]),
  'that are null': null,
};
