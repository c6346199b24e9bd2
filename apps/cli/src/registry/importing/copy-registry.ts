import { CommandError, Interrupted } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { phaseProgress } from '../../output/phase-progress.ts';
import type { Terminal } from '../../terminal.ts';
import { inParallel } from '../in-parallel.ts';
import { readRegistry } from '../reading/read-registry.ts';
import { type RegistrySnapshot, requireContexts } from '../reading/registry-snapshot.ts';
import type { RegistryClient } from '../registry-client.ts';
import { DEFAULT_CONTEXT, parseSubjectName, printSubjectName } from '../subject-name.ts';
import { checksum } from './checksum.ts';
import { ImportMode } from './import-mode.ts';
import { type CopyPlan, isComplete, planCopy } from './plan-copy.ts';
import { runSteps } from './run-steps.ts';
import { compareSnapshots, type ReadBack, readBack } from './verify-copy.ts';
import { applySettings, registerCopy, softDelete } from './write-copy.ts';

export interface CopyOptions {
  readonly source: RegistryClient;
  readonly target: RegistryClient;
  /** Only these; undefined: all that the source has. */
  readonly contexts: readonly string[] | undefined;
  /** Requests at a time. */
  readonly concurrency: number;
  /** Copy although the target has other subjects in these contexts. */
  readonly merge: boolean;
  readonly dryRun: boolean;
}

export interface CopyReport {
  readonly contexts: number;
  readonly subjects: number;
  readonly versions: number;
  readonly registered: number;
  readonly softDeleted: number;
  readonly settingsChanged: number;
  /** Undefined after a dry run. */
  readonly verified: (ReadBack & { readonly checksumThere: string; readonly checksumHere: string }) | undefined;
}

/**
 * Makes the target hold all that the source holds, and reads everything back from both. Can be repeated, also after it was
 * interrupted: what is there already stays untouched. Modes that stand in the way are set back at the end whatever happens.
 * Throws CommandError with every obstacle before it changes anything.
 */
export async function copyRegistry(terminal: Terminal, options: CopyOptions): Promise<CopyReport> {
  const { source, target, concurrency } = options;
  const there = await readRegistry(source, terminal, { contexts: options.contexts, concurrency, name: 'the source' });
  requireContexts(options.contexts, there);
  const readTarget = (): Promise<RegistrySnapshot> => readTargetOf(target, terminal, there, concurrency);
  const here = await readTarget();
  const plan = planCopy(there, here);
  refuseObstacles(plan, options);
  const report = {
    contexts: there.contexts.length,
    subjects: new Set(there.versions.map(({ subject }) => subject)).size,
    versions: there.versions.length,
    registered: plan.registrations.length,
    softDeleted: plan.deletions.length,
    settingsChanged: plan.settings.length,
  };
  if (options.dryRun) return { ...report, verified: undefined };
  if (!isComplete(plan)) await carryOut(terminal, options, { there, here, plan, readTarget });
  return { ...report, verified: await verify(terminal, options, there, readTarget) };
}

interface Situation {
  readonly there: RegistrySnapshot;
  readonly here: RegistrySnapshot;
  readonly plan: CopyPlan;
  readonly readTarget: () => Promise<RegistrySnapshot>;
}

async function carryOut(terminal: Terminal, options: CopyOptions, situation: Situation): Promise<void> {
  const { target, concurrency } = options;
  const { there, here, readTarget } = situation;
  const plan =
    situation.plan.registrations.length === 0
      ? situation.plan
      : await inImportMode(terminal, target, async (mode) => {
          // Entering IMPORT mode removes what was soft-deleted for good, so that more may be missing now.
          const removed = await open(mode, situation.plan, here);
          const now = removed ? planCopy(there, await readTarget()) : situation.plan;
          refuseObstacles(now, options);
          await work(terminal, 'registering', now.registrations.length, (counted) =>
            runSteps(
              now.registrations,
              concurrency,
              counted((version) => registerCopy(target, version)),
            ),
          );
          return now;
        });
  await work(terminal, 'deleting', plan.deletions.length, (counted) =>
    runSteps(
      plan.deletions,
      concurrency,
      counted((version) => softDelete(target, version)),
    ),
  );
  await work(terminal, 'settings', plan.settings.length, (counted) =>
    inParallel(
      plan.settings,
      concurrency,
      counted((change) => applySettings(target, change)),
    ),
  );
}

/** Sets the modes back whatever happens. What went wrong first is what is thrown. */
async function inImportMode<T>(
  terminal: Terminal,
  target: RegistryClient,
  run: (mode: ImportMode) => Promise<T>,
): Promise<T> {
  const mode = new ImportMode(target);
  let result: T;
  try {
    result = await run(mode);
  } catch (error) {
    await mode.restore().catch((failure: CommandError) => terminal.note(`${failure.message}\n  ${failure.remedy}`));
    throw error;
  }
  await mode.restore();
  return result;
}

/** Puts every context that gets something into IMPORT mode. True when that may have removed something. */
async function open(mode: ImportMode, plan: CopyPlan, here: RegistrySnapshot): Promise<boolean> {
  const own = new Map(here.settings.map((settings) => [settings.place, settings.mode]));
  const subjects = new Set(plan.registrations.map(({ version }) => version.subject));
  const contexts = new Set([...subjects].map((subject) => parseSubjectName(subject).context));
  let removed = false;
  for (const context of contexts) {
    const inside = here.versions.filter(({ subject }) => parseSubjectName(subject).context === context);
    const place = context === DEFAULT_CONTEXT ? '' : printSubjectName({ context, subject: '' });
    await mode.enter(place, { force: inside.length > 0 });
    removed ||= inside.some(({ deleted }) => deleted);
  }
  for (const subject of subjects) {
    const set = own.get(subject);
    if (set !== undefined && set !== 'IMPORT') await mode.lift(subject);
  }
  return removed;
}

/** Wraps the work on one item, so that it is counted when it is done. */
type Counted = <T>(work: (item: T) => Promise<void>) => (item: T) => Promise<void>;

/** A phase with its progress; when it is interrupted, the error says how far it came. */
async function work(
  terminal: Terminal,
  phase: string,
  total: number,
  run: (counted: Counted) => Promise<void>,
): Promise<void> {
  if (total === 0) return;
  const show = phaseProgress(terminal, phase, total);
  let count = 0;
  const counted: Counted = (each) => async (item) => {
    await each(item);
    show((count += 1));
  };
  try {
    await run(counted);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(`stopped while ${phase}, after ${count} of ${total}; the same command goes on from there`);
  } finally {
    terminal.progress('');
  }
}

async function verify(
  terminal: Terminal,
  { source, target, concurrency }: CopyOptions,
  there: RegistrySnapshot,
  readTarget: () => Promise<RegistrySnapshot>,
): Promise<NonNullable<CopyReport['verified']>> {
  const here = await readTarget();
  const onRead = phaseProgress(terminal, 'reading every id back from both:');
  const back = await readBack({ source, target }, there.versions, { concurrency, onRead });
  terminal.progress('');
  const copied = new Set(there.versions.map(({ subject }) => subject));
  const shown = {
    guids: there.versions.every(({ guid }) => guid !== undefined),
    times: there.versions.every(({ ts }) => ts !== undefined),
  };
  return {
    ...back,
    differences: [...compareSnapshots(there, here), ...back.differences],
    checksumThere: checksum(there.versions, shown),
    checksumHere: checksum(
      here.versions.filter(({ subject }) => copied.has(subject)),
      shown,
    ),
  };
}

/** The part of the target that the copy is about: the contexts of the source, and the settings of its places. */
async function readTargetOf(
  target: RegistryClient,
  terminal: Terminal,
  there: RegistrySnapshot,
  concurrency: number,
): Promise<RegistrySnapshot> {
  return readRegistry(target, terminal, {
    contexts: there.contexts,
    concurrency,
    name: 'the target',
    places: there.settings.map(({ place }) => place),
  });
}

const SHOWN_MAX = 20;

function refuseObstacles(plan: CopyPlan, { merge }: CopyOptions): void {
  if (plan.obstacles.length > 0) {
    const shown = plan.obstacles.slice(0, SHOWN_MAX);
    const more = plan.obstacles.length - shown.length;
    const lines = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `\n  ${line}`).join('');
    throw new CommandError(EXIT.FAILED, `the source cannot be copied as it is:${lines}`, {
      remedy: 'Copy into a registry, or with --context a context, that has nothing of its own; or mend the source.',
    });
  }
  if (merge || plan.foreign.length === 0 || plan.registrations.length === 0) return;
  const names = plan.foreign.slice(0, 5).join(', ');
  throw new CommandError(
    EXIT.FAILED,
    `this registry has ${plan.foreign.length} subjects that the source does not have (${names}${plan.foreign.length > 5 ? ', …' : ''})`,
    {
      remedy:
        'With --merge they stay beside the copy; registrations of others are refused while it runs, and what is ' +
        'soft-deleted among them is removed for good.',
    },
  );
}
