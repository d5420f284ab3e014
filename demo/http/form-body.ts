import { urlencoded } from 'express';

/** Reads what an HTML form posts; routing-controllers alone reads only JSON and plain text. */
export const formBody = urlencoded({ extended: false, limit: '64kb' });
