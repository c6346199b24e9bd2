import { Schedule } from './schedule.ts';
const s = new Schedule(Number(process.argv[2]));
try { const o = await s.run(); console.log(o.story.join('\n'), o.differences, o.stuck); } catch (e) {
  console.log(e); console.log(s.simulation.events.slice(-30).join('\n'));
  for (const p of s.simulation.publishers) { if (p.process.dead) continue; console.log(p.process.paused, p.publisher.loops().map(l=>[l.name,l.stepsEnded, l.lastError])); console.log(p.publisher.status()); }
}
process.exit();
