import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { VERSION } from '#libs/foundation/kernel';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|md|yml|json|sql)$/.test(file) && file !== 'package-lock.json');
const sources = files.filter((file) => file.endsWith('.ts'));
const textOf = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

/** The files for which the rule is broken. */
const breaking = (among: readonly string[], rule: (text: string, file: string) => boolean): string[] =>
  among.filter((file) => rule(textOf(file), file));

describe('the code itself', () => {
  test('no file is longer than 400 lines', () => {
    expect(breaking(sources, (text) => text.split('\n').length > 400)).toEqual([]);
  });

  test('no file or folder is a drawer', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|managers?|misc|shared)(\.|\/)/.test(file))).toEqual(
      [],
    );
  });

  test('nothing is left to be done', () => {
    const left = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''));
    expect(breaking(sources, (text) => left.test(text))).toEqual([]);
  });

  test('only the lifecycle sleeps, and tests wait for conditions', () => {
    const sleepers = breaking(sources, (text) => /setTimeout\(resolve/.test(text));
    expect(sleepers.filter((file) => !/^(libs\/foundation\/(lifecycle|testing)\/|test\/bench\/)/.test(file))).toEqual(
      [],
    );
  });

  test('no text names an absolute path of a machine', () => {
    const path = new RegExp(['/ro', 'ot/|/ho', 'me/[a-z]+/|/wo', 'rk/'].join(''));
    expect(breaking(files, (text) => path.test(text))).toEqual([]);
  });

  test('the version is that of package.json', () => {
    expect((JSON.parse(textOf('package.json')) as { version: string }).version).toBe(VERSION);
  });
});
