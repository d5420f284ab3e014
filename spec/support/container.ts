import { type IocAdapter, useContainer } from 'routing-controllers';

/** Has routing-controllers use this container in the tests of the suite, and forget it afterwards: it is global. */
export function usingContainer(container: () => IocAdapter): void {
  beforeEach(() => {
    useContainer(container());
  });

  afterEach(() => {
    useContainer(undefined as unknown as IocAdapter);
  });
}
