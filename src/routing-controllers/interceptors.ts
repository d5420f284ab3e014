import { getMetadataArgsStorage } from 'routing-controllers';
import { type Class, ControllerMetadata } from '../authorization/controller-metadata';
import { interceptorsOf } from './inherited-metadata';

/**
 * Registers routes with the interceptors that their controllers inherit. routing-controllers puts the interceptors of a
 * route together before it calls its driver, and looks for them in the controller's own class alone. So it is given
 * those of the whole class chain meanwhile; the registration is synchronous, and the stored metadata is not changed.
 */
export function withInheritedInterceptors(register: () => void): void {
  const storage = getMetadataArgsStorage();
  const original = storage.filterInterceptorUsesWithTargetAndMethod;
  const isOwn = Object.hasOwn(storage, 'filterInterceptorUsesWithTargetAndMethod');
  let metadata: ControllerMetadata | undefined;
  storage.filterInterceptorUsesWithTargetAndMethod = (target: Class, method: string) => {
    metadata ??= new ControllerMetadata(storage); // controllers that are given as globs are loaded by now
    const { chain, classes, inherits } = metadata.chainOf(target);
    if (!inherits) return original.call(storage, target, method);
    return interceptorsOf({ classes, methods: metadata.membersOf(chain, method) }, method);
  };
  try {
    register();
  } finally {
    if (isOwn) storage.filterInterceptorUsesWithTargetAndMethod = original;
    else Reflect.deleteProperty(storage, 'filterInterceptorUsesWithTargetAndMethod');
  }
}
