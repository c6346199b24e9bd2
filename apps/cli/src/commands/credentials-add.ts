import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { NewCredential } from '#libs/foundation/credentials';
import { Interrupted, usageError } from '../command-error.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, jsonOption } from './command-parts.ts';
import { readIfThere, replaceFile } from './credentials-file.ts';

interface AddOptions {
  readonly role: NewCredential['role'];
  readonly kind: NewCredential['kind'];
  readonly file: string;
  readonly generate?: true;
  readonly replace?: true;
  readonly json?: true;
}

const ROLES: readonly NewCredential['role'][] = ['viewer', 'operator', 'admin'];
const SECRET_BYTES = 24;
const PASSWORD_MIN = 8;
/** Checked before anything is asked; a real one takes the time of a hash. */
const HASH_OF_NOTHING = `scrypt$16384$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export function credentialsAddCommand(terminal: Terminal): Command {
  const examples = [
    'credentials add anna --role admin',
    'credentials add billing --kind token --role viewer --generate --file /run/secrets/credentials.json',
  ];
  const description = 'add a user or token to a credentials file; the secret itself is not stored';
  return commandOf('add <name>', description, examples)
    .argument('<name>')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .addOption(
      new Option('--kind <kind>', 'a user has a password, a token is for programs')
        .choices(['user', 'token'])
        .default('user'),
    )
    .addOption(
      new Option('--file <path>', 'the file; TIDEMARK_CREDENTIALS_FILE of the services').default('credentials.json'),
    )
    .option('--generate', 'make a secret instead of asking for one; it is printed once')
    .option('--replace', 'replace the entry of that name')
    .addOption(jsonOption())
    .action(async (name: string, { role, kind, file, ...options }: AddOptions) => {
      const { addCredential, hashSecret } = await import('#libs/foundation/credentials');
      const at = { path: file, replace: options.replace === true };
      const before = await readIfThere(file);
      addCredential(before, { kind, name, role, hash: HASH_OF_NOTHING }, at);
      const generated = options.generate === true || kind === 'token';
      const secret = generated ? randomBytes(SECRET_BYTES).toString('base64url') : await askTwice(terminal, name);
      const changed = addCredential(before, { kind, name, role, hash: await hashSecret(secret) }, at);
      if ((await readIfThere(file)) !== before)
        throw usageError(`${file} was changed meanwhile`, 'Run the command again.');
      await replaceFile(file, changed);
      const presented = kind === 'token' ? `${name}.${secret}` : secret;
      if (options.json) return printJson(terminal, { name, kind, role, file, secret: generated ? presented : null });
      await terminal.print(`added ${kind} ${name} as ${role} to ${file}`);
      if (generated) await terminal.print(`${kind === 'token' ? 'token' : 'password'}, shown only now: ${presented}`);
    });
}

async function askTwice(terminal: Terminal, name: string): Promise<string> {
  const first = await terminal.ask(`Password of ${name}: `, { secret: true });
  if (first === undefined)
    throw usageError('nobody can be asked for a password here', 'Add --generate to have one made.');
  if (terminal.interrupted.aborted) throw new Interrupted('nothing was changed');
  if (first.length < PASSWORD_MIN)
    throw usageError(`a password needs at least ${PASSWORD_MIN} characters; nothing was changed`);
  const second = await terminal.ask('Once more: ', { secret: true });
  if (first !== second) throw usageError('the two differ; nothing was changed');
  return first;
}
