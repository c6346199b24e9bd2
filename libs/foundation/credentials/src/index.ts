export { addCredential, type NewCredential } from './add-credential.ts';
export { type Credential, type Credentials, parseCredentials } from './credentials.ts';
export { type Role, roleAllows, ROLES } from './role.ts';
export { hashSecret, verifySecret } from './secret-hash.ts';
