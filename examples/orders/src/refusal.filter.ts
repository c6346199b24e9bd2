import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Refusal, REFUSALS } from './refusal.ts';

/** Answers refusals with their status and code; everything else is left to Nest. */
@Catch(Refusal)
export class RefusalFilter implements ExceptionFilter<Refusal> {
  catch(refusal: Refusal, host: ArgumentsHost): void {
    const status = REFUSALS[refusal.code];
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.code(status).send({ statusCode: status, code: refusal.code, message: refusal.message });
  }
}
