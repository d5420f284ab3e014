// In the place of @types/express, which our own declarations must do without.
declare module 'express' {
  interface Server {
    address(): { port: number };
  }
  export default function express(): { listen(port: number, host: string, listening: () => void): Server };
}
