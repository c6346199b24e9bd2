import { styleText } from 'node:util';
import { explanation } from '../../output/explanation.ts';
import { indentJson } from '../../output/indent-json.ts';
import { changedLines, diffLines } from '../../output/line-diff.ts';
import { printable } from '../../output/printable.ts';
import type { FolderContents, FolderSchema } from '../folder/parse-folder.ts';
import type { PlanAnswer, PlannedItemAnswer } from './plan-answers.ts';

export interface PlanTextOptions {
  readonly colour: boolean;
  /** Unchanged lines around a change. */
  readonly context: number;
}

type Outcome = PlannedItemAnswer['outcome'];

const SIGN: Readonly<Record<Outcome, string>> = {
  UNCHANGED: ' ',
  NEW_SUBJECT: '+',
  NEW_VERSION: '~',
  REFUSED: '!',
  SKIPPED: '!',
};
const COLOUR: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  '+': 'green',
  '~': 'yellow',
  '!': 'red',
  '-': 'red',
};

/** What a plan would do or did, for people: per subject what is new, the lines that change, or why it is refused. */
export function planText(folder: FolderContents, plan: PlanAnswer, options: PlanTextOptions): string[] {
  const lines = plan.items.flatMap((item, index) => itemLines(folder.schemas[index]!, item, options));
  const configs = plan.configs.flatMap((change) => configLines(change, options));
  return [...lines, ...configs, summary(plan)];
}

/** The counts of a plan in one line. */
export function summary({ items, configs, applied }: PlanAnswer): string {
  const count = (...outcomes: Outcome[]): number => items.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const refused = count('REFUSED', 'SKIPPED');
  const changes =
    `${count('NEW_SUBJECT')} new subjects, ${count('NEW_VERSION')} new versions, ${configs.length} configs, ` +
    `${count('UNCHANGED')} unchanged`;
  if (refused > 0) return `${changes}, ${refused} refused: nothing can be applied`;
  return applied ? `applied: ${changes}` : `plan: ${changes}`;
}

/** Whether applying the plan would change anything. */
export function changesAnything({ items, configs }: PlanAnswer): boolean {
  return configs.length > 0 || items.some(({ outcome }) => outcome === 'NEW_SUBJECT' || outcome === 'NEW_VERSION');
}

export function isRefused({ items }: PlanAnswer): boolean {
  return items.some(({ outcome }) => outcome === 'REFUSED' || outcome === 'SKIPPED');
}

function itemLines(schema: FolderSchema, item: PlannedItemAnswer, options: PlanTextOptions): string[] {
  if (item.outcome === 'UNCHANGED') return [];
  const sign = SIGN[item.outcome];
  const head = `${sign} ${printable(item.subject)}  ${headOf(item)}  (${printable(schema.path)})`;
  return [coloured(head, sign, options), ...bodyOf(item, options)];
}

function headOf(item: PlannedItemAnswer): string {
  const { outcome, version, refusal } = item;
  if (outcome === 'NEW_SUBJECT') return 'new subject';
  if (outcome === 'NEW_VERSION') return `new version ${version}: ${verdictOf(item)}`;
  return `${outcome === 'REFUSED' ? 'refused' : 'not tried'} (${refusal?.errorCode})`;
}

function verdictOf({ previous, compatibilityLevel: level = 'BACKWARD' }: PlannedItemAnswer): string {
  if (level === 'NONE' || previous === undefined) return `not compared (${level})`;
  return `goes with ${level.endsWith('_TRANSITIVE') ? 'all versions' : `version ${previous.version}`} (${level})`;
}

function bodyOf(item: PlannedItemAnswer, options: PlanTextOptions): string[] {
  if (item.refusal !== undefined) {
    const { differences, message } = item.refusal;
    return explanation(differences, [message]).map((line) => `  ${line}`);
  }
  if (item.previous === undefined || item.schema === undefined) return [];
  const lines = diffLines(readable(item.previous.schema), readable(item.schema));
  const changed = changedLines(lines, options.context).map((line) => coloured(printable(line), line[0]!, options));
  // The texts are the same where only references, metadata or rules changed.
  return changed.length > 0
    ? changed.map((line) => `    ${line}`)
    : ['    the same text; references, metadata or rules differ'];
}

function configLines({ subject, before, after }: PlanAnswer['configs'][number], options: PlanTextOptions): string[] {
  const text = (config: object): string => JSON.stringify(config, null, 2);
  const lines = changedLines(diffLines(text(before), text(after)), 0).filter((line) => !line.startsWith('  …'));
  return [
    coloured(`~ config of ${subject === '' ? 'the registry' : printable(subject)}`, '~', options),
    ...lines.map((line) => `    ${coloured(printable(line), line[0]!, options)}`),
  ];
}

function coloured(text: string, sign: string, { colour }: PlanTextOptions): string {
  const style = COLOUR[sign];
  return colour && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
}

const readable = (schema: string): string => indentJson(schema) ?? schema;
