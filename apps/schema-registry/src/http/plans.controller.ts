import { Controller, Inject, Post } from '@nestjs/common';
import { Endpoint, endpoint, Input, type InputOf } from '#libs/foundation/http';
import { ANSWER_TYPES } from '../wire/media-types.ts';
import { planRequest, planView, zPlanRequest, zPlanResult } from '../wire/plan-schemas.ts';
import { authorOf } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const plan = endpoint({
  mediaTypes: ANSWER_TYPES,
  summary: 'Say what registering many schemas and setting configs would do',
  description:
    'Not part of Confluent’s API. Everything is tried in one transaction, in the order of the references, and undone: for ' +
    'each schema whether it is new, why it is refused, and what would mend it. References may mean schemas of the plan.',
  role: 'viewer',
  body: zPlanRequest,
  response: zPlanResult,
});
const apply = endpoint({
  mediaTypes: ANSWER_TYPES,
  summary: 'Register many schemas and set configs in one transaction',
  description:
    'Not part of Confluent’s API. The same as a plan, but kept: all of it, or nothing when one schema is refused, with the ' +
    'code of that refusal. Applying the same again changes nothing.',
  role: 'operator',
  body: zPlanRequest,
  response: zPlanResult,
});

@Controller('v1')
export class PlansController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Post('plan')
  @Endpoint(plan)
  async plan(@Input() input: InputOf<typeof plan>) {
    return planView(await this.services.registry.plan(planRequest(input.body), authorOf(input)));
  }

  @Post('apply')
  @Endpoint(apply)
  async apply(@Input() input: InputOf<typeof apply>) {
    return planView(await this.services.registry.applyPlan(planRequest(input.body), authorOf(input)));
  }
}
