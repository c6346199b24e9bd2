export { serviceUrl, tokenText, userText } from './access-types.ts';
export { checkBind, isLoopback } from './check-bind.ts';
export { clientSettings } from './client-settings.ts';
export { type ConfigSchema, environmentNames, settingMeta, type SettingMeta } from './config-schema.ts';
export { type ConfigRule, type Environment, loadConfig, type LoadConfigOptions } from './load-config.ts';
export { printRedacted, redactConfig } from './print-redacted.ts';
export { type DocumentedApp, renderConfigDocs } from './render-config-docs.ts';
export { flag, integer, type IntegerBounds, milliseconds, port } from './setting-types.ts';
export { databaseSettings, httpSettings, lifecycleSettings, logFormatOf, logSettings } from './shared-settings.ts';
