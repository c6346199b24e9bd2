type Turn<T> =
  | { readonly kind: 'opened'; readonly next: IteratorResult<AsyncGenerator<T>> }
  | { readonly kind: 'item'; readonly from: AsyncGenerator<T>; readonly next: IteratorResult<T> };

/**
 * The items of many generators as they come, with at most `atOnce` of them under way: the next one is opened when one has
 * ended. Each is asked for one item at a time, and only as fast as its items are taken. However it ends, all that were opened
 * have ended by then; what the first one throws that fails is thrown.
 */
export async function* interleaved<T>(
  generators: AsyncGenerator<AsyncGenerator<T>>,
  atOnce: number,
): AsyncGenerator<T, void, undefined> {
  const underWay = new Map<AsyncGenerator<T>, Promise<Turn<T>>>();
  let opening: Promise<Turn<T>> | undefined;
  let allOpened = false;
  const ask = (from: AsyncGenerator<T>): void => {
    // At the end of the map: those that answer at once do not keep others waiting.
    underWay.delete(from);
    underWay.set(
      from,
      from.next().then((next) => ({ kind: 'item', from, next })),
    );
  };
  try {
    for (;;) {
      if (!allOpened && underWay.size < atOnce)
        opening ??= generators.next().then((next) => ({ kind: 'opened', next }));
      if (opening === undefined && underWay.size === 0) return;
      const turn = await Promise.race([...(opening === undefined ? [] : [opening]), ...underWay.values()]);
      if (turn.kind === 'opened') {
        opening = undefined;
        if (turn.next.done === true) allOpened = true;
        else ask(turn.next.value);
      } else if (turn.next.done === true) underWay.delete(turn.from);
      else {
        yield turn.next.value;
        ask(turn.from);
      }
    }
  } finally {
    const last = await opening?.catch(() => undefined);
    const opened = last?.kind === 'opened' && last.next.done !== true ? [last.next.value] : [];
    const ends = [...underWay.keys(), ...opened].map((each) => each.return(undefined));
    await Promise.allSettled([...underWay.values(), ...ends, generators.return(undefined)]);
  }
}
