import { Controller, Delete, Get, HttpException, Post } from '@nestjs/common';
import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import {
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  serverSentEvents,
  type ServerSentEvent,
  zInt64Text,
  zLimit,
  zOffset,
} from '../../src/index.ts';

const zNote = z.strictObject({ name: z.string(), offset: zInt64Text, by: z.string() }).meta({ id: 'Note' });

const readNote = endpoint({
  summary: 'Read a note',
  role: 'viewer',
  params: z.object({ name: z.string().max(300) }),
  query: z.object({ offset: zOffset.optional(), limit: zLimit({ max: 50, default: 10 }) }),
  headers: z.object({ 'x-color': z.enum(['red', 'blue']).optional() }),
  response: zNote,
  errors: ['TOPIC_UNKNOWN'],
});

const createNote = endpoint({
  summary: 'Create a note',
  role: 'operator',
  body: z.object({ name: z.string().min(1), tags: z.array(z.string()).default([]) }),
  response: zNote,
  status: 201,
});

const removeNote = endpoint({ summary: 'Remove a note', role: 'admin', params: z.object({ name: z.string() }) });

const tail = endpoint({ summary: 'Follow the notes', role: 'viewer', stream: true });

/** What the tests watch and steer from outside. */
export interface Controls {
  /** Resolves when a slow request may go on. */
  readonly gate: Promise<void>;
  readonly entered: () => void;
  readonly onAbort: (reason: unknown) => void;
}

export const controls: { current: Controls } = {
  current: { gate: Promise.resolve(), entered: () => undefined, onAbort: () => undefined },
};

@Controller('v1/notes')
export class NotesController {
  @Get('slow')
  @Endpoint({ summary: 'Wait', role: 'viewer', operationId: 'slow', response: z.strictObject({ done: z.boolean() }) })
  async slow(@Input() input: InputOf<typeof removeNote>): Promise<{ done: boolean }> {
    const { gate, entered, onAbort } = controls.current;
    input.signal.addEventListener('abort', () => onAbort(input.signal.reason), { once: true });
    entered();
    await gate;
    return { done: true };
  }

  @Get('fail/:how')
  @Endpoint({
    summary: 'Fail',
    role: 'viewer',
    params: z.object({ how: z.string() }),
    response: zNote,
    errors: ['TOPIC_UNKNOWN'],
  })
  fail(@Input() input: { params: { how: string } }): z.input<typeof zNote> {
    const failures: Record<string, unknown> = {
      known: new TidemarkError('TOPIC_UNKNOWN', 'topic orders does not exist', { context: { topic: 'orders' } }),
      nest: new HttpException('no', 403),
      defect: new Error('select * from secret_table failed at db-host'),
      odd: 'a string',
    };
    throw failures[input.params.how];
  }

  @Get('tail')
  @Endpoint(tail)
  tail(@Input() input: InputOf<typeof tail>) {
    async function* source(): AsyncGenerator<ServerSentEvent> {
      yield { id: '1', event: 'note', data: { text: 'first\nline' } };
      controls.current.entered();
      // Ends only by the signal: a live stream.
      await new Promise<void>((resolve) => input.signal.addEventListener('abort', () => resolve(), { once: true }));
      controls.current.onAbort(input.signal.reason);
    }
    return serverSentEvents(source(), { signal: input.signal, heartbeatMs: 20 });
  }

  @Get('undecorated')
  undecorated(): string {
    return 'nobody said who may read this';
  }

  @Get(':name')
  @Endpoint(readNote)
  read(@Input() input: InputOf<typeof readNote>): z.input<typeof zNote> {
    const { name } = input.params;
    return { name, offset: String((input.query.offset ?? 0n) + BigInt(input.query.limit)), by: input.actor.name };
  }

  @Post()
  @Endpoint(createNote)
  async create(@Input() input: InputOf<typeof createNote>): Promise<z.input<typeof zNote>> {
    input.respond.header('x-tags', String(input.body.tags.length));
    return { name: input.body.name, offset: '0', by: input.actor.name };
  }

  @Delete(':name')
  @Endpoint(removeNote)
  async remove(@Input() input: InputOf<typeof removeNote>): Promise<void> {
    if (input.params.name === 'missing') throw new TidemarkError('TOPIC_UNKNOWN', 'no such note');
  }
}
