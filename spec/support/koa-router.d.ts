declare module '@koa/router' {
  export default class Router {
    readonly stack: unknown[];
    get(path: string, handler: () => void): this;
  }
}
