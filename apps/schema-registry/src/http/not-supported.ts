import { Controller, RequestMapping, RequestMethod, type Type } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '#libs/foundation/http';
import { RegistryError } from '#libs/stores/schemas';
import { confluent } from './confluent-endpoint.ts';

/** A route of a part of Confluent's API that this registry does not have. */
export interface AbsentRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base; parameters as `:name`. */
  readonly path: string;
  readonly operationId: string;
  /** Answered with an empty list, which is true: there are none. All others are refused. */
  readonly list?: boolean;
}

const listing = { role: 'viewer', response: z.array(z.string()) } as const;

function define(target: Type, route: AbsentRoute, what: string): void {
  const refuse = (): never => {
    throw new RegistryError(42205, `${what} are not supported by this registry`);
  };
  const handler = route.list === true ? (): string[] => [] : refuse;
  Object.defineProperty(target.prototype, route.operationId, { value: handler, configurable: true, writable: true });
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, route.operationId)!;
  const { operationId } = route;
  const summary = route.list === true ? `List ${what}: there are none` : `Refuse: ${what} are not supported`;
  const spec =
    route.list === true
      ? confluent({ ...listing, summary, operationId })
      : confluent({ summary, description: '42205 always.', role: 'viewer', operationId });
  RequestMapping({ path: route.path, method: RequestMethod[route.method] })(
    target.prototype as object,
    operationId,
    descriptor,
  );
  Endpoint(spec)(target.prototype as object, operationId, descriptor as TypedPropertyDescriptor<() => never>);
}

/** A controller of routes that say clearly, in Confluent's error shape, that they are not supported. */
export function absentController(base: string, what: string, routes: readonly AbsentRoute[]): Type {
  @Controller(base)
  class AbsentController {}
  for (const route of routes) define(AbsentController, route, what);
  return AbsentController;
}
