/** The base of a schema that names none. It only has to be hierarchical, so that relative references meet each other. */
export const NO_BASE = 'mem://input/schema';

/** A reference made absolute; what cannot be combined (a relative path on a `urn:`) stays as it is. */
export function resolveUri(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

/** A URI without its fragment, and the fragment without `#` and percent escapes. */
export function splitFragment(uri: string): { readonly document: string; readonly fragment: string } {
  const at = uri.indexOf('#');
  if (at < 0) return { document: uri, fragment: '' };
  const raw = uri.slice(at + 1);
  try {
    return { document: uri.slice(0, at), fragment: decodeURIComponent(raw) };
  } catch {
    return { document: uri.slice(0, at), fragment: raw };
  }
}
