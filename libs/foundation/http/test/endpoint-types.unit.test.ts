import { Controller, Get } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { Endpoint, endpoint, Input, type InputOf, zOffset } from '../src/index.ts';
import { endpointSpecOf } from '../src/endpoint.ts';

const spec = endpoint({
  summary: 'Read',
  role: 'viewer',
  query: z.object({ offset: zOffset }),
  response: z.strictObject({ offset: z.string() }),
});

// `npm run typecheck` fails when one of the lines below it expects an error and there is none.
@Controller('typed')
class TypedController {
  @Get('good')
  @Endpoint(spec)
  good(@Input() input: InputOf<typeof spec>): { offset: string } {
    const offset: bigint = input.query.offset;
    // @ts-expect-error the spec has no body
    const body: string = input.body;
    return { offset: `${offset}${body}` };
  }

  @Get('bigint')
  // @ts-expect-error 64-bit numbers are sent as text
  @Endpoint(spec)
  bigint(): { offset: bigint } {
    return { offset: 1n };
  }

  @Get('nothing')
  // @ts-expect-error the documented answer is missing
  @Endpoint(spec)
  nothing(): void {}
}

test('a spec stays with its handler', () => {
  expect(endpointSpecOf(Reflect.get(TypedController.prototype, 'good'))).toBe(spec);
  expect(endpointSpecOf(() => undefined)).toBeUndefined();
});
