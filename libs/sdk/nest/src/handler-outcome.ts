import { type ArgumentsHost } from '@nestjs/common';
import { BaseRpcExceptionFilter } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { TidemarkBatchContext, TidemarkContext } from './tidemark-context.ts';

/**
 * Waits for what a handler returned: a value, a promise, or an observable until it completes, whatever it emits. Rejects with what
 * the handler and everything around it ultimately throw; see keepFailures. An exception filter that answers without throwing has
 * dealt with the error, as a catch around the handler would have: the message counts as handled.
 */
export async function handlerOutcome(returned: unknown): Promise<void> {
  const result = await returned;
  // To the end even when nobody needs the values: an observable that is left early leaves its handler running.
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}

let kept = false;

/**
 * Nest's own filter, the last one behind those of the application, replaces an error by `{ status: 'error', message: 'Internal
 * server error' }`: whoever delivers could tell that a handler failed, and not why. For our contexts, and only for those, it
 * passes the error on as it is. In a process with two copies of @nestjs/microservices the other one keeps its way, in
 * which a failure is still a failure. There is no place in Nest where a strategy could say this.
 */
export function keepFailures(): void {
  if (kept) return;
  kept = true;
  const filter = BaseRpcExceptionFilter.prototype;
  // oxlint-disable-next-line typescript/unbound-method -- called with the filter that it was called on
  const original = filter.catch;
  filter.catch = function keepFailure(exception: unknown, host: ArgumentsHost): Observable<never> {
    const ours = host
      .getArgs<unknown[]>()
      .some((arg) => arg instanceof TidemarkContext || arg instanceof TidemarkBatchContext);
    return ours ? throwError(() => exception) : (original.call(this, exception, host) as Observable<never>);
  };
}
