import { DEFAULT_CONTEXT, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { notPermitted } from '../refusals.ts';
import type { Mode } from '../registry.ts';

function refuse(subject: QualifiedSubject, state: string) {
  const context = subject.context === DEFAULT_CONTEXT ? '' : subject.context;
  return notPermitted(`Subject ${printSubject(subject)} in context ${context} is ${state}`);
}

/** Throws 42205 where nothing may be changed. */
export function checkWritable(subject: QualifiedSubject, mode: Mode): void {
  if (mode === 'READONLY' || mode === 'READONLY_OVERRIDE') throw refuse(subject, 'in read-only mode');
  if (mode === 'FORWARD') throw refuse(subject, 'in forward mode');
}

/** Throws 42205 where a registration may not bring an id of its own, or has to. `id` undefined: it brings none. */
export function checkRegistrable(subject: QualifiedSubject, mode: Mode, id: number | undefined): void {
  checkWritable(subject, mode);
  if (id !== undefined && mode !== 'IMPORT') throw refuse(subject, 'not in import mode');
  if (id === undefined && mode === 'IMPORT') throw refuse(subject, 'not in read-write mode');
}
