import type { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';

/** What is wrong with one field of a request; `field` is a path such as `body.partitions`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

const NAMED_MAX = 20;

function pathOf(root: string, path: readonly PropertyKey[]): string {
  return [root, ...path.map(String)].filter((part) => part !== '').join('.');
}

/** The problems that zod found in one part of a request; an unknown field is named itself, not its parent. */
export function fieldProblems(root: string, issues: readonly z.core.$ZodIssue[]): FieldProblem[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: pathOf(root, [...issue.path, key]), message: 'no such field' }))
      : [{ field: pathOf(root, issue.path), message: issue.message }],
  );
}

/** REQUEST_INVALID for the given problems (at least one), naming at most twenty of them. */
export function requestInvalid(problems: readonly FieldProblem[]): TidemarkError {
  const named = problems
    .slice(0, NAMED_MAX)
    .map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const rest = problems.length > NAMED_MAX ? [`and ${problems.length - NAMED_MAX} more`] : [];
  const fields = problems.slice(0, NAMED_MAX).map(({ field }) => field);
  return new TidemarkError('REQUEST_INVALID', [...named, ...rest].join('; '), {
    context: { fields: fields.join(', ') },
  });
}
