import type { SchemaRegistry } from '#libs/stores/schemas';

/** What may take a schema away, or change whether it counts as deleted. */
const DELETING = ['register', 'changeTags', 'deleteSubject', 'deleteVersion', 'putMode', 'deleteContext'] as const;

/**
 * The same registry, which tells when one of its changes may have made something untrue that was kept: whoever deletes through
 * this process sees it deleted at once. `onDeleted` is also called when a change fails: it may have been committed.
 */
export function withDeletionsNoticed(registry: SchemaRegistry, onDeleted: () => void): SchemaRegistry {
  return new Proxy(registry, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...input: unknown[]) => Promise<unknown>;
      if (!(DELETING as readonly PropertyKey[]).includes(name)) return method;
      return (...input: unknown[]) => method(...input).finally(onDeleted);
    },
  });
}
