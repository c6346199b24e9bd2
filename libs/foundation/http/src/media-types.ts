import { TidemarkError } from '#libs/foundation/kernel';

interface Range {
  readonly type: string;
  readonly quality: number;
}

function rangesOf(accept: string): Range[] {
  return accept.split(',').flatMap((part) => {
    const [type, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (type === undefined || type === '') return [];
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const number = quality === undefined ? 1 : Number(quality);
    return [{ type, quality: Number.isFinite(number) ? number : 0 }];
  });
}

// The more specific a range is, the more it says about a type (RFC 9110, 12.5.1).
function qualityOf(type: string, ranges: readonly Range[]): number {
  const family = `${type.split('/', 1)[0]}/*`;
  for (const name of [type, family, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return range.quality;
  }
  return 0;
}

/** The offered media type that an Accept header likes best; the first of those it likes equally. Undefined: none. */
export function preferredType(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = rangesOf(accept);
  let best: { readonly type: string; readonly quality: number } | undefined;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}

/** As `preferredType`; throws NOT_ACCEPTABLE when there is none. */
export function acceptedType(accept: string | undefined, offered: readonly string[]): string {
  const type = preferredType(accept, offered);
  if (type !== undefined) return type;
  throw new TidemarkError('NOT_ACCEPTABLE', `The answer can be ${offered.join(', ')}, none of which Accept allows.`);
}
