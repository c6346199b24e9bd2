import { GLOBAL_CONTEXT, type QualifiedSubject } from '../names/qualified-subject.ts';
import type { ConfigRecord, Mode } from '../registry.ts';

/** What is set at the places that count for a subject, the nearest first: itself, its context, everything. */
export interface Scope {
  readonly subject: Level;
  readonly context: Level;
  readonly global: Level;
}
export interface Level {
  readonly config?: ConfigRecord;
  readonly mode?: Mode;
}

/** What a registry applies where nothing is set. */
export interface ServerDefaults {
  /** Default BACKWARD. */
  readonly compatibilityLevel: string;
  /** Default READWRITE. */
  readonly mode: Mode;
}
export const SERVER_DEFAULTS: ServerDefaults = { compatibilityLevel: 'BACKWARD', mode: 'READWRITE' };

/** Places settings that were read by the context and subject that they are of. */
export function scopeOf(
  { context, subject }: QualifiedSubject,
  configs: readonly { context: string; subject: string; config: ConfigRecord }[],
  modes: readonly { context: string; subject: string; mode: Mode }[],
): Scope {
  const level = (context: string, subject: string): Level => ({
    config: configs.find((each) => each.context === context && each.subject === subject)?.config,
    mode: modes.find((each) => each.context === context && each.subject === subject)?.mode,
  });
  return {
    subject: subject === '' ? {} : level(context, subject),
    context: level(context, ''),
    global: context === GLOBAL_CONTEXT ? {} : level(GLOBAL_CONTEXT, ''),
  };
}

/** Config field by field, each from the nearest place that sets it. A named context inherits nothing from the default one. */
export function configInScope(scope: Scope, defaults: ServerDefaults): ConfigRecord {
  return {
    compatibilityLevel: defaults.compatibilityLevel,
    ...withoutAlias(scope.global.config),
    ...withoutAlias(scope.context.config),
    ...scope.subject.config,
  };
}

/**
 * The mode that applies: the nearest one, except that a READONLY_OVERRIDE or FORWARD further out wins over what subjects say.
 */
export function modeInScope(scope: Scope, defaults: ServerDefaults): Mode {
  for (const { mode } of [scope.global, scope.context]) {
    if (mode === 'READONLY_OVERRIDE' || mode === 'FORWARD') return mode;
  }
  return scope.subject.mode ?? scope.context.mode ?? scope.global.mode ?? defaults.mode;
}

/** Another name is the other name of one subject. */
function withoutAlias(config: ConfigRecord | undefined): ConfigRecord {
  const { alias: _, ...inherited } = config ?? {};
  return inherited;
}

/** Whether a registration may get metadata or rules that the client did not send. */
export function addsToSchemas(config: ConfigRecord): boolean {
  return (
    config.defaultMetadata !== undefined ||
    config.overrideMetadata !== undefined ||
    config.defaultRuleSet !== undefined ||
    config.overrideRuleSet !== undefined
  );
}

/** What is set for exactly the place that a scope was read for. */
export function ownLevel({ subject }: QualifiedSubject, scope: Scope): Level {
  return subject === '' ? scope.context : scope.subject;
}
