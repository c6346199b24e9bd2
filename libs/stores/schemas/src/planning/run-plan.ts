import type { Queryable } from '#libs/foundation/postgres';
import { parseSubject } from '../names/qualified-subject.ts';
import { readRegistrationState } from '../postgres/read-registration-state.sql.ts';
import type { Registrar } from '../registering/registrar.ts';
import { RegistryError } from '../registry-error.ts';
import type { ChangeAuthor } from '../registry.ts';
import type { RecordChange, RegistryParts } from '../registry-parts.ts';
import type { ConfigSettings } from '../settings/config-settings.ts';
import { settingsOf } from '../settings/read-settings.ts';
import { findUnchanged } from './find-unchanged.ts';
import { lockPlan } from './lock-plan.ts';
import { orderPlan, type PlanStep } from './order-plan.ts';
import type { PlanItem, PlannedConfig, PlannedItem, PlanRequest, PlanResult } from './plan.ts';

/** What a plan is made of, beside what all of the registry shares. */
export interface PlanParts {
  readonly parts: RegistryParts;
  readonly registrar: Registrar;
  readonly config: ConfigSettings;
}

/**
 * Registers all schemas and sets all configs of a plan in one transaction, in the order of their references. A plan that is
 * only tried does the very same and rolls back, so that it says what applying it would do (ids excepted: they are drawn anew).
 * Apply: all of it, or nothing when one is refused, and then it throws that refusal. Throws 42201 and 42208 for a plan that
 * makes no sense.
 */
export async function runPlan(
  planParts: PlanParts,
  request: PlanRequest,
  { apply }: { readonly apply: boolean },
  by: ChangeAuthor,
): Promise<PlanResult> {
  const steps = orderPlan(request);
  try {
    return await planParts.parts.change(async (tx, record) => {
      await lockPlan(tx, request);
      const run = new PlanRun(planParts, tx, by, request.normalize);
      const configs: PlannedConfig[] = [];
      for (const each of request.configs) {
        const change = await run.configure(each, record);
        if (change !== undefined) configs.push(change);
      }
      for (const step of steps) await run.register(step, request.items);
      const items = request.items.map((_, index) => run.planned.get(index)!);
      if (!apply) throw new Undo({ applied: false, items, configs });
      refuseAny(items);
      return { applied: true, items, configs };
    });
  } catch (error) {
    if (error instanceof Undo) return error.result;
    throw error;
  }
}

/** Rolls a plan back that was only tried. */
class Undo extends Error {
  readonly result: PlanResult;

  constructor(result: PlanResult) {
    super('a plan that is only tried');
    this.result = result;
  }
}

function refuseAny(items: readonly PlannedItem[]): void {
  const refused = items.find(({ outcome }) => outcome === 'REFUSED');
  if (refused?.refusal === undefined) return;
  const { errorCode, message, reasons } = refused.refusal;
  throw new RegistryError(errorCode, `Nothing was applied: ${refused.subject}: ${message}`, { details: { reasons } });
}

/** One run through a plan in its transaction. */
class PlanRun {
  readonly planned = new Map<number, PlannedItem>();
  readonly #planParts: PlanParts;
  readonly #tx: Queryable;
  readonly #by: ChangeAuthor;
  readonly #normalize: boolean;

  constructor(planParts: PlanParts, tx: Queryable, by: ChangeAuthor, normalize: boolean) {
    this.#planParts = planParts;
    this.#tx = tx;
    this.#by = by;
    this.#normalize = normalize;
  }

  /** Sets a config; undefined when that changes nothing. */
  async configure(
    { subject, config }: PlanRequest['configs'][number],
    record: RecordChange,
  ): Promise<PlannedConfig | undefined> {
    const name = subject === '' ? undefined : subject;
    const change = await this.#planParts.config.putIn(this.#tx, record, name, config, this.#by);
    return change === undefined ? undefined : { subject, ...change };
  }

  /** Registers an item, or notes why it cannot be. What it changed before it was refused is undone by itself. */
  async register({ index, targets }: PlanStep, items: readonly PlanItem[]): Promise<void> {
    const item = items[index]!;
    const named = item.version === null || item.version === undefined ? {} : { name: item.version };
    const told = { subject: item.subject, ...named };
    const broken = targets.find((target) => 'item' in target && this.planned.get(target.item)?.version === undefined);
    if (broken !== undefined && 'item' in broken) {
      const message = `It refers to ${items[broken.item]!.subject}, which is refused`;
      this.planned.set(index, { ...told, outcome: 'SKIPPED', refusal: { errorCode: 42_201, message, reasons: [] } });
      return;
    }
    await this.#tx.query('savepoint plan_item');
    try {
      this.planned.set(index, { ...told, ...(await this.#registered(item, targets)) });
      await this.#tx.query('release savepoint plan_item');
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      await this.#tx.query('rollback to savepoint plan_item');
      this.planned.set(index, { ...told, outcome: 'REFUSED', refusal: refusalOf(error) });
    }
  }

  async #registered(item: PlanItem, targets: PlanStep['targets']): Promise<Omit<PlannedItem, 'subject' | 'name'>> {
    const { parts, registrar } = this.#planParts;
    const place = parseSubject(item.subject);
    const before = (await readRegistrationState(this.#tx, place))!;
    const { config, mode } = settingsOf(place, before, parts.defaults);
    const references = targets.map((target, at) => {
      if ('stored' in target) return target.stored;
      const { name, subject } = item.references![at]!;
      return { name, subject, version: this.planned.get(target.item)!.version! };
    });
    const { schemaType, schema, metadata, ruleSet } = item;
    const request = { schemaType, schema, references, metadata, ruleSet };
    const normalize = this.#normalize || config.normalize === true;
    const options = { normalize, format: '', force: false };
    const { compatibilityLevel } = config;
    if (mode !== 'READWRITE') {
      const there = await findUnchanged(this.#tx, parts.library.forTransaction(), place, request, normalize);
      if (there !== undefined) {
        return { outcome: 'UNCHANGED', version: there.version, id: there.id, compatibilityLevel };
      }
    }
    const stored = await registrar.registerIn(this.#tx, item.subject, request, options, this.#by);
    const registered = { version: stored.version, id: stored.id, compatibilityLevel };
    if (stored.version <= before.last) return { outcome: 'UNCHANGED', ...registered };
    const { latest } = before;
    return {
      outcome: before.last === 0 ? 'NEW_SUBJECT' : 'NEW_VERSION',
      ...registered,
      schema: stored.schema,
      ...(latest && { previous: { version: latest.version, schemaType: latest.type, schema: latest.text } }),
    };
  }
}

function refusalOf(error: RegistryError): NonNullable<PlannedItem['refusal']> {
  const { reasons } = error.details as { reasons?: NonNullable<PlannedItem['refusal']>['reasons'] };
  return { errorCode: error.errorCode, message: error.message, reasons: reasons ?? [] };
}
