import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Environment, parseDocument } from '#libs/foundation/config';
import {
  namedSecrets,
  parseClusterList,
  readSecretFile,
  SECRET_FILE_BYTES_MAX,
  type SecretAccess,
  secretProblem,
} from '#libs/foundation/kafka';
import { describeError } from '#libs/foundation/kernel';
import { type ClusterConfig, clusterConfigOf } from './cluster-config.ts';
import { clusterSection, clustersFile, type ClusterSection } from './cluster-schema.ts';

export interface LoadedClusters {
  readonly clusters: readonly ClusterConfig[];
  /** Everything that is wrong, each with its place; the clusters are not to be used then. */
  readonly problems: readonly string[];
  /** Environment variables that the file names for secrets, so that they are not taken for unknown settings. */
  readonly variables: readonly string[];
}

export interface LoadClustersOptions {
  /** Reads the clusters file and looks at secrets at the start. Default: from disk. Throws when it cannot. */
  readonly readFile?: (path: string) => string;
  /** Reads secrets when they are used. Default: from disk. */
  readonly readSecret?: SecretAccess['readFile'];
  /** Paths in the environment are relative to it. Default: the working directory. */
  readonly folder?: string;
}

/**
 * The clusters of TIDEMARK_CLUSTERS and TIDEMARK_CLUSTERS_FILE together. Never throws: problems are returned, to be told with
 * those of other settings. Paths in the file are relative to the folder of the file. Secrets are looked at, so that a
 * missing one is known at the start, but not kept: they are read again at each use.
 */
export function loadClusters(environment: Environment, options: LoadClustersOptions = {}): LoadedClusters {
  const readFile = options.readFile ?? readBounded;
  const file = nonEmpty(environment['TIDEMARK_CLUSTERS_FILE']);
  const path = file === undefined ? undefined : resolve(options.folder ?? '.', file);
  const inFile = path === undefined ? NOTHING : sectionsInFile(path, readFile);
  const listed = sectionsInList(environment['TIDEMARK_CLUSTERS'] ?? '', new Set(inFile.sections.keys()));

  const inFolder = (name: string): string => (path === undefined ? name : resolve(dirname(path), name));
  const problems = [...listed.problems, ...inFile.problems];
  const variables: string[] = [];
  for (const [name, section] of inFile.sections) {
    for (const named of namedSecrets(section)) {
      if ('env' in named) variables.push(named.env);
      const found = secretProblem(named, environment, (given) => readFile(inFolder(given)));
      if (found !== undefined) problems.push(`TIDEMARK_CLUSTERS_FILE: clusters.${name}.${named.place}: ${found}`);
    }
  }

  const readSecret = options.readSecret ?? readSecretFile;
  const access: SecretAccess = { environment, readFile: (given) => readSecret(inFolder(given)) };
  const clusters = [...listed.sections, ...inFile.sections].map(([name, section]) =>
    clusterConfigOf(name, section, { place: `clusters.${name}`, access }),
  );
  return { clusters, problems, variables };
}

interface Sections {
  readonly sections: ReadonlyMap<string, ClusterSection>;
  readonly problems: readonly string[];
}

const NOTHING: Sections = { sections: new Map(), problems: [] };

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function sectionsInList(text: string, inFile: ReadonlySet<string>): Sections {
  const sections = new Map<string, ClusterSection>();
  const list = parseClusterList(text);
  const problems = list.problems.map((problem) => `TIDEMARK_CLUSTERS: ${problem}`);
  const { bootstrapServers: _theirs, ...defaults } = clusterSection.parse({ bootstrapServers: 'default:1' });
  for (const { name, bootstrapServers } of list.clusters) {
    if (inFile.has(name))
      problems.push(`TIDEMARK_CLUSTERS: ${name}: TIDEMARK_CLUSTERS_FILE has it as well; name it once`);
    else sections.set(name, { ...defaults, bootstrapServers });
  }
  return { sections, problems };
}

function sectionsInFile(path: string, readFile: (path: string) => string): Sections {
  const problem = (text: string): Sections => ({ ...NOTHING, problems: [`TIDEMARK_CLUSTERS_FILE: ${text}`] });
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return problem(
      `cannot read ${path}: ${describeError(error)}; create it, correct the path, or let this user read it`,
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return problem(`${path} is not JSON${placeIn(error)}`);
  }
  const parsed = parseDocument(clustersFile, document);
  if ('value' in parsed) return { sections: new Map(Object.entries(parsed.value.clusters)), problems: [] };
  return { ...NOTHING, problems: parsed.problems.map((text) => `TIDEMARK_CLUSTERS_FILE: ${text}`) };
}

/** The line and column alone: the rest of the parser's message repeats parts of the file, which could be a secret. */
function placeIn(error: unknown): string {
  const place = /\(line (\d+) column (\d+)\)/.exec(describeError(error));
  return place === null ? '' : `: look at line ${place[1]}, column ${place[2]}`;
}

function readBounded(path: string): string {
  const { size } = statSync(path);
  if (size > SECRET_FILE_BYTES_MAX) throw new Error(`larger than ${SECRET_FILE_BYTES_MAX} bytes`);
  return readFileSync(path, 'utf8');
}
