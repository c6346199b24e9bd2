import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { compare } from '../rounds.ts';
import { EMIT_BYTES, runTransactions } from './business-transaction.ts';
import { addBacklog, closeHistory, type History, makeHistory, sequenceAgain } from './history-database.ts';
import { PAGE, readNewest, readPlaces, streamPlaces } from './read-history.ts';

const SHORT_HISTORY = 100_000;
const NEWEST = 90_000;
const TURNS = 16;
const PLACES = 50;
const AT_LEAST = 0.9;

/**
 * Row 7: the same work on a database with a long history and on one with a short one, in turns on the same server. Every
 * message of the history is in the log.
 */
export const withHistory: Measurement = {
  name: 'history',
  run: async (bench, found) => {
    const histories: History[] = [];
    try {
      histories.push(await makeHistory(bench, bench.options.history), await makeHistory(bench, SHORT_HISTORY));
      const [long, short] = histories as [History, History];
      for (const compareOne of [compareNewest, comparePlaces, compareTransactions, compareBacklogs]) {
        found(await compareOne(bench, long, short));
      }
    } finally {
      for (const history of histories) await closeHistory(history);
    }
  },
};

function common(bench: Bench): { row: string; rounds: number; atLeast: number; serverPid: number | undefined } {
  return { row: '7', rounds: bench.options.rounds, atLeast: AT_LEAST, serverPid: bench.server.pid };
}

const label = (long: History, short: History): string =>
  `${long.messages.toLocaleString('en')} messages of history vs ${short.messages.toLocaleString('en')}`;

/** Row 4 with history: the newest records, as many on either side. */
function compareNewest(bench: Bench, long: History, short: History): Promise<Finding> {
  return compare({
    ...common(bench),
    what: `read the newest ${NEWEST.toLocaleString('en')} records, ${label(long, short)}`,
    unit: 'records',
    measured: () => readNewest(long, NEWEST),
    floor: () => readNewest(short, NEWEST),
    details: { page: PAGE },
  });
}

/** Far back the pages come from the disk or its cache, on whichever way: so against streaming at random places too. */
function comparePlaces(bench: Bench, long: History): Promise<Finding> {
  return compare({
    row: '7b',
    what: `read pages at ${PLACES} random places, ${long.messages.toLocaleString('en')} messages of history, vs streaming there`,
    unit: 'records',
    rounds: bench.options.rounds,
    measured: () => readPlaces(long, PLACES),
    floor: () => streamPlaces(long, PLACES),
    serverPid: bench.server.pid,
    details: { page: PAGE, places: PLACES },
  });
}

function compareTransactions(bench: Bench, long: History, short: History): Promise<Finding> {
  const ms = (bench.options.seconds * 1000) / TURNS;
  return compare({
    ...common(bench),
    turns: TURNS,
    what: `transaction with emit, ${label(long, short)}`,
    unit: 'tx',
    measured: () => runTransactions(long.clients, EMIT_BYTES, ms),
    floor: () => runTransactions(short.clients, EMIT_BYTES, ms),
    details: { connections: long.clients.length },
  });
}

async function compareBacklogs(bench: Bench, long: History, short: History): Promise<Finding> {
  await addBacklog(long);
  await addBacklog(short);
  return compare({
    ...common(bench),
    what: `outbox to log, ${label(long, short)}`,
    unit: 'messages',
    measured: () => sequenceAgain(long),
    floor: () => sequenceAgain(short),
    details: { backlog: long.last - long.sequenced },
  });
}
