import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from '#libs/foundation/config';
import { parseBootstrapServers } from './bootstrap-servers.ts';

const path = z.string().min(1, 'expected a path').max(4_096);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable');
const inline = (name: string): string =>
  `secrets are not written into this file; name a file with ${name}File or an environment variable with ${name}Env`;

/** A secret is named by its file or by its variable. */
const secret = <const Name extends string>(name: Name, what: string) =>
  ({
    [`${name}File`]: path.optional().describe(`File with ${what}; read at each use, its last line break is dropped.`),
    [`${name}Env`]: variable.optional().describe(`Environment variable with ${what}.`),
  }) as Record<`${Name}File`, z.ZodOptional<typeof path>> & Record<`${Name}Env`, z.ZodOptional<typeof variable>>;

const tls = z
  .strictObject({
    caFile: path
      .optional()
      .describe('PEM file of the authorities that sign the brokers. Default: those of the system.'),
    certFile: path.optional().describe('PEM file of our certificate with its chain, for mutual TLS.'),
    keyFile: path.optional().describe('PEM file of its private key.'),
    ...secret('keyPassword', 'the password of the private key'),
    serverName: z
      .string()
      .min(1)
      .refine((name) => isIP(name) === 0, 'expected a host name: addresses are not sent as server names')
      .optional()
      .describe("Name expected in the brokers' certificates. Default: the host that is dialled."),
    verify: z.boolean().default(true).describe('Whether certificates are verified; false is for experiments only.'),
  })
  .meta({ instead: { keyPassword: inline('keyPassword') } })
  .superRefine((given, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (given.certFile !== undefined && given.keyFile === undefined) wrong('certFile', 'needs keyFile beside it');
    if (given.keyFile !== undefined && given.certFile === undefined) wrong('keyFile', 'needs certFile beside it');
    const passwords = [given.keyPasswordFile, given.keyPasswordEnv].filter((source) => source !== undefined);
    if (passwords.length > 0 && given.keyFile === undefined)
      wrong('keyFile', 'is required where its password is given');
    if (passwords.length > 1) wrong('keyPasswordFile', 'set either keyPasswordFile or keyPasswordEnv, not both');
  });

const sasl = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'])
      .describe('`plain` sends the password as it is: use it with tls only.'),
    username: z.string().min(1).optional().describe('plain and scram: the user.'),
    ...secret('password', 'the password of the user'),
    ...secret('token', 'a token that something else renews (oauthbearer)'),
    tokenUrl: z
      .url({ protocol: /^https?$/, error: 'expected an https URL' })
      .refine((text) => URL.canParse(text) && new URL(text).username === '', 'expected a URL without credentials')
      .refine(
        (text) => !text.startsWith('http:') || (URL.canParse(text) && isLoopback(new URL(text).hostname)),
        'expected an https URL: the client secret is sent there',
      )
      .optional()
      .describe('oauthbearer: where tokens are had for client credentials (OAuth 2.0, RFC 6749 section 4.4).'),
    clientId: z.string().min(1).optional().describe('oauthbearer with tokenUrl: our client id there.'),
    ...secret('clientSecret', 'the secret of the client'),
    scope: z.string().min(1).optional().describe('oauthbearer with tokenUrl: the scopes asked for.'),
    extensions: z
      .record(z.string().regex(/^[A-Za-z]+$/, 'expected letters'), z.string())
      .optional()
      .describe('oauthbearer: SASL extensions, such as `logicalCluster`.'),
  })
  .meta({
    instead: { password: inline('password'), token: inline('token'), clientSecret: inline('clientSecret') },
  })
  .superRefine((given, context) => {
    for (const [key, message] of saslProblems(given)) context.addIssue({ code: 'custom', path: [key], message });
  });

export type SaslSection = z.output<typeof sasl>;
export type TlsSection = z.output<typeof tls>;

const USER_KEYS = ['username', 'passwordFile', 'passwordEnv'] as const;
const CLIENT_KEYS = ['clientId', 'clientSecretFile', 'clientSecretEnv', 'scope'] as const;
const TOKEN_KEYS = ['tokenFile', 'tokenEnv', 'tokenUrl', ...CLIENT_KEYS, 'extensions'] as const;

function saslProblems(given: SaslSection): [key: string, message: string][] {
  const oauth = given.mechanism === 'oauthbearer';
  const foreign = (oauth ? USER_KEYS : TOKEN_KEYS).filter((key) => given[key] !== undefined);
  return [
    ...foreign.map((key): [string, string] => [key, `does not go with mechanism ${given.mechanism}`]),
    ...(oauth ? tokenProblems(given) : userProblems(given)),
  ];
}

function userProblems({ username, passwordFile, passwordEnv }: SaslSection): [string, string][] {
  const problems: [string, string][] = [];
  if (username === undefined) problems.push(['username', 'is required']);
  if ((passwordFile === undefined) === (passwordEnv === undefined)) {
    problems.push(['passwordFile', 'set either passwordFile or passwordEnv']);
  }
  return problems;
}

function tokenProblems(given: SaslSection): [string, string][] {
  const sources = [given.tokenFile, given.tokenEnv, given.tokenUrl].filter((source) => source !== undefined);
  if (sources.length !== 1) return [['tokenUrl', 'set one of tokenUrl, tokenFile and tokenEnv']];
  if (given.tokenUrl === undefined) {
    return CLIENT_KEYS.filter((key) => given[key] !== undefined).map((key) => [key, 'goes with tokenUrl only']);
  }
  const problems: [string, string][] = [];
  if (given.clientId === undefined) problems.push(['clientId', 'is required with tokenUrl']);
  if ((given.clientSecretFile === undefined) === (given.clientSecretEnv === undefined)) {
    problems.push(['clientSecretFile', 'set either clientSecretFile or clientSecretEnv']);
  }
  return problems;
}

const servers = z.string().transform((text, context) => {
  const parsed = parseBootstrapServers(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

const wholeMs = (min: number, max: number) => z.number().int().min(min).max(max);

/** How a cluster is reached, as keys of a section of a configuration file. */
export const connectionShape = {
  bootstrapServers: servers.describe('`host:port,host:port`: brokers to ask first.').meta({ type: 'string' }),
  clientId: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,200}$/, 'expected 1 to 200 letters, digits, . _ or -')
    .default('tidemark')
    .describe("Our name in the brokers' logs and quotas."),
  tls: tls.optional().describe('Present: connections use TLS; `{}` is enough where the system knows the authority.'),
  sasl: sasl.optional().describe('Present: connections authenticate.'),
  connectTimeoutMs: wholeMs(100, 120_000).default(10_000).describe('Longest wait for a connection, in ms.'),
  requestTimeoutMs: wholeMs(1_000, 300_000)
    .default(30_000)
    .describe('An answer that takes longer counts as lost, in ms.'),
};

const connectionSection = z.strictObject(connectionShape);
export type ConnectionSection = z.output<typeof connectionSection>;
