declare module 'koa-bodyparser';
