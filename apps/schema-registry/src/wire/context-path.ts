const PREFIX = '/contexts/';
/** A name that has its context already, or asks for all of them. */
const QUALIFIED = /^:(\.|\*:)/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The router refuses what cannot be decoded, in its own words.
    return text;
  }
}

const qualify = (prefix: string, name: string): string => (QUALIFIED.test(decoded(name)) ? name : prefix + name);

/**
 * How names of a context begin, from the context's name in a path: `.` or nothing for the default one, `:.a:` for `a`, `.a`
 * and `:.a:`. Undefined for a name that has a colon inside.
 */
export function contextPrefix(name: string): string | undefined {
  const bare = name.replace(/^:(\..*):$/, '$1');
  if (bare.includes(':')) return undefined;
  const dotted = bare.startsWith('.') ? bare : `.${bare}`;
  return dotted === '.' ? '' : `:${dotted}:`;
}

// The segments that follow `subjects` and `deks`, and a `config` or `mode` at the very beginning, are names.
function rewritePath(segments: readonly string[], prefix: string): string[] {
  const rewritten = segments.map((segment, index) => {
    const before = segments[index - 1];
    const isName =
      before === 'subjects' || before === 'deks' || (index === 1 && (before === 'config' || before === 'mode'));
    // A slash at the end is no name.
    const isEnd = segment === '' && index === segments.length - 1;
    return isName && !isEnd ? qualify(prefix, segment) : segment;
  });
  const [first, second] = segments;
  if ((first === 'config' || first === 'mode') && (second ?? '') === '')
    return prefix === '' ? [first] : [first, prefix];
  return rewritten;
}

function rewriteQuery(path: string, query: URLSearchParams, method: string, prefix: string): void {
  if (path.startsWith('schemas/ids')) {
    query.set('subject', qualify(prefix, query.get('subject') ?? ''));
  } else if (path === 'schemas' || path === 'subjects' || path.startsWith('dek-registry/v1/keks')) {
    const prefixes = query.getAll('subjectPrefix');
    query.delete('subjectPrefix');
    for (const one of prefixes.length === 0 ? [''] : prefixes) query.append('subjectPrefix', qualify(prefix, one));
  } else if (path.startsWith('associations') && ['POST', 'PUT', 'PATCH'].includes(method)) {
    query.set('context', prefix);
  }
}

/**
 * A request below `/contexts/{context}/` as the same request at the root with its names qualified by the context:
 * `/contexts/a/subjects/s/versions` is `/subjects/:.a:s/versions`. All other URLs stay as they are, and so does one whose
 * context has a colon in its name. `url` is path and query as they were sent.
 */
export function withoutContextPath(url: string, method: string): string {
  if (!url.startsWith(PREFIX)) return url;
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const [name = '', ...segments] = path.slice(PREFIX.length).split('/');
  const prefix = contextPrefix(decoded(name));
  if (prefix === undefined || segments.filter((segment) => segment !== '').length === 0) return url;
  const rewritten = rewritePath(segments, prefix).join('/');
  const query = new URLSearchParams(queryAt === -1 ? '' : url.slice(queryAt + 1));
  rewriteQuery(segments.join('/').replace(/\/$/, ''), query, method, prefix);
  const search = query.toString();
  return `/${rewritten}${search === '' ? '' : `?${search}`}`;
}

/**
 * A path with the empty subject, which is a legal one, as a path that a router can match: `/subjects//versions` is
 * `/subjects/:.:/versions`, the empty name in the default context.
 */
export function withEmptySubjectNamed(url: string): string {
  if (!url.includes('/subjects//')) return url;
  return url.replace(/^([^?]*\/subjects\/)(?=\/)/, '$1:.:');
}

/** The name of the context of a path that was not rewritten because the name has a colon; undefined for all other paths. */
export function misnamedContext(path: string): string | undefined {
  const [name, ...segments] = path.startsWith(PREFIX) ? path.slice(PREFIX.length).split('/') : [];
  if (name === undefined || segments.length === 0) return undefined;
  return contextPrefix(decoded(name)) === undefined ? decoded(name) : undefined;
}
