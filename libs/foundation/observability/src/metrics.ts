import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricOptions<L extends string> {
  /** Without the prefix: `sequencer_messages_total` becomes `tidemark_sequencer_messages_total`. */
  readonly name: string;
  readonly help: string;
  /** Their values must come from a bounded set: never ids, keys or paths as sent. */
  readonly labels?: readonly L[];
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds in the unit of the metric. Default: 1 ms to 10 s, in seconds. */
  readonly buckets?: readonly number[];
}

export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** Called at each scrape to set the value; must be quick and must not throw. */
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The metrics of one process, without any global. Asking twice for a name gives the same metric, so that services that
 * share a process can share a registry.
 */
export class Metrics {
  readonly registry: Registry;

  constructor(options: { readonly processMetrics?: boolean; readonly registry?: Registry } = {}) {
    this.registry = options.registry ?? new Registry();
    if (options.processMetrics ?? true) collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = never>(options: MetricOptions<L>): Counter<L> {
    return this.#once(Counter<L>, options.name, (name) => new Counter<L>(this.#config(name, options)));
  }

  gauge<L extends string = never>(options: GaugeOptions<L>): Gauge<L> {
    const { collect } = options;
    return this.#once(Gauge<L>, options.name, (name) => {
      return new Gauge<L>({
        ...this.#config(name, options),
        ...(collect && {
          collect(this: Gauge<L>) {
            return collect(this);
          },
        }),
      });
    });
  }

  histogram<L extends string = never>(options: HistogramOptions<L>): Histogram<L> {
    const buckets = [...(options.buckets ?? SECONDS)];
    return this.#once(
      Histogram<L>,
      options.name,
      (name) => new Histogram<L>({ ...this.#config(name, options), buckets }),
    );
  }

  /** All metrics in Prometheus' text format. */
  async render(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  #config<L extends string>(name: string, options: MetricOptions<L>) {
    return { name, help: options.help, labelNames: [...(options.labels ?? [])], registers: [this.registry] };
  }

  #once<M>(kind: abstract new (...parameters: never[]) => M, name: string, create: (name: string) => M): M {
    const prefixed = `tidemark_${name}`;
    const existing: unknown = this.registry.getSingleMetric(prefixed);
    if (existing === undefined) return create(prefixed);
    if (existing instanceof kind) return existing;
    throw new Error(`metric ${prefixed} exists already as another kind`);
  }
}

/** The metrics of a registry that somebody else has made and serves, such as an application's; adds nothing by itself. */
export function metricsOf(registry: Registry): Metrics {
  return new Metrics({ registry, processMetrics: false });
}

/** A registry of its own with the usual metrics of the process (CPU, memory, event loop) unless turned off. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  return new Metrics(options);
}
