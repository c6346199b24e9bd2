import { absentController } from './not-supported.ts';

/** Schema Linking of Confluent's enterprise edition; tools list exporters before they offer it. */
export const ExportersController = absentController('exporters', 'Exporters', [
  { method: 'GET', path: '', operationId: 'listExporters', list: true },
  { method: 'POST', path: '', operationId: 'createExporter' },
  { method: 'GET', path: ':name', operationId: 'readExporter' },
  { method: 'PUT', path: ':name', operationId: 'updateExporter' },
  { method: 'DELETE', path: ':name', operationId: 'deleteExporter' },
  { method: 'GET', path: ':name/status', operationId: 'readExporterStatus' },
  { method: 'GET', path: ':name/config', operationId: 'readExporterConfig' },
  { method: 'PUT', path: ':name/config', operationId: 'updateExporterConfig' },
  { method: 'PUT', path: ':name/pause', operationId: 'pauseExporter' },
  { method: 'PUT', path: ':name/resume', operationId: 'resumeExporter' },
  { method: 'PUT', path: ':name/reset', operationId: 'resetExporter' },
]);
