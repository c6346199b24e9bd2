import { runSchedule } from './schedule.ts';

/** Runs seeds one after the other and prints the first that fails: node --conditions=source run-seeds.ts <from> <count> */
const [from = 1, count = 100] = process.argv.slice(2).map(Number);
let failed = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const started = Date.now();
  console.error(`seed ${seed}`);
  const outcome = await runSchedule(seed);
  if (Date.now() - started > 3_000) console.log(`seed ${seed} took ${Date.now() - started} ms`);
  if (outcome.story.length === 0) continue;
  failed += 1;
  console.log(`seed ${seed}`, outcome.differences.slice(0, 3), outcome.stuck.slice(0, 4));
  if (count === 1) console.log(outcome.story.join('\n'));
}
console.log(`${failed} of ${count} failed`);
process.exit(0);
