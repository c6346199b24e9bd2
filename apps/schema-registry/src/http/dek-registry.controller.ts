import { absentController } from './not-supported.ts';

const kek = ':name';
const dek = ':name/deks/:subject';
const version = `${dek}/versions/:version`;

/** Keys of field-level encryption. Clients ask only when a schema has an ENCRYPT rule. */
export const DekRegistryController = absentController('dek-registry/v1/keks', 'Key encryption keys', [
  { method: 'GET', path: '', operationId: 'listKeks', list: true },
  { method: 'POST', path: '', operationId: 'createKek' },
  { method: 'GET', path: kek, operationId: 'readKek' },
  { method: 'PUT', path: kek, operationId: 'updateKek' },
  { method: 'DELETE', path: kek, operationId: 'deleteKek' },
  { method: 'POST', path: `${kek}/test`, operationId: 'testKek' },
  { method: 'POST', path: `${kek}/undelete`, operationId: 'undeleteKek' },
  { method: 'GET', path: `${kek}/deks`, operationId: 'listDeks' },
  { method: 'POST', path: `${kek}/deks`, operationId: 'createDek' },
  { method: 'GET', path: dek, operationId: 'readDek' },
  { method: 'POST', path: dek, operationId: 'createDekOfSubject' },
  { method: 'DELETE', path: dek, operationId: 'deleteDek' },
  { method: 'GET', path: `${dek}/versions`, operationId: 'listDekVersions' },
  { method: 'GET', path: version, operationId: 'readDekVersion' },
  { method: 'DELETE', path: version, operationId: 'deleteDekVersion' },
  { method: 'POST', path: `${dek}/undelete`, operationId: 'undeleteDek' },
  { method: 'POST', path: `${version}/undelete`, operationId: 'undeleteDekVersion' },
]);
