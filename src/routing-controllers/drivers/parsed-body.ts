import type { Action } from 'routing-controllers';

type BodyParser = (request: Action['request'], response: unknown, next: () => void) => void;

/**
 * Skips a body parser if the application has read and parsed the body. The body-parser 1 of routing-controllers looks
 * for a mark that the body-parser 2 of Express 5 does not leave, and would fail on a stream that has ended.
 */
export function unlessParsed(parse: BodyParser): BodyParser {
  return (request, response, next) => {
    if (request.body !== undefined && !request.readable) next();
    else parse(request, response, next);
  };
}
