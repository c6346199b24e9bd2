import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { frames, withLength } from './frames.ts';
import { ProxyLink } from './proxy-link.ts';
import type { Action, Frame, Rule } from './rule.ts';

const ANSWER_MS = 10_000;

/** A broker and the port of its door that the proxy stands before. */
export interface ProxiedBroker {
  readonly broker: number;
  readonly port: number;
}

/**
 * Stands between clients and the brokers of a cluster, one port for each broker, and applies rules to every request and
 * answer: with none, everything passes.
 */
export class KafkaProxy {
  readonly #targets = new Map<number, { brokerPort: number; server: Server }>();
  readonly #links = new Set<ProxyLink>();
  readonly #repeating = new Set<Promise<void>>();
  #rules: readonly Rule[] = [];
  readonly #failures: unknown[] = [];
  #connections = 0;
  #blocked = false;

  static async start(brokers: readonly ProxiedBroker[]): Promise<KafkaProxy> {
    const proxy = new KafkaProxy();
    for (const { broker, port } of brokers) await proxy.#listen(broker, port);
    return proxy;
  }

  /** Where clients find the broker. */
  portOf(broker: number): number {
    return (this.#target(broker).server.address() as AddressInfo).port;
  }

  /** Asks the rule about every frame from now on, after those that were added before: the first answer counts. Returns its removal. */
  addRule(rule: Rule): () => void {
    // Replaced rather than changed: a rule may remove itself while all of them are being asked.
    this.#rules = [...this.#rules, rule];
    return () => {
      this.#rules = this.#rules.filter((each) => each !== rule);
    };
  }

  /** Takes the action on the next frame that matches, once; resolves with the frame as soon as it has come. */
  next(matches: (frame: Frame) => boolean, action?: Action): Promise<Frame> {
    return new Promise((resolve) => {
      const remove = this.addRule((frame) => {
        if (!matches(frame)) return undefined;
        remove();
        resolve({ ...frame, bytes: Buffer.from(frame.bytes) });
        return action;
      });
    });
  }

  clearRules(): void {
    this.#rules = [];
  }

  /** Closes all connections; new ones work. */
  cutAll(): void {
    for (const link of this.#links) link.cut();
  }

  /** Nobody gets through: connections are closed, new ones too, until `unblock`. */
  block(): void {
    this.#blocked = true;
    this.cutAll();
  }

  unblock(): void {
    this.#blocked = false;
  }

  /**
   * Delivers a request again as it was, on a connection of its own, and resolves with the broker's answer: what a request
   * that was long under way does when it arrives at last. Rejects when the broker closes the connection or takes 10 s.
   */
  async deliverAgain(frame: Frame): Promise<Buffer> {
    const socket = connect({ host: '127.0.0.1', port: this.#target(frame.broker).brokerPort, noDelay: true });
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`broker ${frame.broker} has not answered`)));
    try {
      socket.write(withLength(frame.bytes));
      for await (const answer of frames(socket as AsyncIterable<Buffer>)) return answer;
      throw new Error(`broker ${frame.broker} has closed the connection without an answer`);
    } finally {
      socket.destroy();
    }
  }

  /** Closes everything. Throws what a rule has thrown. */
  async stop(): Promise<void> {
    this.#blocked = true;
    const links = [...this.#links];
    this.cutAll();
    await Promise.all([...links.map((link) => link.closed), ...this.#repeating]);
    for (const { server } of this.#targets.values()) {
      server.close();
      await once(server, 'close');
    }
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'the proxy of a test failed');
  }

  async #listen(broker: number, brokerPort: number): Promise<void> {
    const server = createServer((client) => {
      if (this.#blocked) {
        client.on('error', () => undefined);
        client.resetAndDestroy();
        return;
      }
      const link = new ProxyLink({
        client,
        broker,
        brokerPort,
        connection: (this.#connections += 1),
        judge: (frame) => this.#judge(frame),
        repeat: (frame, times, afterMs) => this.#repeat(frame, times, afterMs),
      });
      this.#links.add(link);
      void link.closed.catch((error: unknown) => this.#failures.push(error)).finally(() => this.#links.delete(link));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#targets.set(broker, { brokerPort, server });
  }

  #judge(frame: Frame): Action | undefined {
    for (const rule of this.#rules) {
      const action = rule(frame);
      if (action !== undefined) return action;
    }
    return undefined;
  }

  #repeat(frame: Frame, times: number, afterMs: number): void {
    const copy = { ...frame, bytes: Buffer.from(frame.bytes) };
    for (let time = 0; time < times; time += 1) {
      const repeating: Promise<void> = pause(afterMs)
        .then(() => this.deliverAgain(copy))
        // A broker that is down takes no repetition either.
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => this.#repeating.delete(repeating));
      this.#repeating.add(repeating);
    }
  }

  #target(broker: number): { brokerPort: number; server: Server } {
    const target = this.#targets.get(broker);
    if (target === undefined) throw new Error(`the proxy knows no broker ${broker}`);
    return target;
  }
}
