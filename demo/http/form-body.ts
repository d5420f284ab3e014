import { urlencoded } from 'express';

/** Parses HTML forms; routing-controllers itself parses only JSON and plain text. */
export const formBody = urlencoded({ extended: false, limit: '64kb' });
