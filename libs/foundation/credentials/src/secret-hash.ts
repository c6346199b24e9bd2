import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface ScryptParameters {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

const HASH_BYTES = 32;
const DEFAULT: ScryptParameters = { cost: 16_384, blockSize: 8, parallelization: 1 };

function derive(secret: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  const { cost, blockSize, parallelization } = parameters;
  const maxmem = 256 * cost * blockSize;
  return new Promise((resolve, reject) => {
    scrypt(
      secret.normalize('NFKC'),
      salt,
      HASH_BYTES,
      { N: cost, r: blockSize, p: parallelization, maxmem },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    );
  });
}

/**
 * The form in which a password or the secret part of a token stands in the credentials file:
 * `scrypt$cost$blockSize$parallelization$salt$hash`, salt and hash in base64url. Takes about 50 ms and 16 MiB.
 */
export async function hashSecret(secret: string, parameters: Partial<ScryptParameters> = {}): Promise<string> {
  const used = { ...DEFAULT, ...parameters };
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, used);
  return [
    'scrypt',
    used.cost,
    used.blockSize,
    used.parallelization,
    salt.toString('base64url'),
    hash.toString('base64url'),
  ].join('$');
}

interface ParsedHash extends ScryptParameters {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const FORM = /^scrypt\$(\d{1,6})\$(\d{1,2})\$(\d)\$([\w-]{16,128})\$([\w-]{43})$/;

function parse(encoded: string): ParsedHash | undefined {
  const match = FORM.exec(encoded);
  if (match === null) return undefined;
  const [cost, blockSize, parallelization] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Bounds what a mistake in the file can cost per request: at most 128 MiB.
  const powerOfTwo = cost >= 1_024 && cost <= 131_072 && (cost & (cost - 1)) === 0;
  if (!powerOfTwo || blockSize < 1 || blockSize > 8 || parallelization < 1 || parallelization > 4) return undefined;
  return {
    cost,
    blockSize,
    parallelization,
    salt: Buffer.from(match[4]!, 'base64url'),
    hash: Buffer.from(match[5]!, 'base64url'),
  };
}

/** Whether the text has the form that `hashSecret` writes, with parameters that are strong enough and not too costly. */
export function isSecretHash(encoded: string): boolean {
  return parse(encoded) !== undefined;
}

/** Compares in constant time. Without a hash it takes as long and is false, so that names cannot be probed by timing. */
export async function verifySecret(secret: string, encoded: string | undefined): Promise<boolean> {
  const parsed = encoded === undefined ? undefined : parse(encoded);
  const { salt, hash, ...parameters } = parsed ?? {
    ...DEFAULT,
    salt: Buffer.alloc(16),
    hash: Buffer.alloc(HASH_BYTES),
  };
  const derived = await derive(secret, salt, parameters);
  return timingSafeEqual(derived, hash) && parsed !== undefined;
}
