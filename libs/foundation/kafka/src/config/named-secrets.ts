import { describeError } from '#libs/foundation/kernel';
import type { ConnectionSection } from './connection-schema.ts';

/** A file or an environment variable that a section names. */
export type NamedSecret = { readonly place: string } & (
  | { readonly file: string; readonly pem?: 'CERTIFICATE' | 'PRIVATE KEY' }
  | { readonly env: string }
);

/** All files and variables of a section, so that a start can say at once which of them are missing. */
export function namedSecrets({ tls, sasl }: Pick<ConnectionSection, 'tls' | 'sasl'>): NamedSecret[] {
  const files: [place: string, file: string | undefined, pem?: 'CERTIFICATE' | 'PRIVATE KEY'][] = [
    ['tls.caFile', tls?.caFile, 'CERTIFICATE'],
    ['tls.certFile', tls?.certFile, 'CERTIFICATE'],
    ['tls.keyFile', tls?.keyFile, 'PRIVATE KEY'],
    ['tls.keyPasswordFile', tls?.keyPasswordFile],
    ['sasl.passwordFile', sasl?.passwordFile],
    ['sasl.tokenFile', sasl?.tokenFile],
    ['sasl.clientSecretFile', sasl?.clientSecretFile],
  ];
  const variables: [place: string, env: string | undefined][] = [
    ['tls.keyPasswordEnv', tls?.keyPasswordEnv],
    ['sasl.passwordEnv', sasl?.passwordEnv],
    ['sasl.tokenEnv', sasl?.tokenEnv],
    ['sasl.clientSecretEnv', sasl?.clientSecretEnv],
  ];
  return [
    ...files.flatMap(([place, file, pem]): NamedSecret[] =>
      file === undefined ? [] : [{ place, file, ...(pem === undefined ? {} : { pem }) }],
    ),
    ...variables.flatMap(([place, env]): NamedSecret[] => (env === undefined ? [] : [{ place, env }])),
  ];
}

/** What is wrong with a named secret at the start of a process, or undefined. The secret itself is never repeated. */
export function secretProblem(
  named: NamedSecret,
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): string | undefined {
  if ('env' in named) {
    const value = environment[named.env];
    return value === undefined || value === '' ? `the environment variable ${named.env} is not set` : undefined;
  }
  let text: string;
  try {
    text = readFile(named.file);
  } catch (error) {
    return `cannot read ${named.file}: ${describeError(error)}; create the file, correct the path, or let this user read it`;
  }
  if (text.trim() === '') return `the file ${named.file} is empty`;
  // Also matches BEGIN RSA PRIVATE KEY and BEGIN ENCRYPTED PRIVATE KEY.
  if (named.pem !== undefined && !new RegExp(`-----BEGIN [A-Z ]*${named.pem}-----`).test(text)) {
    return `the file ${named.file} has no PEM block "BEGIN ${named.pem}"; convert it to PEM, or name another file`;
  }
  return undefined;
}
