import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assert } from '#libs/foundation/kernel';
import type { EndpointInput } from './endpoint-input.ts';
import { requestStateOf } from './request-state.ts';

/** Gives a handler its checked request. */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext): EndpointInput => {
  const input = requestStateOf(context.switchToHttp().getRequest<FastifyRequest>())?.input;
  assert(
    input !== undefined,
    `${context.getClass().name}.${context.getHandler().name} takes @Input() but has no @Endpoint()`,
  );
  return input;
});
